// One message on its way through the hub: the received bytes, untouched, and their one parse.
//
// Made by the gate, then immutable and shared by reference count between the router and the lanes (any thread may read).
// When the last reference goes the record returns to its pool, with its buffers, for the next message.
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
    Offset offset() const { return offset_; }
    Clock::Wall received() const { return received_; }
    std::string_view topic() const { return topic_; }        // frame 1
    std::string_view body() const { return body_; }          // frame 2, exactly as received
    std::string_view endpoint() const { return endpoint_; }  // address it came from
    Verdict verdict() const { return verdict_; }
    const json::Value& root() const { return *root_; }       // always an object with "topic"
    const envelope::Envelope& envelope() const { return envelope_; }
    // True if the body was no object with a topic and has been wrapped.
    bool is_wrapped() const { return wrapped_; }

private:
    friend class MessagePool;
    friend class MessageBuilder;
    friend void intrusive_ptr_add_ref(const Message* message);
    friend void intrusive_ptr_release(const Message* message);

    static constexpr std::size_t kArenaBytes = 16 * 1024;

    mutable std::atomic<std::uint32_t> references_{0};
    MessagePool* pool_ = nullptr;
    Offset offset_{0};
    Clock::Wall received_{};
    std::string bytes_;  // topic and body
    std::string_view topic_, body_, endpoint_;
    Verdict verdict_ = Verdict::unchecked;
    bool wrapped_ = false;
    std::unique_ptr<char[]> arena_;
    std::unique_ptr<json::Pool> memory_;
    std::unique_ptr<json::Document> root_;
    envelope::Envelope envelope_;
};

using MessagePtr = boost::intrusive_ptr<const Message>;

}  // namespace fedmsg::hub
