// Awarder: what becomes of one message. Asks the rules, finds the people, drops those who cannot get the badge, in the
// order of badges.md section 3.4, and gives the awards. Lane thread only.
//
// Whatever cannot be known now (history or directory unreachable) or must not be done now (too many awards) makes the
// message come again; what could be done has been done by then, and is not done twice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "badges/awarder/hooks.hpp"
#include "badges/awarder/hourly_limit.hpp"
#include "badges/awarder/rule_health.hpp"
#include "badges/awards/award_store.hpp"
#include "badges/directory/account_directory.hpp"
#include "badges/history/history_store.hpp"
#include "badges/rules/evaluation.hpp"
#include "badges/rules/rule_set.hpp"
#include "badges/settings.hpp"

namespace badges {

// Why somebody did not get a badge; each is a counter, "dropped_" + name.
enum class Dropped { nobody, banned, address, holder, opted_out, unknown_account };
const char* name_of(Dropped reason);

struct Candidate {
    std::string name;    // as the message has it
    std::string person;  // after the converters
    std::optional<Dropped> dropped;
};

struct Judgement {
    std::string park_reason;           // not empty: ask again later
    std::optional<double> not_before;  // too many awards: ask again then
    std::vector<std::string> awarded;  // "BADGE to PERSON"; in a dry run: what would be
};

// An IP address, a 192.168./10. name, or a name with a slash: a host or service, not a person.
bool is_address(const std::string& name);

class Awarder {
public:
    // All must outlive it. `commit`: of the rule directory, for the award log; may be empty.
    Awarder(AwardStore& awards, HistoryStore& history, AccountDirectory& directory, const Settings& settings,
            Hooks hooks);

    // Throws DatabaseUnavailable if the awards database is down.
    Judgement judge(const RuleSet& rules, const Envelope& message, long long horizon);
    // The same in words, and without any effect.
    std::string explain(const std::vector<RulePtr>& rules, const Envelope& message);

    void set_commit(std::string commit) { commit_ = std::move(commit); }
    RuleHealth& health() { return health_; }
    HourlyLimit& limit() { return limit_; }

private:
    struct Work;

    Services services(Counters& counters) { return {history_, counters, ownership_, texts_, {}}; }
    void match_all(Work& work, const std::vector<RulePtr>& rules, Evaluation& evaluation);
    Candidate candidate(Work& work, const Rule& rule, const std::string& name);
    std::optional<Dropped> reason_to_drop(Work& work, const Rule& rule, const std::string& person);
    const Standing& standing(Work& work, const std::string& person);
    Question question(Work& work, const Match& match);
    void conclude(Work& work, const Verdict& verdict);
    void give(Work& work, const Verdict& verdict, const Account& account);
    Award award_of(const Work& work, const Verdict& verdict, const Account& account) const;
    std::string explain_rule(Work& work, const RulePtr& rule, Evaluation& evaluation);
    std::string explain_verdict(const Verdict& verdict);
    void note_health(const Rule& rule, Truth truth, const std::string& why);

    AwardStore& awards_;
    HistoryStore& history_;
    AccountDirectory& directory_;
    const Settings& settings_;
    Hooks hooks_;
    NoOwnership ownership_;
    NoRenderer texts_;
    RuleHealth health_;
    HourlyLimit limit_;
    std::string commit_;
};

}  // namespace badges
