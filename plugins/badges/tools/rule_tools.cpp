// The commands about rule files: check, explain; and what --check finds.
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "badges/rules/convert.hpp"
#include "badges/rules/legacy_suffix.hpp"
#include "badges/tools/tools.hpp"

namespace badges {
namespace {

std::string converters_of(const Rule& rule) {
    std::string text;
    for (const Converter converter : rule.converters()) text += std::string(" ") + name_of(converter);
    return text;
}

// "karma.yml: badge karma-courier, dialect 1, converters nick2fas; never fires: ..."
std::string description_of(const Rule& rule) {
    std::string line = rule.file() + ": badge " + rule.badge().id + ", dialect " + std::to_string(rule.dialect());
    if (!rule.converters().empty()) line += ", converters" + converters_of(rule);
    for (const std::string& need : rule.needs_renderer()) line += "; never fires yet, it needs the meta layer: " + need;
    if (rule.needs_ownership()) line += "; never fires, it needs the package ownership service";
    return line;
}

std::optional<int> days_of(const Invocation& invocation) {
    const std::string text = invocation.option("days", "90");
    int days = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), days);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && days > 0 ? std::optional(days)
                                                                                       : std::nullopt;
}

// A topic that nobody sends any more is a silently dead rule.
void warn_about_silence(Engine& engine, int days, std::ostream& out) {
    if (engine.history.size() == 0) {
        out << "note: the history is empty, so it cannot tell which topics are still sent\n";
        return;
    }
    const double limit = engine.seconds_now() - days * 86'400.0;
    for (const auto& [event, rules] : engine.rules->trigger_topics()) {
        const auto seen = engine.history.last_seen(event);
        if (seen && *seen >= limit) continue;
        for (const RulePtr& rule : rules)
            out << "warning: " << rule->file() << ": topic " << event << " was "
                << (seen ? "not seen for " + std::to_string(days) + " days" : "never seen") << ": is it still sent?\n";
    }
}

std::optional<std::string> content_of(const std::string& file) {
    std::ifstream in(file);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// A file that is not there yet is not made.
void probe(Database& database) {
    if (database.engine() == SqlEngine::sqlite && !std::filesystem::exists(database.path())) {
        const auto directory = std::filesystem::path(database.path()).parent_path();
        if (access(directory.c_str(), W_OK | X_OK) != 0)
            throw std::runtime_error(database.name() + ": the directory does not exist or cannot be written");
        return;
    }
    database.read([](soci::session& sql) { sql << "SELECT 1"; });
}

template <class Work>
void expect(fedmsg_hub::Problems& problems, const char* option, Work work) {
    try {
        work();
    } catch (const std::exception& error) {
        problems.add(option, error.what());
    }
}

}  // namespace

int check_rules(Engine& engine, const Invocation& invocation) {
    const auto days = days_of(invocation);
    if (!days) {
        invocation.error << "check: --days takes a number from 1 on\n";
        return kUsage;
    }
    for (const RulePtr& rule : engine.rules->rules()) invocation.out << description_of(*rule) << "\n";
    for (const RuleProblem& problem : engine.rules->problems())
        invocation.out << (problem.severity == Severity::error ? "error: " : "note: ") << problem.text() << "\n";
    warn_about_silence(engine, *days, invocation.out);
    if (invocation.has("legacy-suffix"))
        for (const LegacyDifference& difference : legacy_differences(*engine.rules, engine.history.topics()))
            invocation.out << "legacy: " << difference.text() << "\n";
    invocation.out << engine.rules->rules().size() << " rules are good\n";
    return engine.rules->has_errors() ? kFailed : kDone;
}

int convert_expressions(Engine&, const Invocation& invocation) {
    if (invocation.words.empty()) {
        invocation.error << "convert: give a rule file\n";
        return kUsage;
    }
    const auto text = content_of(invocation.words.front());
    if (!text) {
        invocation.error << "convert: " << invocation.words.front() << " cannot be read\n";
        return kFailed;
    }
    bool is_whole = true;
    for (const Conversion& conversion : convert_rule(*text)) {
        invocation.out << conversion.text();
        is_whole = is_whole && conversion.instead.has_value();
    }
    return is_whole ? kDone : kFailed;
}

int explain_rule(Engine& engine, const Invocation& invocation) {
    if (invocation.words.size() != 2) {
        invocation.error << "explain: give a rule (its file or its badge) and a file with one message\n";
        return kUsage;
    }
    RulePtr rule = engine.rules->by_file(invocation.words[0]);
    if (!rule) rule = engine.rules->by_badge(invocation.words[0]);
    const auto json = content_of(invocation.words[1]);
    if (!rule) invocation.error << "explain: there is no rule " << invocation.words[0] << " in force\n";
    if (!json) invocation.error << "explain: " << invocation.words[1] << " cannot be read\n";
    if (!rule || !json) return kFailed;
    invocation.out << engine.awarder.explain({rule}, Envelope::from_json(*json));
    return kDone;
}

void check_all(Engine& engine, fedmsg_hub::Problems& problems) {
    const auto rules = RuleSet::load(engine.settings.rule_directory);
    for (const RuleProblem& problem : rules->problems())
        if (problem.severity == Severity::error) problems.add("badges.yaml.directory", problem.text());
    if (rules->rules().empty())
        problems.add("badges.yaml.directory", engine.settings.rule_directory + " has no good rule");
    expect(problems, "badges_global.database_uri", [&] { probe(engine.awards_database); });
    expect(problems, "datanommer.sqlalchemy.url", [&] { probe(engine.history_database); });
    expect(problems, "fasjson_base_url", [&] { engine.directory.find("nobody"); });
}

}  // namespace badges
