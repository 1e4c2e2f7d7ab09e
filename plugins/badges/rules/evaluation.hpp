// Evaluation: what the rules say about one message. Lane thread; make one per message.
//
//     badges::Evaluation evaluation(envelope, services);
//     for (const Match& match : evaluation.match(rules.candidates(envelope))) {
//         // match.recipients: names as the message has them. The caller applies match.rule->converters(), drops banned
//         // names, names that are no accounts' and persons who hold the badge or opted out, and asks about the rest:
//         questions.push_back({match.rule, persons});
//     }
//     for (const Verdict& verdict : evaluation.judge(questions)) ...
//
// Rules without persons left are not asked about, so their queries are not made. Among those that are, each distinct
// query is made once, however many rules share it (badges.md 3.8).
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "badges/rules/envelope.hpp"
#include "badges/rules/explanation.hpp"
#include "badges/rules/history.hpp"
#include "badges/rules/limits.hpp"
#include "badges/rules/rule.hpp"
#include "badges/rules/texts.hpp"

namespace badges {

// What an evaluation works with; all must outlive it.
struct Services {
    History& history;
    Counters& counters;
    Ownership& ownership;
    const Texts& texts;
    Limits limits = {};
};

// A rule whose trigger was looked at.
struct Match {
    RulePtr rule;
    Truth truth = Truth::error;        // yes: the trigger is true and the recipients are known (perhaps none)
    std::set<std::string> recipients;  // before converters, in lower case as templates make them; no empty names
    Explanation trigger;
    Explanation recipient;
};

struct Question {
    RulePtr rule;
    std::vector<std::string> persons;  // after converters
};

// One person and one rule.
struct Verdict {
    RulePtr rule;
    std::string person;
    Truth truth = Truth::error;  // yes: award; no: not (yet); error: counts as no; unknown: ask again later
    Any value;                   // the count or value that was compared, where there is exactly one; else None
    Explanation criteria;
};

class Evaluation {
public:
    Evaluation(Envelope message, Services services);
    ~Evaluation();
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

    // Those whose trigger is exactly true.
    std::vector<Match> match(const std::vector<RulePtr>& candidates);
    // Whatever the trigger says; for --explain and for counting errors per rule.
    Match match(const RulePtr& rule);
    std::vector<Verdict> judge(const std::vector<Question>& questions);

    // How many times the history has been asked.
    std::size_t query_count() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace badges
