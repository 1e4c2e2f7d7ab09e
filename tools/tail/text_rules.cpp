#include "tools/tail/text_rules.hpp"

#include "bus/base/text.hpp"
#include "bus/json/python_text.hpp"

namespace fedmsg::tools {
namespace {

// The text of a member, empty if it is missing or null.
std::string member(const json::Value* object, std::string_view key) {
    const auto* value = object == nullptr ? nullptr : json::find(*object, key);
    return value == nullptr || value->IsNull() ? "" : json::python_bare(*value);
}

std::string topic_of(const json::Value& message) {
    const auto* topic = json::find(message, "topic");
    return topic == nullptr ? "" : std::string(json::text_of(*topic));
}

// From the fourth dotted word on; the whole topic of a STOMP destination.
std::string title_of(const std::string& topic) {
    if (topic.starts_with("/topic/")) return topic;
    auto words = text::split(topic, '.');
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, words.size())));
    return text::join(words, ".");
}

std::string logger_subtitle(const std::string& topic, const json::Value& message) {
    if (topic.find("logger.log") == std::string::npos) return "<unhandled log message>";
    const auto* msg = json::find(message, "msg");
    const auto* log = msg == nullptr ? nullptr : json::find(*msg, "log");
    const std::string user = json::find(message, "username") == nullptr ? "none" : member(&message, "username");
    return (log == nullptr ? "<custom JSON message>" : json::python_bare(*log)) + " (" + user + ")";
}

Result<Regex> rule(const std::string& topic_prefix_re, const char* name) {
    return Regex::compile("^" + topic_prefix_re + "\\.(" + name + ")(\\.(.*))?$");
}

}  // namespace

Result<TextRules> TextRules::make(const std::string& topic_prefix_re) {
    auto logger = rule(topic_prefix_re, "logger");
    if (!logger) return failure("topic_prefix_re: " + logger.error().text);
    return TextRules(std::move(*logger), rule(topic_prefix_re, "announce").value());
}

MessageText TextRules::text_of(const json::Value& message) const {
    const auto topic = topic_of(message);
    const auto* msg = json::find(message, "msg");
    if (logger_.is_found_in(topic)) return {title_of(topic), logger_subtitle(topic, message), ""};
    if (announce_.is_found_in(topic)) return {title_of(topic), member(msg, "message"), member(msg, "link")};
    return {title_of(topic), "", ""};
}

std::set<std::string> TextRules::users_of(const json::Value& message) const {
    const auto topic = topic_of(message);
    const auto* user = json::find(message, "username");
    if (user == nullptr || !json::is_text(*user)) return {};
    if (!logger_.is_found_in(topic) && !announce_.is_found_in(topic)) return {};
    return {std::string(json::text_of(*user))};
}

std::set<std::string> TextRules::packages_of(const json::Value&) const {
    return {};
}

}  // namespace fedmsg::tools
