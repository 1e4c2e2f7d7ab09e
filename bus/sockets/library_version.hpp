// Refuses a libzmq with known holes (KF-118): the one at run time may be older than the one built against. Any thread.
#pragma once

#include "bus/base/result.hpp"

namespace fedmsg::sockets {

struct LibraryVersion {
    int major = 0;
    int minor = 0;
    int patch = 0;

    auto operator<=>(const LibraryVersion&) const = default;
};

// Below it: CVE-2019-6250 (4.3.1), CVE-2019-13132 (4.3.2), CVE-2020-15166 and CVE-2021-20234 to 20237 (4.3.3).
inline constexpr LibraryVersion kOldestLibrary{4, 3, 4};

LibraryVersion library_version();

// An error that names both versions if `version` is too old.
Status check_library_version(LibraryVersion version);
inline Status check_library_version() {
    return check_library_version(library_version());
}

}  // namespace fedmsg::sockets
