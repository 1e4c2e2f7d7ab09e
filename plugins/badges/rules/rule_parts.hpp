// The compiled trees of a rule: what the evaluation works on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "badges/rules/condition.hpp"
#include "badges/rules/criteria.hpp"
#include "badges/rules/recipients.hpp"
#include "badges/rules/rule.hpp"
#include "badges/rules/topic_index.hpp"
#include "badges/rules/trigger.hpp"

namespace badges {

struct RuleParts {
    // Something that the author should know, though the rule is in force.
    struct Note {
        int line;
        std::string key;
        std::string what;
    };

    Trigger trigger;
    Recipients recipients;
    std::vector<Converter> converters;
    std::optional<Criteria> criteria;         // dialect 1
    std::optional<HistoryQuestion> previous;  // dialect 2
    Condition condition;                      // dialect 2

    TopicWish trigger_wish;
    TopicWish history_wish;
    std::vector<std::string> needs_renderer;
    bool needs_ownership = false;
    std::vector<Note> notes;
};

}  // namespace badges
