// Rewriting the expressions of a rule as structured tests (badges.md 3.7), where they can be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/limits.hpp"

namespace badges {

// One `lambda` of a rule file, in a trigger or in an operation.
struct Conversion {
    int line = 0;
    std::string key;         // dotted path of the lambda
    std::string expression;  // as it was
    std::optional<std::string>
        instead;       // in YAML's flow style, in place of "lambda: ..."; nothing: it cannot be rewritten
    std::string note;  // why not; or in which rare case the new form answers otherwise

    std::string text() const;  // for people, lines each with an end
};

// Throws FileError if the text is no rule.
std::vector<Conversion> convert_rule(std::string_view text, const Limits& limits = {});

}  // namespace badges
