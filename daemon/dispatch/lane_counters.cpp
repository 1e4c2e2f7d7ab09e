#include "daemon/dispatch/lane_counters.hpp"

#include <algorithm>

namespace fedmsg::hub {

void LaneCounters::add_times(double seconds, std::size_t messages) {
    Lock lock(mutex_);
    for (std::size_t i = 0; i < std::min(messages, kTimes); ++i) {
        const auto value = static_cast<float>(seconds);
        if (times_.size() < kTimes) {
            times_.push_back(value);
        } else {
            times_[next_] = value;
            next_ = (next_ + 1) % kTimes;
        }
    }
}

std::vector<float> LaneCounters::take_times() {
    Lock lock(mutex_);
    std::vector<float> taken;
    std::swap(taken, times_);
    std::rotate(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(next_), taken.end());
    next_ = 0;
    return taken;
}

}  // namespace fedmsg::hub
