#include "badges/rules/legacy_suffix.hpp"

#include <set>

#include "badges/rules/rule_parts.hpp"

namespace badges {
namespace {

std::set<std::string> all_topics(const RuleSet& rules, const std::vector<std::string>& topics) {
    std::set<std::string> all(topics.begin(), topics.end());
    for (const auto& [event, users] : rules.trigger_topics()) all.insert("org.example.prod." + event);
    return all;
}

Envelope message_of(const std::string& topic) {
    Dict root;
    root.set("topic", topic);
    root.set("msg", Any::dict({}));
    return Envelope::from_root(Any::dict(std::move(root)));
}

}  // namespace

std::string LegacyDifference::text() const {
    return rule->file() + ":" + std::to_string(line) + ": topic " + pattern + ": " +
           (fired_before ? "fired" : "did not fire") + " on " + topic + " before, " +
           (fires_now ? "fires now" : "does not fire now");
}

std::vector<LegacyDifference> legacy_differences(const RuleSet& rules, const std::vector<std::string>& topics) {
    std::vector<LegacyDifference> differences;
    for (const std::string& topic : all_topics(rules, topics)) {
        if (topic.empty()) continue;
        const Envelope message = message_of(topic);
        for (const RulePtr& rule : rules.rules())
            for_each_trigger(rule->parts().trigger, [&](const Trigger& one) {
                if (!one.topic) return;
                const bool before = one.topic->matched_before(topic);
                const bool now = one.topic->matches(message);
                if (before != now) differences.push_back({rule, one.topic->text(), one.line, topic, before, now});
            });
    }
    return differences;
}

}  // namespace badges
