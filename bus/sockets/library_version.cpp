#include "bus/sockets/library_version.hpp"

#include <zmq.h>

#include <string>

static_assert(ZMQ_VERSION >= ZMQ_MAKE_VERSION(4, 3, 4), "libzmq 4.3.4 or newer is needed");

namespace fedmsg::sockets {
namespace {

std::string text_of(LibraryVersion version) {
    return std::to_string(version.major) + "." + std::to_string(version.minor) + "." + std::to_string(version.patch);
}

}  // namespace

LibraryVersion library_version() {
    LibraryVersion version;
    zmq_version(&version.major, &version.minor, &version.patch);
    return version;
}

Status check_library_version(LibraryVersion version) {
    if (version >= kOldestLibrary) return {};
    return failure("libzmq " + text_of(version) + " has security holes that a peer can use; " +
                   text_of(kOldestLibrary) + " or newer is needed: upgrade the package libzmq5");
}

}  // namespace fedmsg::sockets
