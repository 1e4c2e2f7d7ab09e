// What a test gives to the fake host, and what it gets back.
#ifndef FEDMSG_HUB_TESTING_RECORDS_HPP
#define FEDMSG_HUB_TESTING_RECORDS_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../plugin_abi.h"
#include "../sdk/text.hpp"
#include "../sdk/value.hpp"
#include "json_table.hpp"

namespace fedmsg_hub::testing {

// The hub would not run this consumer: describe, the options, validate, create or start failed.
class Refused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What became of one message.
struct Result {
    std::uint64_t token = 0;
    fedmsg_hub_outcome outcome = FEDMSG_HUB_ACK;
    std::chrono::milliseconds delay{0};  // of a retry; 0: as the policy says
    std::string reason;

    bool is_acked() const { return outcome == FEDMSG_HUB_ACK; }
    bool is_dropped() const { return outcome == FEDMSG_HUB_DROP; }
    bool is_retried() const { return outcome == FEDMSG_HUB_RETRY; }
    bool is_later() const { return outcome == FEDMSG_HUB_LATER; }
    bool is_failed() const { return outcome == FEDMSG_HUB_FAIL; }

    static Result of(std::uint64_t token, const fedmsg_hub_result& result) {
        return {token, static_cast<fedmsg_hub_outcome>(result.outcome),
                std::chrono::milliseconds(static_cast<std::int64_t>(result.delay_ms)),
                std::string(detail::view(result.reason))};
    }
};

// What a command of the consumer gave.
struct CommandResult {
    int code = 0;
    std::string out;
    std::string error;
};

struct LogLine {
    fedmsg_hub_level level;
    std::string text;
};

// One message that the consumer published.
struct Published {
    std::string topic;   // relative, as the consumer gave it
    std::string text;    // of "msg": JSON
    std::string msg_id;  // if the consumer gave one
    std::shared_ptr<const Node> node;

    Value msg() const { return {json_functions(), handle_of(node.get())}; }
};

// One message for the consumer. Incoming("org.example.prod.git.receive", R"({"commit": "c0ffee"})").attempt(2)
class Incoming {
public:
    // `msg` is JSON; the rest of the body (msg_id, timestamp, i, username) is made up.
    Incoming(std::string topic, const std::string& msg) : topic_(std::move(topic)), msg_(msg) {}
    // With a body of your own: not an object with a topic? Then it is wrapped, as the hub does.
    static Incoming with_body(std::string topic, std::string body) {
        Incoming incoming(std::move(topic), {});
        incoming.body_ = std::move(body);
        return incoming;
    }

    Incoming& attempt(std::uint32_t attempt) { return attempt_ = attempt, *this; }
    Incoming& endpoint(std::string endpoint) { return endpoint_ = std::move(endpoint), *this; }
    Incoming& verified() { return verdict_ = FEDMSG_HUB_VALID, *this; }
    Incoming& invalid(std::string reason) {
        return verdict_ = FEDMSG_HUB_INVALID_SIGNATURE, verdict_reason_ = std::move(reason), *this;
    }

private:
    friend class Letter;

    std::string topic_;
    std::string msg_;
    std::string body_;
    std::string endpoint_ = "tcp://127.0.0.1:9940";
    std::string verdict_reason_;
    std::uint32_t attempt_ = 1;
    std::uint32_t verdict_ = FEDMSG_HUB_UNCHECKED;
};

// An Incoming in the form that crosses the plugin edge; owns everything that it points to.
class Letter {
public:
    Letter(Incoming incoming, std::uint64_t number, std::int64_t now_ns) : incoming_(std::move(incoming)) {
        if (incoming_.body_.empty()) incoming_.body_ = enveloped(number, now_ns);
        root_ = JsonReader(incoming_.body_).read();
        if (root_.type != Type::object || root_.member("topic") == nullptr) root_ = wrapped(std::move(root_));
        fill(number, now_ns);
    }
    Letter(const Letter&) = delete;
    Letter& operator=(const Letter&) = delete;

    const fedmsg_hub_message* message() const { return &message_; }

private:
    std::string enveloped(std::uint64_t number, std::int64_t now_ns) const {
        std::string topic;
        detail::append_json_string(topic, incoming_.topic_);
        return "{\"i\":" + std::to_string(number) + ",\"msg\":" + incoming_.msg_ + ",\"msg_id\":\"2026-" +
               std::to_string(number) + "\",\"timestamp\":" + std::to_string(now_ns / 1'000'000'000) +
               ",\"topic\":" + topic + ",\"username\":\"tester\"}";
    }
    Node wrapped(Node body) const {
        Node topic;
        topic.type = Type::string;
        topic.text = incoming_.topic_;
        Node root;
        root.type = Type::object;
        root.set("topic", std::move(topic));
        root.set("msg", std::move(body));
        return root;
    }
    fedmsg_hub_text string_member(const char* key) const {
        const Node* node = root_.member(key);
        return node != nullptr ? JsonFunctions::string(handle_of(node)) : fedmsg_hub_text{nullptr, 0};
    }
    void fill(std::uint64_t number, std::int64_t now_ns) {
        const Node* timestamp = root_.member("timestamp");
        const Node* msg = root_.member("msg");
        message_.struct_size = sizeof message_;
        message_.verdict = incoming_.verdict_;
        message_.offset = number;
        message_.token = number;
        message_.attempt = incoming_.attempt_;
        message_.received_ns = now_ns;
        message_.timestamp = timestamp != nullptr ? JsonFunctions::real(handle_of(timestamp)) : 0;
        message_.topic = detail::text(incoming_.topic_);
        message_.msg_id = string_member("msg_id");
        message_.username = string_member("username");
        message_.body = detail::text(incoming_.body_);
        message_.endpoint = detail::text(incoming_.endpoint_);
        message_.verdict_reason = detail::text(incoming_.verdict_reason_);
        message_.root = handle_of(&root_);
        message_.msg = handle_of(msg != nullptr ? msg : &null_);
    }

    Incoming incoming_;
    Node root_;
    Node null_;
    fedmsg_hub_message message_{};
};

}  // namespace fedmsg_hub::testing

#endif
