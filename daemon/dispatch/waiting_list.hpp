// Messages set aside to be offered again later. Belongs to the lane thread, except size().
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <vector>

#include "bus/base/clock.hpp"
#include "daemon/gate/message.hpp"

namespace fedmsg::hub {

// A message with the number of the attempt that it is offered for.
struct Attempt {
    MessagePtr message;
    std::uint32_t number = 1;
};

class WaitingList {
public:
    void add(Attempt attempt, Clock::Steady due);
    // Moves up to `max` due attempts to the end of `out`, those that were due first in front.
    void take_due(Clock::Steady now, std::size_t max, std::vector<Attempt>& out);
    std::optional<Clock::Steady> next_due() const;
    std::size_t size() const { return size_.load(std::memory_order_relaxed); }

private:
    std::multimap<Clock::Steady, Attempt> attempts_;
    std::atomic<std::size_t> size_{0};
};

}  // namespace fedmsg::hub
