// From the tree of an expression to a structured test that answers the same. Any thread.
#pragma once

#include <optional>
#include <string>

#include "badges/rules/expression/ast.hpp"

namespace badges {

struct Rewritten {
    std::optional<std::string> test;  // JSON, which is YAML as well; nothing: it cannot be said that way
    std::string note;                 // why not, or where the answers may differ
};

// An expression over `msg`: a test of the envelope.
Rewritten rewrite_trigger(const expression::Node& tree);
// An operation: "count", or count_where for len([m for m in query.all() if TEST]).
Rewritten rewrite_operation(const expression::Node& tree);

}  // namespace badges
