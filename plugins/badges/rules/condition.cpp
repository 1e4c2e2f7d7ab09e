#include "badges/rules/condition.hpp"

#include <array>
#include <utility>
#include <vector>

#include "badges/rules/read_node.hpp"

namespace badges {
namespace {

using Way = Condition::Kind;

constexpr std::array<std::pair<std::string_view, Way>, 7> kWords = {{
    {"greater than or equal to", Way::greater_equal},
    {"greater than", Way::greater},
    {"less than or equal to", Way::less_equal},
    {"less than", Way::less},
    {"equal to", Way::equal},
    {"is not", Way::not_equal},
    {"is not equal to", Way::not_equal},
}};

std::vector<std::string> condition_keys() {
    std::vector<std::string> keys = {"lambda"};
    for (const auto& [words, kind] : kWords) {
        keys.emplace_back(words);
        keys.push_back("is " + std::string(words));
    }
    return keys;
}

Way kind_of(std::string_view key) {
    for (const auto& [words, kind] : kWords)
        if (key == words || (key.starts_with("is ") && key.substr(3) == words)) return kind;
    return Way::lambda;
}

}  // namespace

bool Condition::holds(const Any& value, const Envelope& message, const Texts& texts, const Limits& limits) const {
    switch (kind) {
        case Kind::always:
            return true;
        case Kind::greater_equal:
            return compare(value, threshold).value_or(-1) >= 0;
        case Kind::greater:
            return compare(value, threshold).value_or(-1) > 0;
        case Kind::less_equal:
            return compare(value, threshold).value_or(1) <= 0;
        case Kind::less:
            return compare(value, threshold).value_or(1) < 0;
        case Kind::equal:
            return value == threshold;
        case Kind::not_equal:
            return !(value == threshold);
        case Kind::lambda:
            break;
    }
    expression::Budget budget(limits);
    return lambda->evaluate({{"value", value}}, {message, texts, budget}).truthy();
}

Condition read_condition(const YamlNode& node, const std::string& key, const Limits& limits) {
    const YamlNode::Entry& entry = only_entry(node, key, condition_keys());
    const std::string inner = key + "." + entry.key;
    Condition condition;
    condition.kind = kind_of(entry.key);
    condition.text = entry.key + ": " + entry.value.text;
    if (condition.kind == Condition::Kind::lambda) {
        condition.lambda = read_expression(entry.value, inner, {"value"}, limits);
        return condition;
    }
    condition.threshold = entry.value.value();
    if (!condition.threshold.is_number() || condition.threshold.kind() == Kind::boolean)
        throw FileError(entry.line, inner, "it wants a number");
    return condition;
}

}  // namespace badges
