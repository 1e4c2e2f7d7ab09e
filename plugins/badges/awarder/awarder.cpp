#include "badges/awarder/awarder.hpp"

#include <arpa/inet.h>

#include <map>
#include <utility>

#include "badges/awarder/counters.hpp"
#include "badges/rules/any_json.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {

const char* name_of(Dropped reason) {
    switch (reason) {
        case Dropped::nobody:
            return "nobody";
        case Dropped::banned:
            return "banned";
        case Dropped::address:
            return "address";
        case Dropped::holder:
            return "holder";
        case Dropped::opted_out:
            return "opted_out";
        case Dropped::unknown_account:
            return "unknown_account";
    }
    return "nobody";
}

bool is_address(const std::string& name) {
    in6_addr bytes{};
    if (inet_pton(AF_INET, name.c_str(), &bytes) == 1 || inet_pton(AF_INET6, name.c_str(), &bytes) == 1) return true;
    return name.rfind("192.168.", 0) == 0 || name.rfind("10.", 0) == 0 || name.find('/') != std::string::npos;
}

// What is known while one message is judged.
struct Awarder::Work {
    const Envelope& message;
    Judgement result;
    std::vector<Question> questions;
    std::map<std::string, Standing> standings;

    void park(const std::string& reason) {
        if (result.park_reason.empty()) result.park_reason = reason;
    }
};

namespace {

std::string log_line(const Rule& rule, const std::string& person, const Envelope& message) {
    return fedmsg_hub::Json::object(
               {{"badge", rule.badge().id}, {"user", person}, {"rule", rule.file()}, {"msg_id", message.msg_id()}})
        .text();
}

std::string rule_members(const Badge& badge) {
    using fedmsg_hub::Json;
    return Json::object({{"creator", badge.creator},
                         {"discussion", badge.discussion},
                         {"issuer_id", badge.issuer_id},
                         {"trigger", Json::from_text(canonical_json(badge.trigger))},
                         {"criteria", Json::from_text(canonical_json(badge.criteria))}})
        .text();
}

}  // namespace

Awarder::Awarder(AwardStore& awards, HistoryStore& history, AccountDirectory& directory, const Settings& settings,
                 Hooks hooks)
    : awards_(awards),
      history_(history),
      directory_(directory),
      settings_(settings),
      hooks_(std::move(hooks)),
      limit_(settings.max_awards_per_hour) {}

Judgement Awarder::judge(const RuleSet& rules, const Envelope& message, long long horizon) {
    history_.set_horizon(horizon);
    AwardCounters counters(awards_, settings_.dry_run);
    Evaluation evaluation(message, services(counters));
    Work work{message, {}, {}, {}};
    match_all(work, rules.candidates(message), evaluation);
    for (const Verdict& verdict : evaluation.judge(work.questions)) conclude(work, verdict);
    return std::move(work.result);
}

void Awarder::match_all(Work& work, const std::vector<RulePtr>& rules, Evaluation& evaluation) {
    for (const RulePtr& rule : rules) {
        if (!health_.may_run(rule->badge().id)) continue;
        const Match match = evaluation.match(rule);
        note_health(*rule, match.truth, match.trigger.detail);
        if (match.truth == Truth::unknown) work.park("the rule " + rule->file() + " needs what cannot be asked now");
        if (match.truth != Truth::yes) continue;
        hooks_.count("matched");
        Question found = question(work, match);
        if (!found.persons.empty()) work.questions.push_back(std::move(found));
    }
}

Question Awarder::question(Work& work, const Match& match) {
    std::set<std::string> persons;
    for (const std::string& name : match.recipients) {
        try {
            const Candidate found = candidate(work, *match.rule, name);
            if (found.dropped)
                hooks_.count(std::string("dropped_") + name_of(*found.dropped));
            else
                persons.insert(found.person);
        } catch (const DirectoryUnreachable& error) {
            work.park(error.what());
        }
    }
    return {match.rule, {persons.begin(), persons.end()}};
}

Candidate Awarder::candidate(Work& work, const Rule& rule, const std::string& name) {
    std::optional<std::string> person = ascii_lower_case(name);
    for (const Converter converter : rule.converters())
        if (person) person = convert(converter, *person, directory_, settings_.hosts);
    if (!person || person->empty()) return {name, "", Dropped::nobody};
    return {name, *person, reason_to_drop(work, rule, *person)};
}

std::optional<Dropped> Awarder::reason_to_drop(Work& work, const Rule& rule, const std::string& person) {
    if (settings_.skip_users.count(person) != 0) return Dropped::banned;
    if (is_address(person)) return Dropped::address;
    const Standing& known = standing(work, person);
    if (known.badges.count(rule.badge().id) != 0) return Dropped::holder;
    if (known.is_opted_out) return Dropped::opted_out;
    return std::nullopt;
}

const Standing& Awarder::standing(Work& work, const std::string& person) {
    const auto known = work.standings.find(person);
    if (known != work.standings.end()) return known->second;
    return work.standings.emplace(person, awards_.standing(person)).first->second;
}

void Awarder::conclude(Work& work, const Verdict& verdict) {
    if (verdict.truth == Truth::unknown) return work.park("the history cannot be asked: " + verdict.criteria.detail);
    if (verdict.truth == Truth::error) note_health(*verdict.rule, verdict.truth, verdict.criteria.detail);
    if (verdict.truth != Truth::yes) return;
    try {
        if (const auto account = directory_.find(verdict.person)) return give(work, verdict, *account);
        hooks_.count(std::string("dropped_") + name_of(Dropped::unknown_account));
    } catch (const DirectoryUnreachable& error) {
        work.park(error.what());
    }
}

void Awarder::give(Work& work, const Verdict& verdict, const Account& account) {
    const std::string what = log_line(*verdict.rule, account.name, work.message);
    if (settings_.dry_run) {
        hooks_.count("would_award");
        hooks_.info("dry run, would award: " + what);
        work.result.awarded.push_back(verdict.rule->badge().id + " to " + account.name);
        return;
    }
    const double now = std::chrono::duration<double>(hooks_.now().time_since_epoch()).count();
    if (const double next = limit_.next(now); next > now) {
        work.result.not_before = next;
        hooks_.count("awards_held_back");
        hooks_.alert("more than " + std::to_string(settings_.max_awards_per_hour) +
                     " awards within an hour (badges.max_awards_per_hour): this one waits: " + what);
        return;
    }
    if (!awards_.award(award_of(work, verdict, account)).is_new) return;
    limit_.note(now);
    hooks_.count("awards");
    hooks_.info("awarded: " + what);
    work.result.awarded.push_back(verdict.rule->badge().id + " to " + account.name);
}

Award Awarder::award_of(const Work& work, const Verdict& verdict, const Account& account) const {
    Award award;
    award.badge_id = verdict.rule->badge().id;
    award.nickname = account.name;
    award.email = account.name + "@" + settings_.hosts.email_domain;
    award.actor = "rule:" + verdict.rule->file() + (commit_.empty() ? "" : "@" + commit_);
    award.msg_id = work.message.msg_id();
    award.issued_for = settings_.link_base + "/id?id=" + work.message.msg_id() + "&is_raw=true&size=extra-large";
    award.value = verdict.value.as_integer();
    award.at = hooks_.now();
    if (settings_.publish_rule) award.rule_members = rule_members(verdict.rule->badge());
    return award;
}

void Awarder::note_health(const Rule& rule, Truth truth, const std::string& why) {
    const std::string& id = rule.badge().id;
    if (truth == Truth::unknown) return;
    if (truth != Truth::error) {
        if (health_.answered(id)) hooks_.info("rule " + rule.file() + " works again");
        return;
    }
    hooks_.count("rule_errors");
    if (health_.failed(id))
        hooks_.alert("rule " + rule.file() + " is suspended after " + std::to_string(RuleHealth::kMostErrors) +
                     " errors in a row; one message in " + std::to_string(RuleHealth::kProbeEvery) +
                     " still tries it. The last error: " + why);
}

std::string Awarder::explain(const std::vector<RulePtr>& rules, const Envelope& message) {
    history_.set_horizon(HistoryStore::kNoHorizon);
    AwardCounters counters(awards_, true);
    Evaluation evaluation(message, services(counters));
    Work work{message, {}, {}, {}};
    std::string text = "message " + message.msg_id() + ", topic " + message.topic() + "\n";
    for (const RulePtr& rule : rules) text += explain_rule(work, rule, evaluation);
    return text + "queries of the history: " + std::to_string(evaluation.query_count()) + "\n";
}

std::string Awarder::explain_rule(Work& work, const RulePtr& rule, Evaluation& evaluation) {
    const Match match = evaluation.match(rule);
    std::string text = "rule " + rule->file() + ": badge " + rule->badge().id + "\n  trigger:\n" +
                       match.trigger.text(2) + "  recipient:\n" + match.recipient.text(2);
    if (match.truth != Truth::yes) return text + "  not fired: the trigger is " + name_of(match.truth) + "\n";
    Question asked{rule, {}};
    for (const std::string& name : match.recipients) {
        try {
            const Candidate found = candidate(work, *rule, name);
            text += "  " + found.name + (found.person == found.name ? "" : " (account " + found.person + ")") + ": " +
                    (found.dropped ? std::string("dropped, ") + name_of(*found.dropped) : "asked about") + "\n";
            if (!found.dropped) asked.persons.push_back(found.person);
        } catch (const DirectoryUnreachable& error) {
            text += "  " + name + ": parked, " + error.what() + "\n";
        }
    }
    for (const Verdict& verdict : evaluation.judge({asked})) text += explain_verdict(verdict);
    return text;
}

std::string Awarder::explain_verdict(const Verdict& verdict) {
    std::string text = "  criteria for " + verdict.person + ":\n" + verdict.criteria.text(2);
    if (verdict.truth != Truth::yes)
        return text + "  " + verdict.person + ": no award, " + name_of(verdict.truth) + "\n";
    try {
        const bool is_known = directory_.find(verdict.person).has_value();
        return text + "  " + verdict.person + (is_known ? ": award\n" : ": dropped, unknown_account\n");
    } catch (const DirectoryUnreachable& error) {
        return text + "  " + verdict.person + ": parked, " + error.what() + "\n";
    }
}

}  // namespace badges
