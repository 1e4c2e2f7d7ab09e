// From the text of an expression to its tree. Any thread.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "badges/rules/expression/ast.hpp"
#include "badges/rules/limits.hpp"

namespace badges::expression {

using NameSet = std::set<std::string, std::less<>>;

// `names`: those that the place offers, "msg" for instance. Throws SyntaxError, also for unknown names, functions and
// methods, and for what exceeds the limits.
NodePtr parse(std::string_view source, const NameSet& names, const Limits& limits);

}  // namespace badges::expression
