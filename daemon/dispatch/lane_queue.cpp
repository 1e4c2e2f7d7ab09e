#include "daemon/dispatch/lane_queue.hpp"

#include <algorithm>

namespace fedmsg::hub {

bool WindowBudget::take(std::size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= bytes_) return true;
    give_back(bytes);
    return false;
}

LaneQueue::~LaneQueue() {
    budget_.give_back(bytes_);
}

std::size_t LaneQueue::push(std::span<const MessagePtr> messages) {
    std::size_t queued = 0;
    for (const auto& message : messages) {
        if (lagging_) break;
        if (message->offset() < position_) continue;
        const std::size_t bytes = size_of(*message);
        if (!fits(bytes) || !budget_.take(bytes)) {
            lagging_ = true;
            position_ = message->offset();
            break;
        }
        messages_.push_back(message);
        bytes_ += bytes;
        position_ = message->offset().next();
        ++queued;
    }
    return queued;
}

void LaneQueue::pop(std::size_t max, std::vector<MessagePtr>& out) {
    std::size_t freed = 0;
    const auto count = static_cast<std::ptrdiff_t>(std::min(max, messages_.size()));
    for (auto it = messages_.begin(); it != messages_.begin() + count; ++it) {
        freed += size_of(**it);
        out.push_back(std::move(*it));
    }
    messages_.erase(messages_.begin(), messages_.begin() + count);
    bytes_ -= freed;
    budget_.give_back(freed);
}

}  // namespace fedmsg::hub
