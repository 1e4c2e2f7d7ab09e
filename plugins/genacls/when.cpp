#include "genacls/when.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace genacls {
namespace {

using fedmsg_hub::Value;

constexpr std::array<std::string_view, 5> kTests{"equals", "not", "starting", "not_starting", "contains"};

Value at_path(Value value, std::string_view path) {
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        value = value[path.substr(0, dot)];
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    if (value.is_object()) value = value["name"].exists() ? value["name"] : value["username"];
    return value;
}

std::vector<std::string> words_of(Value value, std::string_view key) {
    std::vector<std::string> words;
    if (value.is_string()) words.emplace_back(value.text());
    for (const Value element : value.elements())
        if (element.is_string()) words.emplace_back(element.text());
    if (words.empty())
        throw std::runtime_error("when: " + std::string(key) + " takes a text or a list of texts, not " + value.json());
    return words;
}

bool contains(Value list, const std::vector<std::string>& values) {
    const auto is_wanted = [&](std::string_view text) {
        return std::find(values.begin(), values.end(), text) != values.end();
    };
    if (list.is_string()) {  // a list that is written as one text, as FAS does
        const std::string_view text = list.text();
        return std::any_of(values.begin(), values.end(),
                           [&](const std::string& value) { return text.find(value) != std::string_view::npos; });
    }
    for (const Value element : list.elements())
        if (element.is_string() && is_wanted(element.text())) return true;
    return false;
}

}  // namespace

When::When(Value conditions) {
    if (conditions.exists() && !conditions.is_array())
        throw std::runtime_error("when: expected a list of conditions, not " + conditions.json());
    for (const Value map : conditions.elements()) conditions_.push_back(read(map));
}

When::Condition When::read(Value map) {
    Condition condition;
    for (const auto [key, value] : map.members()) {
        if (key == "topic")
            condition.topic = value.text();
        else if (key == "field")
            condition.field = value.text();
        else if (std::find(kTests.begin(), kTests.end(), key) != kTests.end() && condition.test.empty())
            condition.test = key, condition.values = words_of(value, key);
        else
            throw std::runtime_error("when: " + std::string(key) + " is unknown, or a second test, in " + map.json());
    }
    if (condition.field.empty() || condition.test.empty())
        throw std::runtime_error(
            "when: a condition needs field and one of equals, not, starting, not_starting, contains: " + map.json());
    return condition;
}

bool When::Condition::is_about(std::string_view event) const {
    return topic.empty() || event == topic ||
           (event.size() > topic.size() && event.starts_with(topic) && event[topic.size()] == '.');
}

bool When::Condition::holds(Value msg) const {
    const Value value = at_path(msg, field);
    if (test == "contains") return contains(value, values);
    const bool is_negative = test.starts_with("not");
    if (!value.is_string()) return is_negative;
    const bool is_beginning = test.ends_with("starting");
    const auto matches = [&](const std::string& word) {
        return is_beginning ? value.text().starts_with(word) : value.text() == word;
    };
    return std::any_of(values.begin(), values.end(), matches) != is_negative;
}

std::string When::Condition::text() const {
    std::string line = (topic.empty() ? "" : topic + ": ") + field + " " + test;
    for (const std::string& value : values) line += " " + value;
    return line;
}

std::string When::objection(std::string_view event, Value msg) const {
    for (const Condition& condition : conditions_)
        if (condition.is_about(event) && !condition.holds(msg)) return condition.text();
    return {};
}

}  // namespace genacls
