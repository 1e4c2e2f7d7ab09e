#include "daemon/journal/ring_journal.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace fedmsg::hub {
namespace {

char* reserve(std::size_t bytes) {
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "reserving the message ring");
    return static_cast<char*>(memory);
}

}  // namespace

RingJournal::RingJournal(std::size_t bytes) : capacity_(bytes), memory_(reserve(bytes)) {}

RingJournal::~RingJournal() {
    ::munmap(memory_, capacity_);
}

Status RingJournal::append(std::span<const MutableMessagePtr> messages) {
    Lock lock(mutex_);
    for (const auto& message : messages) {
        message->assign_offset(Offset{begin_.value + entries_.size()});
        append_one(*message);
    }
    return {};
}

void RingJournal::append_one(const Message& message) {
    const std::size_t bytes = message.topic().size() + message.body().size();
    if (bytes > capacity_) return forget_all(message.offset().next());
    make_room(bytes);
    std::memcpy(memory_ + head_, message.topic().data(), message.topic().size());
    std::memcpy(memory_ + head_ + message.topic().size(), message.body().data(), message.body().size());
    entries_.push_back({head_, static_cast<std::uint32_t>(message.topic().size()),
                        static_cast<std::uint32_t>(message.body().size()), message.received(), message.endpoint()});
    head_ += bytes;
}

// A message larger than the whole ring is not held, nor is anything before it.
void RingJournal::forget_all(Offset begin) {
    entries_.clear();
    begin_ = begin;
    head_ = 0;
}

// A message lies in one piece, so what is left before the end of the memory may stay unused. Entries that the new
// message would overlap are forgotten, the oldest first.
void RingJournal::make_room(std::size_t bytes) {
    if (head_ + bytes > capacity_) {
        while (!entries_.empty() && entries_.front().position >= head_) {
            entries_.pop_front();
            begin_ = begin_.next();
        }
        head_ = 0;
    }
    while (!entries_.empty() && entries_.front().position >= head_ && entries_.front().position < head_ + bytes) {
        entries_.pop_front();
        begin_ = begin_.next();
    }
}

Offset RingJournal::begin() const {
    Lock lock(mutex_);
    return begin_;
}

Offset RingJournal::end() const {
    Lock lock(mutex_);
    return Offset{begin_.value + entries_.size()};
}

void RingJournal::read(Offset from, std::size_t max_records, std::size_t max_bytes,
                       std::vector<Record>& records) const {
    records.clear();
    Lock lock(mutex_);
    std::size_t index = from < begin_ ? 0 : from.value - begin_.value;
    for (std::size_t bytes = 0; index < entries_.size() && records.size() < max_records && bytes < max_bytes; ++index) {
        const Entry& entry = entries_[index];
        const char* at = memory_ + entry.position;
        records.push_back({Offset{begin_.value + index}, entry.received, entry.endpoint,
                           std::string(at, entry.topic_bytes), std::string(at + entry.topic_bytes, entry.body_bytes)});
        bytes += entry.bytes();
    }
}

}  // namespace fedmsg::hub
