#include "daemon/dispatch/waiting_list.hpp"

namespace fedmsg::hub {

void WaitingList::add(Attempt attempt, Clock::Steady due) {
    attempts_.emplace(due, std::move(attempt));
    size_.store(attempts_.size(), std::memory_order_relaxed);
}

void WaitingList::take_due(Clock::Steady now, std::size_t max, std::vector<Attempt>& out) {
    while (!attempts_.empty() && attempts_.begin()->first <= now && max-- > 0) {
        out.push_back(std::move(attempts_.begin()->second));
        attempts_.erase(attempts_.begin());
    }
    size_.store(attempts_.size(), std::memory_order_relaxed);
}

std::optional<Clock::Steady> WaitingList::next_due() const {
    if (attempts_.empty()) return std::nullopt;
    return attempts_.begin()->first;
}

}  // namespace fedmsg::hub
