#include "badges/rules/evaluation.hpp"

#include <map>

#include "badges/rules/read_node.hpp"
#include "badges/rules/rule_parts.hpp"

namespace badges {
namespace {

// What a query and an operation gave: asked once per message, compared with many thresholds.
struct Answer {
    Truth truth = Truth::yes;  // yes: there is a value; else error or unknown
    Any value;
    std::string why;  // of errors
};

std::string shown_names(const std::set<std::string>& names) {
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    return all.empty() ? "nobody" : excerpt(all);
}

}  // namespace

struct Evaluation::State {
    Envelope message;
    Services services;
    std::map<std::string, Answer> answers;
    std::size_t asked = 0;

    Answer compute(const HistoryQuestion& question, const Query& query) {
        Answer answer;
        try {
            answer.value =
                run(question.operation, query, message, services.history, services.texts, services.limits, asked);
        } catch (const EvaluationError& error) {
            answer.truth = Truth::error;
            answer.why = error.what();
        } catch (const HistoryUnreachable& error) {
            answer.truth = Truth::unknown;
            answer.why = error.what();
        }
        return answer;
    }

    // Throws an EvaluationError if the filter has no value for this message.
    const Answer& ask(const HistoryQuestion& question, const std::string* recipient, std::string& key) {
        const Query query = question.filter.resolve(message, services.texts, services.limits, recipient);
        key = query.key() + " " + question.operation.text;
        const auto known = answers.find(key);
        if (known != answers.end()) return known->second;
        return answers.emplace(key, compute(question, query)).first->second;
    }

    // Fills in truth and detail, and the value that was compared.
    void compare(const Answer& answer, const Condition& condition, Explanation& why, Any& value) {
        why.truth = answer.truth;
        why.detail = answer.why;
        if (answer.truth != Truth::yes) return;
        value = answer.value;
        why.detail = "value " + excerpt(value.repr()) + ", wanted " + condition.text;
        why.truth = condition.holds(value, message, services.texts, services.limits) ? Truth::yes : Truth::no;
    }

    Explanation judge_history(const HistoryQuestion& question, const Condition& condition, const std::string* recipient,
                              const char* what, Any& value) {
        Explanation why;
        why.what = what;
        std::string key;
        try {
            compare(ask(question, recipient, key), condition, why, value);
        } catch (const EvaluationError& error) {
            why.truth = Truth::error;
            why.detail = error.what();
        }
        if (!key.empty()) why.detail += "; query " + key;
        return why;
    }

    Explanation judge_ownership(const OwnershipQuestion& question) {
        Explanation why;
        why.what = "pkgdb: owns";
        try {
            const std::string user = question.user.resolve(message.root()).str();
            Names packages;
            for (const Template& package : question.packages)
                for (std::string& name : names_of(package.resolve(message.root()))) packages.push_back(std::move(name));
            why.truth = services.ownership.owns_all(user, packages) ? Truth::yes : Truth::no;
            why.detail = "user " + user;
        } catch (const EvaluationError& error) {
            why = {Truth::error, why.what, error.what(), {}};
        } catch (const HistoryUnreachable& error) {
            why = {Truth::unknown, why.what, error.what(), {}};
        }
        return why;
    }

    Explanation judge_criteria(const Criteria& criteria, std::vector<Any>& values) {
        if (criteria.history) {
            Any value;
            Explanation why = judge_history(*criteria.history, criteria.condition, nullptr, "datanommer", value);
            values.push_back(std::move(value));
            return why;
        }
        if (criteria.ownership) return judge_ownership(*criteria.ownership);
        Explanation why;
        for (const Criteria& child : criteria.children) why.children.push_back(judge_criteria(child, values));
        const bool is_all = criteria.kind == Criteria::Kind::all;
        const bool is_any = criteria.kind == Criteria::Kind::any;
        why.what = is_all ? "all" : is_any ? "any" : "not";
        why.truth = is_all   ? all_of(why.children)
                    : is_any ? any_of(why.children)
                             : negation_of(why.children.front().truth);
        return why;
    }

    Explanation judge_counter(const Rule& rule, const std::string& person, Any& value) {
        Explanation why;
        why.what = "counter of triggers";
        const Condition& condition = rule.parts().condition;
        try {
            Answer answer;
            answer.value = services.counters.record("badge:" + rule.badge().id, person, message.msg_id());
            compare(answer, condition, why, value);
        } catch (const EvaluationError& error) {
            why = {Truth::error, why.what, error.what(), {}};
        } catch (const HistoryUnreachable& error) {
            why = {Truth::unknown, why.what, error.what(), {}};
        }
        return why;
    }

    Explanation judge_second(const Rule& rule, const std::string& person, Any& value) {
        const RuleParts& parts = rule.parts();
        if (!parts.previous) return judge_counter(rule, person, value);
        return judge_history(*parts.previous, parts.condition, &person, "previous", value);
    }

    // What the rule needs and there is not; empty: nothing.
    std::string lacking(const Rule& rule) const {
        if (!rule.needs_renderer().empty() && !services.texts.is_available())
            return "it needs the renderer, which is not available: " + rule.needs_renderer().front();
        if (rule.needs_ownership() && !services.ownership.is_available())
            return "it needs the package ownership service, which is not configured";
        return {};
    }

    void judge(const Question& question, std::vector<Verdict>& verdicts) {
        const Rule& rule = *question.rule;
        if (question.persons.empty()) return;
        if (const std::string reason = lacking(rule); !reason.empty()) {
            for (const std::string& person : question.persons)
                verdicts.push_back({question.rule, person, Truth::error, {}, {Truth::error, "criteria", reason, {}}});
            return;
        }
        Explanation common;
        std::vector<Any> values;
        if (rule.dialect() == 1) common = judge_criteria(*rule.parts().criteria, values);
        for (const std::string& person : question.persons) {
            Verdict verdict{question.rule, person, Truth::error, {}, common};
            if (rule.dialect() == 2) verdict.criteria = judge_second(rule, person, verdict.value);
            if (values.size() == 1) verdict.value = values.front();
            verdict.truth = verdict.criteria.truth;
            verdicts.push_back(std::move(verdict));
        }
    }
};

Evaluation::Evaluation(Envelope message, Services services)
    : state_(new State{std::move(message), std::move(services), {}, 0}) {}
Evaluation::~Evaluation() = default;

std::vector<Match> Evaluation::match(const std::vector<RulePtr>& candidates) {
    std::vector<Match> matches;
    for (const RulePtr& rule : candidates)
        if (Match one = match(rule); one.trigger.truth == Truth::yes) matches.push_back(std::move(one));
    return matches;
}

Match Evaluation::match(const RulePtr& rule) {
    const Services& services = state_->services;
    Match match;
    match.rule = rule;
    match.recipient.what = "recipient: " + rule->parts().recipients.source;
    match.trigger = evaluate(rule->parts().trigger, state_->message, services.texts, services.limits);
    match.truth = match.trigger.truth;
    if (match.truth != Truth::yes) {
        match.recipient.detail = "not asked: the trigger is not true";
        return match;
    }
    match.truth = Truth::error;
    if (const std::string reason = state_->lacking(*rule); !reason.empty()) {
        match.recipient.detail = reason;
        return match;
    }
    try {
        match.recipients = rule->parts().recipients.of(state_->message, services.texts, services.limits);
        match.truth = match.recipient.truth = Truth::yes;
        match.recipient.detail = shown_names(match.recipients);
    } catch (const EvaluationError& error) {
        match.recipient.detail = error.what();
    }
    return match;
}

std::vector<Verdict> Evaluation::judge(const std::vector<Question>& questions) {
    std::vector<Verdict> verdicts;
    for (const Question& question : questions) state_->judge(question, verdicts);
    return verdicts;
}

std::size_t Evaluation::query_count() const noexcept {
    return state_->asked;
}

}  // namespace badges
