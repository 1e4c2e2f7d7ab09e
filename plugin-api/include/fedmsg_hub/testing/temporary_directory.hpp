// A directory for one test, removed with everything in it at the end. One thread.
#ifndef FEDMSG_HUB_TESTING_TEMPORARY_DIRECTORY_HPP
#define FEDMSG_HUB_TESTING_TEMPORARY_DIRECTORY_HPP

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace fedmsg_hub::testing {

class TemporaryDirectory {
public:
    // Below $TMPDIR, else /tmp.
    TemporaryDirectory() : path_((std::filesystem::temp_directory_path() / "fedmsg-hub-plugin.XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error("cannot make a temporary directory like " + path_ + ": is $TMPDIR writable?");
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;  // what cannot be removed stays for the system to clean up
        std::filesystem::remove_all(path_, ignored);
    }

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

}  // namespace fedmsg_hub::testing

#endif
