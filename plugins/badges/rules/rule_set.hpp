// RuleSet: all rules of a directory, with an index from topic to the rules that a message may trigger.
//
//     auto rules = badges::RuleSet::load(directory, limits);
//     rules = badges::RuleSet::load(directory, limits, rules.get());   // reload: keeps last good versions
//
// Immutable once loaded; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/envelope.hpp"
#include "badges/rules/limits.hpp"
#include "badges/rules/rule.hpp"
#include "badges/rules/topic_index.hpp"

namespace badges {

enum class Severity {
    error,  // the file is not in force, or its last good version is
    note    // in force, but worth a word: ignored paging keys, a query that selects everything, ...
};

struct RuleProblem {
    Severity severity = Severity::error;
    std::string file;  // relative to the rule directory
    int line = 0;      // 0: the whole file
    std::string key;   // dotted path, "criteria.datanommer.operation"; may be empty
    std::string what;  // and what to do about it

    std::string text() const;  // "FILE:LINE: KEY: WHAT"
};

class RuleSet {
public:
    // Never throws for what the files contain. Visits the directory recursively, in the order of the names. Of two
    // files with the same badge id the one whose path sorts first is in force and the other one is an error.
    // `previous`: where a file has become faulty (not: has gone), its last good version stays.
    static std::shared_ptr<const RuleSet> load(const std::filesystem::path& directory, const Limits& limits = {},
                                               const RuleSet* previous = nullptr);

    const std::vector<RulePtr>& rules() const noexcept { return rules_; }  // sorted by file
    RulePtr by_badge(std::string_view id) const;
    RulePtr by_file(std::string_view file) const;
    const std::vector<RuleProblem>& problems() const noexcept { return problems_; }
    bool has_errors() const;
    // Some file is faulty and its last good version is in force: health is "degraded".
    const std::vector<std::string>& kept_files() const noexcept { return kept_files_; }
    // Reload is worth while: the newest modification time or the list of files differs.
    static std::string fingerprint(const std::filesystem::path& directory);

    // The rules whose trigger could be true. `look_ups`: is increased by the number of hash look-ups made.
    std::vector<RulePtr> candidates(const Envelope& message, std::size_t* look_ups = nullptr) const;
    // Whether a message of this topic may be among the candidates or selected: asked before one is made an Envelope.
    bool concerns(std::string_view topic) const;
    // Whether any criterion or `previous` filter of any rule could ever count this message: only such ones need
    // storing.
    bool selects(const Envelope& message) const;
    // Topics (after prefix and environment) that rules name in their triggers, for a check against the history: a topic
    // that is no longer sent is a silently dead rule. Patterns that begin with "*." and categories are not among them.
    std::map<std::string, std::vector<RulePtr>> trigger_topics() const;

private:
    RuleSet() = default;
    friend class RuleLoader;

    void build_index();

    std::vector<RulePtr> rules_;
    std::vector<RuleProblem> problems_;
    std::vector<std::string> kept_files_;
    TopicIndex triggers_;
    TopicIndex selections_;
};

}  // namespace badges
