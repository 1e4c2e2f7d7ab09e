// One message on its way through the hub: the received bytes, untouched, and their one parse.
//
// A MessagePool hands out records, the gate fills them, the committer gives them their offset; from then on they are
// immutable and shared by reference count between the router and the lanes (any thread may read). When the last
// reference goes, the record returns to its pool, with its buffers, for the next message.
#pragma once

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bus/base/clock.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/document.hpp"
#include "daemon/journal/offset.hpp"

namespace fedmsg::hub {

enum class Verdict : std::uint8_t { unchecked, valid, invalid };

class MessagePool;

class Message {
public:
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;
    ~Message();

    Offset offset() const { return offset_; }
    Clock::Wall received() const { return received_; }
    std::string_view topic() const { return topic_; }        // frame 1
    std::string_view body() const { return body_; }          // frame 2, exactly as received
    std::string_view endpoint() const { return endpoint_; }  // address it came from; the source's text
    Verdict verdict() const { return verdict_; }
    const json::Value& root() const { return root_; }  // always an object with "topic"
    const envelope::Envelope& envelope() const { return envelope_; }
    // False if the body was no JSON text; root() then holds the text as "msg".
    bool is_json() const { return is_json_; }
    // Memory that the record holds on to: bytes and parse.
    std::size_t footprint() const { return bytes_.capacity() + memory_.Capacity(); }

    // The gate: fills the record by copying the frames, parsing the body and wrapping what is no object with a topic
    // (wire-and-crypto.md 11.1). False if the body is neither JSON nor UTF-8 text. `endpoint` must outlive the record.
    bool fill(std::string_view topic, std::string_view body, std::string_view endpoint, Clock::Wall received);
    // The committer.
    void assign_offset(Offset offset) { offset_ = offset; }

private:
    friend class MessagePool;
    friend void intrusive_ptr_add_ref(const Message* message);
    friend void intrusive_ptr_release(const Message* message);

    explicit Message(MessagePool* pool);
    void clear();

    static constexpr std::size_t kArenaBytes = 6 * 1024;   // holds the parse of most messages
    static constexpr std::size_t kChunkBytes = 16 * 1024;  // what the parse of a larger one grows by

    mutable std::atomic<std::uint32_t> references_{0};
    MessagePool* pool_;
    Offset offset_{};
    Clock::Wall received_{};
    std::string bytes_;  // topic, then body
    std::string_view topic_, body_, endpoint_;
    Verdict verdict_ = Verdict::unchecked;
    bool is_json_ = true;
    std::unique_ptr<char[]> arena_;
    json::Pool memory_;
    json::Document root_;
    envelope::Envelope envelope_;
};

using MutableMessagePtr = boost::intrusive_ptr<Message>;
using MessagePtr = boost::intrusive_ptr<const Message>;

}  // namespace fedmsg::hub
