// The lock that keeps a second process with the same ID out. Held for the life of the
// process; the kernel lets go of it however the process ends.
#pragma once

#include <string>

#include "bus/base/fd.hpp"
#include "bus/base/result.hpp"

namespace fedmsg::hub {

class StateLock {
public:
    // Takes an fcntl lock on DIRECTORY/lock; the error names the process that has it.
    static Result<StateLock> take(const std::string& directory);

private:
    explicit StateLock(Fd file) : file_(std::move(file)) {}
    Fd file_;
};

}  // namespace fedmsg::hub
