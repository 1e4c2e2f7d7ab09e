#include "daemon/dispatch/timer_list.hpp"

namespace fedmsg::hub {

void TimerList::schedule(std::uint64_t id, Clock::Steady due) {
    cancel(id);
    due_of_[id] = due;
    order_.emplace(due, id);
}

bool TimerList::cancel(std::uint64_t id) {
    const auto found = due_of_.find(id);
    if (found == due_of_.end()) return false;
    order_.erase({found->second, id});
    due_of_.erase(found);
    return true;
}

void TimerList::take_due(Clock::Steady now, std::vector<std::uint64_t>& ids) {
    while (!order_.empty() && order_.begin()->first <= now) {
        const auto id = order_.begin()->second;
        ids.push_back(id);
        cancel(id);
    }
}

std::optional<Clock::Steady> TimerList::next_due() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
}

}  // namespace fedmsg::hub
