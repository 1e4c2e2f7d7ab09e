// SIGINT and SIGTERM as an orderly wish to stop: both are blocked and awaited by a thread of this object's own, which
// calls `on_stop` once. Create it before other threads, so that they inherit the mask. SIGINT stays ignored if it was.
// One per process; `requested` may be asked by any thread.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <thread>

namespace fedmsg::cli {

class StopSignal {
public:
    // `on_stop` runs on the waiting thread; it must not block.
    explicit StopSignal(std::function<void()> on_stop);
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    bool requested() const { return requested_; }

private:
    void wait();

    std::function<void()> on_stop_;
    sigset_t signals_{};
    sigset_t earlier_mask_{};
    std::atomic<bool> requested_ = false;
    std::atomic<bool> abandoned_ = false;
    std::thread thread_;
};

}  // namespace fedmsg::cli
