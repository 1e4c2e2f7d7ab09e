// Waiting for descriptors, and a descriptor by which other threads end the wait.
#pragma once

#include <poll.h>

#include <chrono>
#include <vector>

#include "bus/base/fd.hpp"

namespace fedmsg::sockets {

class Wake {
public:
    Wake();               // throws std::runtime_error if the process has no descriptor left
    void signal() const;  // any thread
    void clear() const;   // takes back all signals so far; the waiting thread
    int descriptor() const { return event_.get(); }

private:
    Fd event_;
};

// Waits until one of the descriptors can be read (revents are set), the time is over, or a signal handler ran.
void wait_readable(std::vector<pollfd>& items, std::chrono::milliseconds limit);

// The time from now to then: not below zero, rounded up so that it has come when the wait is over.
std::chrono::milliseconds time_until(std::chrono::steady_clock::time_point then,
                                     std::chrono::steady_clock::time_point now);

}  // namespace fedmsg::sockets
