// Who may get the badge: names out of what a template or an expression gives. Source: badges.md 3.4.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "badges/rules/envelope.hpp"
#include "badges/rules/expression/expression.hpp"
#include "badges/rules/placeholder.hpp"

namespace badges {

// Text or number: one name; null: nobody; mapping: its keys; list: its elements, of mappings their member `name`, nulls
// skipped. Throws an EvaluationError for anything else, a mapping without `name` for instance.
Names names_of(const Any& value);

struct Recipients {
    std::optional<Template> text;                      // dialect 1
    std::optional<expression::Expression> expression;  // dialect 2
    std::string source;                                // as the file has it; empty: all user names of the message

    // In lower case, without empty names. Throws an EvaluationError.
    std::set<std::string> of(const Envelope& message, const Texts& texts, const Limits& limits) const;
};

}  // namespace badges
