// What the tests of this plugin share: a directory of their own, answers of a package database, the JSON functions of
// the fake host, and a gitolite of their own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fedmsg_hub/testing.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "genacls/acls_run.hpp"
#include "support/child_process.hpp"

namespace genacls::testing {

inline fedmsg_hub::ParsedJson parsed(std::string_view text) {
    return {fedmsg_hub::testing::json_functions(), text};
}

inline std::string contents_of(const Path& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

inline void put(const Path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "genacls-test-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const Path& path() const { return path_; }

private:
    Path path_;
};

inline constexpr char kGitolite[] = "/usr/bin/gitolite";
inline bool has_gitolite() {
    return std::filesystem::exists(kGitolite) && std::filesystem::exists("/usr/bin/git");
}

// A home with gitolite in it, as user git has one.
class Gitolite {
public:
    explicit Gitolite(const Path& home) : home_(home) {
        std::filesystem::create_directories(home_);
        const auto made = run({"setup", "-a", "admin"});
        EXPECT_TRUE(made.is_success()) << made.describe();
    }
    const Path& home() const { return home_; }
    Path conf() const { return home_ / ".gitolite/conf/gitolite.conf"; }
    fedmsg_plugins::ChildResult run(std::vector<std::string> arguments) const {
        fedmsg_plugins::ChildCommand command;
        command.arguments = std::move(arguments);
        command.arguments.insert(command.arguments.begin(), kGitolite);
        command.environment.push_back("HOME=" + home_.string());
        return fedmsg_plugins::run_child(command);
    }
    // "allowed", "denied", or "denied by PATTERN".
    std::string access(const std::string& repository, const std::string& user, const std::string& access,
                       const std::string& reference) const {
        const std::string said = run({"access", repository, user, access, reference}).out;
        const std::size_t denied = said.find("DENIED by ");
        if (denied == std::string::npos) return said.empty() ? "no answer" : "allowed";
        std::string rule = said.substr(denied + 10);
        while (rule.ends_with('\n')) rule.pop_back();
        return rule == "fallthru" ? "denied" : "denied by " + rule;
    }

private:
    Path home_;
};

// Answers as the spec's example has them: pingou on master, provenpackager on f18.
inline void put_answers(const Path& directory) {
    put(directory / "vcs.json", R"({"title": "VCS ACLs", "rpms": {
        "geany": {"f18": {"commit": {"groups": ["provenpackager"], "people": []}},
                  "f20": {"commit": {"groups": ["provenpackager"], "people": ["pingou"]}},
                  "devel": {"commit": {"groups": ["gtk-sig", "provenpackager"], "people": ["pingou"]}}},
        "libstdc++": {"master": {"commit": {"groups": ["packager"], "people": ["ann"]}}}}})");
    put(directory / "groups.json", R"({"groups": ["gtk-sig", "provenpackager"], "total_groups": 2})");
    put(directory / "members", "releng-team: kevin ausil\nprovenpackager: ralph spot\ngtk-sig: mclasen\n");
}

inline RunSettings settings_for(const Path& answers, const Path& target) {
    RunSettings settings;
    settings.pkgdb_address = answers.string();
    settings.groups = {.backend = "file", .file = (answers / "members").string(), .address = ""};
    settings.group_names = {{"admins", "releng-team"}, {"provenpackager", "provenpackager"}};
    settings.target = target;
    settings.lock_wait = std::chrono::milliseconds(200);
    return settings;
}

}  // namespace genacls::testing
