// Condition: what a value is compared with. Source: badges.md 3.5.
#pragma once

#include <optional>
#include <string>

#include "badges/rules/any.hpp"
#include "badges/rules/envelope.hpp"
#include "badges/rules/explanation.hpp"
#include "badges/rules/expression/expression.hpp"
#include "badges/rules/yaml_file.hpp"

namespace badges {

struct Condition {
    enum class Kind { always, greater_equal, greater, less_equal, less, equal, not_equal, lambda };

    Kind kind = Kind::always;
    Any threshold;
    std::optional<expression::Expression> lambda;
    std::string text = "always";

    // Throws an EvaluationError.
    bool holds(const Any& value, const Envelope& message, const Texts& texts, const Limits& limits) const;
};

// Throws FileError.
Condition read_condition(const YamlNode& node, const std::string& key, const Limits& limits);

}  // namespace badges
