// The journal: the queue between the gate and the lanes. Every admitted message is appended once; a lane that falls
// behind reads it from here at its own pace.
//
// append() belongs to the committer's thread; read(), begin() and end() may be called from any.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bus/base/result.hpp"
#include "daemon/gate/message.hpp"
#include "daemon/journal/offset.hpp"

namespace fedmsg::hub {

// A message as it is stored: its bytes, and what is not in them.
struct Record {
    Offset offset;
    Clock::Wall received;
    std::string_view endpoint;  // the source's text
    std::string topic;
    std::string body;
};

class Journal {
public:
    virtual ~Journal() = default;

    // Gives each message the next offset and stores it.
    virtual Status append(std::span<const MutableMessagePtr> messages) = 0;

    // The oldest offset that is still held, and the one that the next message will get. Equal: nothing is held.
    virtual Offset begin() const = 0;
    virtual Offset end() const = 0;

    // Replaces `records` by those from `from` on, up to `max_records` and about `max_bytes`. Nothing if from == end().
    // If `from` is below begin(), reading starts there: the caller sees the gap in the first record's offset.
    virtual void read(Offset from, std::size_t max_records, std::size_t max_bytes,
                      std::vector<Record>& records) const = 0;
};

}  // namespace fedmsg::hub
