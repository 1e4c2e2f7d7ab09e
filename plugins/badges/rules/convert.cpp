#include "badges/rules/convert.hpp"

#include "badges/rules/rule_parts.hpp"
#include "badges/rules/rule_reader.hpp"
#include "badges/rules/tests_of_expression.hpp"

namespace badges {
namespace {

Conversion conversion(int line, std::string key, const expression::Expression& lambda, const std::string& name,
                      Rewritten (*rewrite)(const expression::Node&)) {
    Conversion one{line, std::move(key), lambda.source(), std::nullopt, {}};
    const Rewritten rewritten = rewrite(lambda.tree());
    if (rewritten.test) one.instead = name + ": " + *rewritten.test;
    one.note = rewritten.note;
    return one;
}

}  // namespace

std::string Conversion::text() const {
    std::string out = "line " + std::to_string(line) + ": " + key + ": " + expression + "\n";
    out += instead ? "  -> " + *instead + "\n" : "  cannot be rewritten: " + note + "\n";
    if (instead && !note.empty()) out += "  note: " + note + "\n";
    return out;
}

std::vector<Conversion> convert_rule(std::string_view text, const Limits& limits) {
    const RulePtr rule = read_rule("rule", text, limits);
    std::vector<Conversion> all;
    for_each_trigger(rule->parts().trigger, [&all](const Trigger& trigger) {
        if (trigger.lambda)
            all.push_back(conversion(trigger.line, "trigger.lambda", *trigger.lambda, "match", &rewrite_trigger));
    });
    const auto take = [&all](int line, const std::string& key, const Operation& operation) {
        if (operation.lambda) all.push_back(conversion(line, key, *operation.lambda, "operation", &rewrite_operation));
    };
    if (rule->parts().previous) take(0, "previous.operation.lambda", rule->parts().previous->operation);
    if (rule->parts().criteria)
        for_each_criterion(*rule->parts().criteria, [&take](const Criteria& one) {
            if (one.history) take(one.line, "criteria.datanommer.operation.lambda", one.history->operation);
        });
    return all;
}

}  // namespace badges
