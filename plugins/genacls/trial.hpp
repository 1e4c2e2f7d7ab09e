// Tries a configuration before anybody depends on it (genacls.md 3.4, step 4): a home directory of its own in which the
// real gitolite compiles it, and is then asked the questions that the operator wrote down. Nothing outside the
// directory is touched. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "genacls/files.hpp"

namespace genacls {

// A question to "gitolite access", and its answer.
struct Probe {
    std::string repository;
    std::string user;
    std::string access = "W";
    std::string reference = "any";
    bool is_allowed = true;

    std::string text() const;
};

struct TrialOptions {
    std::string gitolite = "/usr/bin/gitolite";
    Path home_template;  // whose .gitolite.rc is taken over, without what points outside; empty: gitolite's defaults
    std::vector<Probe> probes;
    std::chrono::milliseconds time_limit{600'000};  // of each step
    std::function<bool()> is_cancelled;
};

// What gitolite and the probes have against it; empty: nothing. `directory`: an empty one. Throws a FileError.
std::vector<std::string> try_conf(const std::string& conf, const Path& directory, const TrialOptions& options);

// Lines of gitolite's standard error that mean a lost rule.
std::vector<std::string> warnings_of(const std::string& error_output);

}  // namespace genacls
