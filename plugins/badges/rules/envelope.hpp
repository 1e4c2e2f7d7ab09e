// Envelope: one message as the rules see it. Immutable and cheap to copy; any thread.
//
//     const auto envelope = badges::Envelope::from(message);              // of the hub
//     const auto stored = badges::Envelope::from_json(text);              // {"topic": ..., "msg": ..., ...}
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/any.hpp"

namespace badges {

using Names = std::vector<std::string>;

class Texts;

class Envelope {
public:
    // `texts`: the meta layer; where it is null or has no answer, users, packages and agent are what the generic
    // look over the body finds (named_in in texts.hpp). Throw an EvaluationError for what is no message: no object, no
    // topic, nested too deep.
    static Envelope from(const fedmsg_hub::Message& message, const Texts* texts = nullptr);
    static Envelope from_json(std::string_view json, const Texts* texts = nullptr);
    static Envelope from_root(Any root, const Texts* texts = nullptr);

    const Any& root() const noexcept { return data_->root; }  // the whole envelope: what rules call `msg`
    const Any& body() const noexcept { return data_->body; }  // its member "msg"; None if it has none
    const std::string& topic() const noexcept { return data_->topic; }
    // Never empty: a message without one gets the SHA-256 of topic, timestamp, i and canonical body (C1).
    const std::string& msg_id() const noexcept { return data_->msg_id; }
    double timestamp() const noexcept { return data_->timestamp; }  // seconds since the epoch; 0 if it does not say
    std::int64_t i() const noexcept { return data_->i; }
    const std::string& category() const noexcept { return data_->category; }        // fourth part of the topic
    const std::string& environment() const noexcept { return data_->environment; }  // third part
    const std::string& event() const noexcept { return data_->event; }  // the topic after prefix and environment

    // What a history keeps of it for the filter keys users, packages and agents.
    const Names& users() const noexcept { return data_->users; }
    const Names& packages() const noexcept { return data_->packages; }
    const std::optional<std::string>& agent() const noexcept { return data_->agent; }

private:
    struct Data {
        Any root;
        Any body;
        std::string topic, msg_id, category, environment, event;
        double timestamp = 0;
        std::int64_t i = 0;
        Names users, packages;
        std::optional<std::string> agent;
    };
    explicit Envelope(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

    std::shared_ptr<const Data> data_;
};

// The parts of a topic: prefix (two), environment, the rest.
struct TopicParts {
    std::string_view environment;
    std::string_view category;
    std::string_view event;  // everything after the environment; empty if the topic has fewer than four parts
};
TopicParts split_topic(std::string_view topic);

}  // namespace badges
