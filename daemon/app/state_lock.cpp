#include "daemon/app/state_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace fedmsg::hub {

Status make_directory(const std::string& path) {
    std::error_code error;
    const std::filesystem::path directory(path);
    std::filesystem::create_directories(directory.parent_path(), error);
    if (error) return failure(fmt::format("cannot create {}: {}", directory.parent_path().string(), error.message()));
    if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) return system_failure("cannot create " + path, errno);
    return {};
}

Result<StateLock> StateLock::take(const std::string& directory) {
    const std::string path = directory + "/lock";
    Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!file) return system_failure("cannot open " + path, errno);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(file.get(), F_SETLK, &lock) == 0) return StateLock(std::move(file));
    if (errno != EACCES && errno != EAGAIN) return system_failure("cannot lock " + path, errno);
    lock.l_type = F_WRLCK;
    ::fcntl(file.get(), F_GETLK, &lock);  // only for the holder's number; if it is gone meanwhile, it says 0
    return failure(
        fmt::format("{} is in use by process {}: a hub with this ID is running; stop it, or give this one "
                    "another --instance or state_dir",
                    directory, lock.l_pid));
}

}  // namespace fedmsg::hub
