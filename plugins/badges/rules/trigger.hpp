// Trigger trees: whether a message is of interest to a rule. Three-valued. Source: badges.md 3.3.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "badges/rules/envelope.hpp"
#include "badges/rules/explanation.hpp"
#include "badges/rules/expression/expression.hpp"
#include "badges/rules/limits.hpp"
#include "badges/rules/topic_pattern.hpp"
#include "badges/rules/yaml_file.hpp"
#include "support/structured_test.hpp"

namespace badges {

struct Trigger {
    enum class Kind { topic, category, lambda, match, all, any, negation };

    Kind kind = Kind::all;
    int line = 0;
    std::optional<TopicPattern> topic;
    std::string category;
    std::optional<expression::Expression> lambda;
    std::optional<fedmsg_plugins::StructuredTest> match;
    std::vector<Trigger> children;

    std::string text() const;  // the node alone, for explanations
    TopicWish wish() const;    // messages outside of it cannot make the trigger true
};

// Throws FileError. `key`: the path of the node, for messages.
Trigger read_trigger(const YamlNode& node, const std::string& key, const Limits& limits);

Explanation evaluate(const Trigger& trigger, const Envelope& message, const Texts& texts, const Limits& limits);

// all, any and not for three values and "unknown". Any thread.
Truth all_of(const std::vector<Explanation>& parts);
Truth any_of(const std::vector<Explanation>& parts);
Truth negation_of(Truth truth);

// Calls `visit` for the trigger and all below.
template <class Visit>
void for_each_trigger(const Trigger& trigger, Visit&& visit) {
    visit(trigger);
    for (const Trigger& child : trigger.children) for_each_trigger(child, visit);
}

}  // namespace badges
