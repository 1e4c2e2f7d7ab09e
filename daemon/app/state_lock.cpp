#include "daemon/app/state_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

namespace fedmsg::hub {

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
