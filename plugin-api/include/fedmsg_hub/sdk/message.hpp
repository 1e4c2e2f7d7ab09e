// Message: one message of the bus, as the hub hands it over. A view: it and everything taken from it are valid until
// consume (or consume_batch) returns; copy what is to live longer. Any thread during that time.
#ifndef FEDMSG_HUB_SDK_MESSAGE_HPP
#define FEDMSG_HUB_SDK_MESSAGE_HPP

#include <chrono>
#include <cstdint>
#include <string_view>

#include "text.hpp"
#include "value.hpp"

namespace fedmsg_hub {

enum class Verdict {
    unchecked = FEDMSG_HUB_UNCHECKED,  // nobody asked for validation
    valid = FEDMSG_HUB_VALID,
    invalid = FEDMSG_HUB_INVALID_SIGNATURE  // only seen by consumers that take invalid messages
};

class Message {
public:
    Message(const fedmsg_hub_json* json, const fedmsg_hub_message* message) noexcept : json_(json), message_(message) {}

    std::string_view topic() const noexcept { return detail::view(message_->topic); }
    Value msg() const noexcept { return {json_, message_->msg}; }    // what the sender said
    Value root() const noexcept { return {json_, message_->root}; }  // the whole body: topic, msg, msg_id, i, ...
    std::string_view msg_id() const noexcept { return detail::view(message_->msg_id); }      // empty if it has none
    std::string_view username() const noexcept { return detail::view(message_->username); }  // empty if it has none
    // When it was sent, by the sender's clock: seconds since the epoch; 0 if it does not say.
    double timestamp() const noexcept { return message_->timestamp; }
    // When the hub received it.
    std::chrono::system_clock::time_point received() const noexcept {
        return std::chrono::system_clock::time_point(std::chrono::duration_cast<std::chrono::system_clock::duration>(
            std::chrono::nanoseconds(message_->received_ns)));
    }
    std::string_view body() const noexcept { return detail::view(message_->body); }          // exactly as received
    std::string_view endpoint() const noexcept { return detail::view(message_->endpoint); }  // where it came from
    std::uint64_t offset() const noexcept { return message_->offset; }    // grows with each message of this hub
    std::uint32_t attempt() const noexcept { return message_->attempt; }  // 1 the first time, then 2, 3, ...

    Verdict verdict() const noexcept { return static_cast<Verdict>(message_->verdict); }
    std::string_view verdict_reason() const noexcept { return detail::view(message_->verdict_reason); }

    const fedmsg_hub_message* get() const noexcept { return message_; }

private:
    const fedmsg_hub_json* json_;
    const fedmsg_hub_message* message_;
};

}  // namespace fedmsg_hub

#endif
