#include "badges/rules/topic_pattern.hpp"

namespace badges {
namespace {

bool is_environment(std::string_view word) {
    return word == "prod" || word == "stg" || word == "dev";
}

}  // namespace

bool ends_with_parts(std::string_view topic, std::string_view ending) {
    if (!topic.ends_with(ending)) return false;
    return topic.size() == ending.size() || topic[topic.size() - ending.size() - 1] == '.';
}

TopicPattern::TopicPattern(std::string pattern) : text_(std::move(pattern)), rest_(text_) {
    const auto first_dot = text_.find('.');
    const TopicParts whole = split_topic(text_);
    if (text_.starts_with("*.")) {
        is_ending_ = true;
        rest_ = text_.substr(2);
    } else if (first_dot != std::string::npos && is_environment(text_.substr(0, first_dot))) {
        environment_ = text_.substr(0, first_dot);
        rest_ = text_.substr(first_dot + 1);
    } else if (is_environment(whole.environment) && !whole.event.empty()) {  // the whole topic, prefix included
        environment_ = whole.environment;
        rest_ = whole.event;
    }
}

bool TopicPattern::matches(const Envelope& message) const {
    if (is_ending_) return ends_with_parts(message.event(), rest_);
    return message.event() == rest_ && (environment_.empty() || environment_ == message.environment());
}

bool TopicPattern::matched_before(std::string_view topic) const {
    return topic.ends_with(text_);
}

TopicWish TopicPattern::wish() const {
    TopicWish wish;
    (is_ending_ ? wish.endings : wish.events).insert(rest_);
    return wish;
}

}  // namespace badges
