// One run of the jobs "acls" and "prefix": fetch, check, write, try, publish (genacls.md 3.2 to 3.4). Works in the
// thread that calls it, usually the job's worker; under the lock TARGET.lock, so that a daily job, an admin and the
// plugin cannot overlap. Never throws: what goes wrong is in the report.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "genacls/conf_view.hpp"
#include "genacls/gitolite_conf.hpp"
#include "genacls/groups.hpp"
#include "genacls/guard.hpp"
#include "genacls/publication.hpp"
#include "genacls/rights_diff.hpp"
#include "genacls/trial.hpp"
#include "genacls/verdict.hpp"

namespace genacls {

struct RunSettings {
    std::string pkgdb_address;  // of the API, or a directory with vcs.json or vcs.txt, and groups.json
    bool is_text = false;       // ask the API for the text form
    FetcherOptions fetcher;
    GroupOptions groups;
    // gitolite's name of a group, and the source's, where they differ or where no package names the group.
    std::map<std::string, std::string> group_names;
    std::map<std::string, std::string> collections;
    ConfFormat format;
    GuardLimits limits;

    Path target;
    std::size_t keep = 10;
    Path aliases;  // empty: not written
    TrialOptions trial;
    bool uses_service = false;  // compile by verdict.hpp's service, else by compile_command; neither for "prefix"
    VerdictWait service;
    std::vector<std::string> compile_command;
    Path compile_home;
    std::string compiled_owner;  // user of the compiled file; empty: left alone
    std::string compiled_group;
    std::chrono::milliseconds lock_wait{60'000};
};

enum class RunMode { publish, check, diff };  // check: without the last step; diff: without the trial, too

struct RunContext {
    RunMode mode = RunMode::publish;
    bool is_forced = false;  // past the shrink guard
    std::function<bool()> is_cancelled;
    std::function<void(std::string_view step)> after;  // tests die there
};

struct RunReport {
    enum class End { published, unchanged, checked, refused, failed, cancelled };

    End end = End::failed;
    std::string problem;
    std::vector<std::string> warnings;
    RightsDiff diff;
    Names used_groups;
    std::size_t repositories = 0;
    std::size_t left_out_packages = 0;
    std::size_t left_out_branches = 0;
    std::size_t denied_rules = 0;
    bool was_forced = false;  // the guard objected, and was overridden

    bool is_success() const { return end == End::published || end == End::unchanged || end == End::checked; }
};

RunReport run_acls(const RunSettings& settings, const ParseJson& parse, const RunContext& context);
RunReport run_prefix(const RunSettings& settings, const ParseJson& parse, const RunContext& context);
// Puts an earlier generation into force again.
RunReport roll_back(const RunSettings& settings, int generation, const RunContext& context);

}  // namespace genacls
