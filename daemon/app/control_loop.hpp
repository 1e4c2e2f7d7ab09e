// The control thread's loop: signals, and things to do at fixed times. No message passes here, and nothing that a
// consumer does can hold it up (known failure KF-014).
//
// run() blocks its thread until stop(); stop() may be called from any thread, any number of times, before run() too.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace fedmsg::hub {

class ControlLoop {
public:
    ControlLoop();
    ~ControlLoop();

    // SIGTERM and SIGINT stop the loop from now on; SIGHUP calls `on_hangup` on the loop's thread.
    void watch_signals(std::function<void()> on_hangup);

    // Calls `task` on the loop's thread every `period`, for the first time after one. Due times do not drift.
    void every(std::chrono::milliseconds period, std::function<void()> task);

    void run();
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace fedmsg::hub
