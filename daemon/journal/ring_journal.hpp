// The journal of `durability: none`: the last messages in memory, the oldest overwritten by the newest.
#pragma once

#include <deque>

#include "bus/base/thread_annotations.hpp"
#include "daemon/journal/journal.hpp"

namespace fedmsg::hub {

class RingJournal final : public Journal {
public:
    static constexpr std::size_t kDefaultBytes = std::size_t{64} << 20;

    // Memory is reserved at once but taken from the system only as it fills.
    explicit RingJournal(std::size_t bytes = kDefaultBytes);
    ~RingJournal() override;
    RingJournal(const RingJournal&) = delete;
    RingJournal& operator=(const RingJournal&) = delete;

    Status append(std::span<const MutableMessagePtr> messages) override;
    Offset begin() const override;
    Offset end() const override;
    void read(Offset from, std::size_t max_records, std::size_t max_bytes, std::vector<Record>& records) const override;

private:
    struct Entry {
        std::size_t position;  // of the topic in the ring; the body follows
        std::uint32_t topic_bytes;
        std::uint32_t body_bytes;
        Clock::Wall received;
        std::string_view endpoint;
        std::size_t bytes() const { return std::size_t{topic_bytes} + body_bytes; }
    };

    void append_one(const Message& message) FEDMSG_HUB_REQUIRES(mutex_);
    void forget_all(Offset begin) FEDMSG_HUB_REQUIRES(mutex_);
    void make_room(std::size_t bytes) FEDMSG_HUB_REQUIRES(mutex_);

    const std::size_t capacity_;
    char* const memory_;
    mutable Mutex mutex_;
    std::deque<Entry> entries_ FEDMSG_HUB_GUARDED_BY(mutex_);
    Offset begin_ FEDMSG_HUB_GUARDED_BY(mutex_){1};
    std::size_t head_ FEDMSG_HUB_GUARDED_BY(mutex_) = 0;  // where the next message goes
};

}  // namespace fedmsg::hub
