// From the text of a rule file to a rule. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "badges/rules/limits.hpp"
#include "badges/rules/rule.hpp"

namespace badges {

// Throws FileError. `file`: the name that the rule goes by.
RulePtr read_rule(const std::string& file, std::string_view text, const Limits& limits);

}  // namespace badges
