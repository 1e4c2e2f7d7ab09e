// The bounded window of messages in front of one consumer. When it is full the lane lags: nothing more is queued, and
// the lane reads the journal from position() on until it has caught up.
//
// Not thread-safe: guarded by the lane's mutex. The budget is shared by all lanes and is.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "daemon/gate/message.hpp"

namespace fedmsg::hub {

// Bytes of messages that all windows together may hold.
class WindowBudget {
public:
    static constexpr std::size_t kDefaultBytes = std::size_t{64} << 20;

    explicit WindowBudget(std::size_t bytes = kDefaultBytes) : bytes_(bytes) {}
    bool take(std::size_t bytes);
    void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

private:
    const std::size_t bytes_;
    std::atomic<std::size_t> used_{0};
};

class LaneQueue {
public:
    LaneQueue(std::size_t max_messages, std::size_t max_bytes, WindowBudget& budget)
        : max_messages_(max_messages), max_bytes_(max_bytes), budget_(budget) {}
    ~LaneQueue();
    LaneQueue(const LaneQueue&) = delete;
    LaneQueue& operator=(const LaneQueue&) = delete;

    // Queues messages in journal order, or flips to lagging. Those below position() have been read already and are
    // passed over. Returns how many were queued.
    std::size_t push(std::span<const MessagePtr> messages);
    // Moves up to `max` messages to the end of `out`.
    void pop(std::size_t max, std::vector<MessagePtr>& out);

    bool is_empty() const { return messages_.empty(); }
    std::size_t size() const { return messages_.size(); }
    bool is_lagging() const { return lagging_; }
    // The journal offset of the next message that this lane has not been given.
    Offset position() const { return position_; }
    void set_position(Offset position) { position_ = position; }
    // The lane has read the journal up to its end.
    void caught_up() { lagging_ = false; }

private:
    bool fits(std::size_t bytes) const { return messages_.size() < max_messages_ && bytes_ + bytes <= max_bytes_; }
    static std::size_t size_of(const Message& message) { return message.footprint(); }

    const std::size_t max_messages_;
    const std::size_t max_bytes_;
    WindowBudget& budget_;
    std::deque<MessagePtr> messages_;
    std::size_t bytes_ = 0;
    Offset position_{1};
    bool lagging_ = false;
};

}  // namespace fedmsg::hub
