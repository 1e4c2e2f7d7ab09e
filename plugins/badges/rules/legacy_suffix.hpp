// Rules whose triggers would have fired on other topics in the originals, which compared the raw ends of topics.
#pragma once

#include <string>
#include <vector>

#include "badges/rules/rule.hpp"
#include "badges/rules/rule_set.hpp"

namespace badges {

struct LegacyDifference {
    RulePtr rule;
    std::string pattern;  // of the trigger
    int line = 0;
    std::string topic;  // a whole topic
    bool fired_before = false;
    bool fires_now = false;

    std::string text() const;  // "FILE:LINE: topic PATTERN: ..."
};

// `topics`: whole topics, those of the history for instance. Those that the rules themselves name are looked at
// besides, in the environment prod.
std::vector<LegacyDifference> legacy_differences(const RuleSet& rules, const std::vector<std::string>& topics);

}  // namespace badges
