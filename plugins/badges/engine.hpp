// Engine: everything that the plugin and its tools work with, put together from the settings. Lane thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "badges/awarder/awarder.hpp"
#include "badges/awards/award_store.hpp"
#include "badges/directory/cached_directory.hpp"
#include "badges/history/history_store.hpp"
#include "badges/parked/work_queue.hpp"
#include "badges/rules/rule_set.hpp"
#include "badges/settings.hpp"

namespace badges {

class Engine {
public:
    // Connects to nothing yet. `state_directory`: where relative database paths begin. `at_step`: see AwardStore.
    // Throws std::runtime_error for an accounts file or a password file that cannot be used.
    Engine(
        Settings settings, const std::string& state_directory, Hooks hooks,
        std::function<void(const char*)> at_step = [](const char*) {});
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Makes the tables of the history and of the work queue. Throws DatabaseUnavailable.
    void open_history();
    // Reads the rule files if they are not those that are in force. True if it has.
    bool load_rules();
    // Tables, issuer and badges of the awards database, once after start and after each reload. Throws
    // DatabaseUnavailable while it is down.
    void set_up_awards();
    // One-time work is done again the next time: it may be another database by then.
    void awards_are_down() { is_set_up_ = false; }

    const Settings settings;
    Hooks hooks;
    Database awards_database;
    Database history_database;
    AwardStore awards;
    HistoryStore history;
    WorkQueue work;
    std::unique_ptr<AccountDirectory> accounts;
    CachedDirectory directory;
    Awarder awarder;
    std::shared_ptr<const RuleSet> rules;

    double seconds_now() const;

private:
    std::string fingerprint_;
    bool is_set_up_ = false;
};

// Throws std::runtime_error if the accounts file or the password file cannot be used.
std::unique_ptr<AccountDirectory> open_directory(const Settings& settings);

// The commit that is checked out where the directory lies, shortened; empty if that is no git repository.
std::string git_commit(const std::string& directory);

BadgeRow row_of(const Badge& badge);

}  // namespace badges
