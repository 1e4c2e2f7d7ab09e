#include "badges/rules/rule_set.hpp"

#include <algorithm>

#include "badges/rules/rule_parts.hpp"

namespace badges {

std::string RuleProblem::text() const {
    std::string out = file.empty() ? std::string("rules") : file;
    if (line > 0) out += ":" + std::to_string(line);
    out += ": ";
    if (severity == Severity::note) out += "note: ";
    return out + (key.empty() ? "" : key + ": ") + what;
}

RulePtr RuleSet::by_badge(std::string_view id) const {
    const auto found =
        std::find_if(rules_.begin(), rules_.end(), [id](const RulePtr& rule) { return rule->badge().id == id; });
    return found == rules_.end() ? nullptr : *found;
}

RulePtr RuleSet::by_file(std::string_view file) const {
    const auto found =
        std::find_if(rules_.begin(), rules_.end(), [file](const RulePtr& rule) { return rule->file() == file; });
    return found == rules_.end() ? nullptr : *found;
}

bool RuleSet::has_errors() const {
    return std::any_of(problems_.begin(), problems_.end(),
                       [](const RuleProblem& problem) { return problem.severity == Severity::error; });
}

void RuleSet::build_index() {
    for (std::size_t at = 0; at < rules_.size(); ++at) {
        triggers_.add(at, rules_[at]->parts().trigger_wish);
        selections_.add(at, rules_[at]->parts().history_wish);
    }
}

std::vector<RulePtr> RuleSet::candidates(const Envelope& message, std::size_t* look_ups) const {
    std::vector<RulePtr> rules;
    for (const std::size_t at : triggers_.find(message.topic(), look_ups)) rules.push_back(rules_[at]);
    return rules;
}

bool RuleSet::selects(const Envelope& message) const {
    return selections_.contains(message.topic());
}

bool RuleSet::concerns(std::string_view topic) const {
    return triggers_.contains(topic) || selections_.contains(topic);
}

std::map<std::string, std::vector<RulePtr>> RuleSet::trigger_topics() const {
    std::map<std::string, std::vector<RulePtr>> topics;
    for (const RulePtr& rule : rules_)
        for_each_trigger(rule->parts().trigger, [&](const Trigger& trigger) {
            if (!trigger.topic) return;
            for (const std::string& event : trigger.topic->wish().events) topics[event].push_back(rule);
        });
    return topics;
}

}  // namespace badges
