// The figures of one lane. The lane thread counts; any thread reads. All grow for ever, except where stated.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "bus/base/thread_annotations.hpp"

namespace fedmsg::hub {

class LaneCounters {
public:
    std::atomic<std::uint64_t> received{0};  // matched and queued, or read from the journal
    std::atomic<std::uint64_t> attempts{0};  // hand-offs to the consumer
    std::atomic<std::uint64_t> acked{0};
    std::atomic<std::uint64_t> dropped{0};           // by the consumer's own word
    std::atomic<std::uint64_t> retried{0};           // the consumer asked for another attempt
    std::atomic<std::uint64_t> failures{0};          // throws and failures, timers and polls included
    std::atomic<std::uint64_t> failed_for_good{0};   // attempts used up: dead letters
    std::atomic<std::uint64_t> failing_in_a_row{0};  // set to 0 by a success
    std::atomic<std::uint64_t> missed{0};            // lost in gaps
    std::atomic<std::uint64_t> polls{0};
    std::atomic<std::uint64_t> poll_failures_in_a_row{0};  // set to 0 by a success
    std::atomic<double> last_poll{0};                      // seconds since the epoch; 0: never

    static void add(std::atomic<std::uint64_t>& counter, std::uint64_t n = 1) {
        counter.fetch_add(n, std::memory_order_relaxed);
    }

    // Seconds that calls took per message, the last kTimes of them.
    static constexpr std::size_t kTimes = 1024;
    void add_times(double seconds, std::size_t messages);
    // What came since the last call, oldest first. For the one monitoring report.
    std::vector<float> take_times();

private:
    Mutex mutex_;
    std::vector<float> times_ FEDMSG_HUB_GUARDED_BY(mutex_);  // a ring once it is full
    std::size_t next_ FEDMSG_HUB_GUARDED_BY(mutex_) = 0;
};

}  // namespace fedmsg::hub
