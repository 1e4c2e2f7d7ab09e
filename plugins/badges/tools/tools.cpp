#include "badges/tools/tools.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "badges/rules/unicode.hpp"
#include "badges/tools/periodic.hpp"

namespace badges {
namespace {

using Handler = int (*)(Engine&, const Invocation&);

struct Tool {
    const char* name;
    const char* usage;                 // what follows the name
    std::set<std::string> with_value;  // options
    std::set<std::string> flags;
    std::set<std::string> required;
    std::size_t words;  // at most
    Handler run;
    bool needs_awards = true;
};

// Who runs the command: for the award log.
std::string operator_name() {
    const passwd* entry = getpwuid(getuid());
    return "user:" + (entry != nullptr ? std::string(entry->pw_name) : std::to_string(getuid()));
}

int failed(const Invocation& invocation, const std::string& why) {
    invocation.error << invocation.name << ": " << why << "\n";
    return kFailed;
}

// Exactly one of the two.
int told(const Invocation& invocation, bool is_done, const std::string& done, const std::string& why_not) {
    if (!is_done) return failed(invocation, why_not);
    invocation.out << done << "\n";
    return kDone;
}

int award(Engine& engine, const Invocation& invocation) {
    const std::string user = ascii_lower_case(invocation.option("user"));
    const std::string badge = invocation.option("badge");
    if (!engine.awards.badge(badge)) return failed(invocation, "there is no badge " + badge);
    const auto account = engine.directory.find(user);
    if (!account) return failed(invocation, "there is no account " + user);
    if (engine.awards.standing(user).is_opted_out) return failed(invocation, user + " has opted out");
    Award award;
    award.badge_id = badge;
    award.nickname = account->name;
    award.email = account->name + "@" + engine.settings.hosts.email_domain;
    award.actor = operator_name();
    award.note = invocation.option("note");
    award.at = engine.hooks.now();
    if (engine.settings.dry_run) return told(invocation, true, "would award " + badge + " to " + account->name, "");
    return told(invocation, engine.awards.award(award).is_new, badge + " awarded to " + account->name,
                account->name + " holds " + badge + " already");
}

int revoke(Engine& engine, const Invocation& invocation) {
    const std::string user = invocation.option("user");
    const std::string badge = invocation.option("badge");
    const bool is_done =
        engine.awards.revoke(badge, user, operator_name(), invocation.option("note"), engine.hooks.now());
    return told(invocation, is_done, badge + " revoked from " + user, user + " does not hold " + badge);
}

int edit_badge(Engine& engine, const Invocation& invocation) {
    const BadgeRow changes{invocation.option("badge"),       invocation.option("name"),     invocation.option("image"),
                           invocation.option("description"), invocation.option("criteria"), invocation.option("tags")};
    return told(invocation, engine.awards.edit_badge(changes, operator_name(), engine.hooks.now()),
                changes.id + " changed; a rule file that says otherwise wins at the next reload",
                "there is no badge " + changes.id);
}

int delete_badge(Engine& engine, const Invocation& invocation) {
    const std::string badge = invocation.option("badge");
    if (!invocation.has("yes"))
        return failed(invocation, "this takes the badge from all who hold it; add --yes if that is meant");
    const auto held = engine.awards.delete_badge(badge, operator_name(), engine.hooks.now());
    return told(invocation, held.has_value(), badge + " deleted; " + std::to_string(held.value_or(0)) + " held it",
                "there is no badge " + badge);
}

int grant_authorization(Engine& engine, const Invocation& invocation) {
    const std::string user = invocation.option("user");
    const std::string badge = invocation.option("badge");
    return told(invocation, engine.awards.grant_authorization(badge, user), user + " may give " + badge,
                "badge or person is unknown, or it is so already");
}

int revoke_authorization(Engine& engine, const Invocation& invocation) {
    const std::string user = invocation.option("user");
    const std::string badge = invocation.option("badge");
    return told(invocation, engine.awards.revoke_authorization(badge, user), user + " may no longer give " + badge,
                user + " had no such authorization");
}

int list(Engine& engine, const Invocation& invocation) {
    for (const HeldBadge& held : engine.awards.held_by(invocation.option("user")))
        invocation.out << held.badge_id << "\t" << held.issued_on.substr(0, 19) << "\t" << held.actor << "\t"
                       << held.msg_id << "\t" << held.note << "\n";
    return kDone;
}

int leaderboard(Engine& engine, const Invocation& invocation) {
    const std::string text = invocation.option("limit", "20");
    int limit = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || limit < 1)
        return failed(invocation, "--limit takes a number from 1 on");
    for (const LeaderboardRow& row : engine.awards.leaderboard(limit))
        invocation.out << row.rank << "\t" << row.nickname << "\t" << row.awards << "\n";
    return kDone;
}

int rank(Engine& engine, const Invocation& invocation) {
    if (!invocation.has("user")) return leaderboard(engine, invocation);
    const auto person = engine.awards.person(invocation.option("user"));
    if (!person || !person->rank) return failed(invocation, invocation.option("user") + " has no rank");
    invocation.out << *person->rank << "\t" << person->nickname << "\n";
    return kDone;
}

int parked(Engine& engine, const Invocation& invocation) {
    if (invocation.has("retry")) {
        invocation.out << engine.work.revive() << " messages are tried again\n";
        return kDone;
    }
    for (const Work& work : engine.work.due(9e15, 1000))
        invocation.out << work.msg_id << "\twaits\t" << work.attempts << " attempts\t" << work.reason << "\n";
    for (const Work& work : engine.work.dead(1000))
        invocation.out << work.msg_id << "\tdead\t" << work.attempts << " attempts\t" << work.reason << "\n";
    return kDone;
}

int show_given(const Invocation& invocation, const std::vector<std::string>& given) {
    for (const std::string& line : given) invocation.out << line << "\n";
    return kDone;
}

int group_membership(Engine& engine, const Invocation& invocation) {
    return show_given(invocation, award_group_badges(engine));
}

// --badges 1=egg,2=chick
int account_age(Engine& engine, const Invocation& invocation) {
    std::map<int, std::string> badges;
    const std::string text = invocation.option("badges");
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string item = text.substr(start, end - start);
        const std::size_t sign = item.find('=');
        int years = 0;
        const auto read = std::from_chars(item.data(), item.data() + std::min(sign, item.size()), years);
        if (sign == std::string::npos || read.ptr != item.data() + sign || years < 1)
            return failed(invocation, "--badges takes YEARS=BADGE, several with commas between: 1=egg,2=chick");
        badges[years] = item.substr(sign + 1);
        if (!engine.awards.badge(badges[years])) return failed(invocation, "there is no badge " + badges[years]);
        start = end + 1;
    }
    return show_given(invocation, award_account_ages(engine, badges));
}

const std::vector<Tool>& tools() {
    static const std::vector<Tool> all = {
        {"award", "--user NAME --badge ID [--note TEXT]", {"user", "badge", "note"}, {}, {"user", "badge"}, 0, award},
        {"revoke", "--user NAME --badge ID [--note TEXT]", {"user", "badge", "note"}, {}, {"user", "badge"}, 0, revoke},
        {"edit-badge",
         "--badge ID [--name|--image|--description|--criteria|--tags TEXT]...",
         {"badge", "name", "image", "description", "criteria", "tags"},
         {},
         {"badge"},
         0,
         edit_badge},
        {"delete-badge", "--badge ID --yes", {"badge"}, {"yes"}, {"badge"}, 0, delete_badge},
        {"grant-authorization",
         "--user NAME --badge ID",
         {"user", "badge"},
         {},
         {"user", "badge"},
         0,
         grant_authorization},
        {"revoke-authorization",
         "--user NAME --badge ID",
         {"user", "badge"},
         {},
         {"user", "badge"},
         0,
         revoke_authorization},
        {"list", "--user NAME", {"user"}, {}, {"user"}, 0, list},
        {"rank", "[--user NAME | --limit N]", {"user", "limit"}, {}, {}, 0, rank},
        {"leaderboard", "[--limit N]", {"limit"}, {}, {}, 0, leaderboard},
        {"check", "[DIR] [--legacy-suffix] [--days N]", {"days"}, {"legacy-suffix"}, {}, 1, check_rules, false},
        {"explain", "RULE MSG.json", {}, {}, {}, 2, explain_rule},
        {"convert", "RULE.yml", {}, {}, {}, 1, convert_expressions, false},
        {"replay", "FILE | --from DAY --to DAY [--apply]", {"from", "to"}, {"apply"}, {}, 1, replay},
        {"parked", "[--retry]", {}, {"retry"}, {}, 0, parked},
        {"account-age", "--badges YEARS=ID,...", {"badges"}, {}, {"badges"}, 0, account_age},
        {"group-membership", "", {}, {}, {}, 0, group_membership},
    };
    return all;
}

int usage(std::ostream& error, const std::string& problem) {
    error << problem << "\ncommands:\n";
    for (const Tool& tool : tools()) error << "  " << tool.name << " " << tool.usage << "\n";
    return kUsage;
}

// Nothing is wrong: an empty text.
std::string parse(const Tool& tool, const std::vector<std::string>& arguments, Invocation& invocation) {
    for (std::size_t at = 1; at < arguments.size(); ++at) {
        const std::string& word = arguments[at];
        if (word.rfind("--", 0) != 0) {
            invocation.words.push_back(word);
            continue;
        }
        const std::size_t sign = word.find('=');
        const std::string name = word.substr(2, sign == std::string::npos ? sign : sign - 2);
        const bool has_value = tool.with_value.count(name) != 0;
        if (!has_value && tool.flags.count(name) == 0) return "unknown option --" + name;
        if (has_value && sign == std::string::npos && ++at == arguments.size()) return "--" + name + " needs a value";
        invocation.options[name] = !has_value ? "" : sign == std::string::npos ? arguments[at] : word.substr(sign + 1);
    }
    for (const std::string& name : tool.required)
        if (!invocation.has(name)) return "--" + name + " is missing";
    return invocation.words.size() > tool.words ? "too many words" : "";
}

Settings changed(Settings settings, const Invocation& invocation) {
    if (invocation.name == "check" && !invocation.words.empty()) settings.rule_directory = invocation.words.front();
    if (invocation.name == "replay" && !invocation.has("apply")) settings.dry_run = true;
    return settings;
}

}  // namespace

int run_tool(const std::function<std::unique_ptr<Engine>(const std::function<Settings(Settings)>&)>& make_engine,
             const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error) {
    if (arguments.empty()) return usage(error, "a command is missing");
    const auto tool =
        std::find_if(tools().begin(), tools().end(), [&](const Tool& each) { return each.name == arguments.front(); });
    if (tool == tools().end()) return usage(error, "unknown command " + arguments.front());
    Invocation invocation{arguments.front(), {}, {}, out, error};
    if (const std::string problem = parse(*tool, arguments, invocation); !problem.empty())
        return usage(error, std::string(tool->name) + ": " + problem);
    try {
        const auto engine = make_engine([&](Settings settings) { return changed(std::move(settings), invocation); });
        engine->open_history();
        engine->load_rules();
        if (tool->needs_awards) engine->set_up_awards();
        return tool->run(*engine, invocation);
    } catch (const std::exception& problem) {
        error << invocation.name << ": " << problem.what() << "\n";
        return kFailed;
    }
}

}  // namespace badges
