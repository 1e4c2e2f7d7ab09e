// The directories of one ID, and the lock that keeps a second process with the same ID out. Held for the life of the
// process; the kernel lets go of it however the process ends.
#pragma once

#include <string>

#include "bus/base/fd.hpp"
#include "bus/base/result.hpp"

namespace fedmsg::hub {

// Creates a directory and its parents, mode 0750 for the last. The error says which and why.
Status make_directory(const std::string& path);

class StateLock {
public:
    // Takes an fcntl lock on DIRECTORY/lock; the error names the process that has it.
    static Result<StateLock> take(const std::string& directory);

private:
    explicit StateLock(Fd file) : file_(std::move(file)) {}
    Fd file_;
};

}  // namespace fedmsg::hub
