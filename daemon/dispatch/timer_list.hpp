// One-shot timers of one consumer, by id. Not thread-safe: guarded by the lane's mutex.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "bus/base/clock.hpp"

namespace fedmsg::hub {

class TimerList {
public:
    // An id that is already scheduled moves.
    void schedule(std::uint64_t id, Clock::Steady due);
    bool cancel(std::uint64_t id);
    // Removes those that are due and appends their ids, earliest first.
    void take_due(Clock::Steady now, std::vector<std::uint64_t>& ids);
    std::optional<Clock::Steady> next_due() const;

private:
    std::map<std::uint64_t, Clock::Steady> due_of_;
    std::set<std::pair<Clock::Steady, std::uint64_t>> order_;
};

}  // namespace fedmsg::hub
