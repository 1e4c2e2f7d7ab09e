// The awards: who holds which badge, since when, by whom. On SQLite or PostgreSQL (badges.md section 4).
//
// Uniqueness is in the database: any number of threads and processes, each with a store of its own, may give the same
// award; one of them does. An award is one transaction: person, assertion, ranks, award_log and the outgoing messages.
// Threads: one at a time per store. Errors: DatabaseUnavailable, DatabaseRefused (awards/database.hpp).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "badges/awards/database.hpp"
#include "badges/awards/ranks.hpp"

namespace badges {

using Time = std::chrono::system_clock::time_point;

struct Issuer {
    std::string origin;
    std::string name;
    std::string org;
    std::string contact;
};

struct BadgeRow {
    std::string id;
    std::string name;
    std::string image;
    std::string description;
    std::string criteria;  // a link
    std::string tags;      // a comma after every tag
};

struct Person {
    long long id = 0;
    std::string email;
    std::string nickname;
    std::string website;
    std::string bio;
    bool is_opted_out = false;
    Rank rank;
};

struct Award {
    std::string badge_id;
    std::string nickname;
    std::string email;  // of the account, should it be new here
    std::string actor;  // "rule:FILE@COMMIT" or "user:NAME"
    std::string msg_id;
    std::string issued_for;          // a link to the message
    std::optional<long long> value;  // what the criterion counted
    std::string note;
    Time at;
    std::string rule_members;  // further members of "badge" in the message: JSON text of an object, or empty
};

struct Awarded {
    bool is_new = false;
    long long person_id = 0;
    Rank old_rank;
    Rank rank;
};

struct HeldBadge {
    std::string badge_id;
    std::string name;
    std::string issued_on;
    std::string actor;
    std::string msg_id;
    std::string note;
};

struct LeaderboardRow {
    long long rank = 0;
    std::string nickname;
    long long awards = 0;
};

// What the awards say about one person.
struct Standing {
    bool is_opted_out = false;
    std::set<std::string> badges;  // ids of those held
};

class AwardStore {
public:
    struct Settings {
        std::string issuer_origin;
        bool always_publish_rank = false;   // the original's way: also when the number is the same
        std::function<std::string()> salt;  // for a new assertion
        std::function<void(const char*)> at_step = [](const char*) {};  // told of each step; tests throw or die there
    };

    AwardStore(Database& database, Settings settings);

    // Tables, the issuer, and ranks in full.
    void set_up(const Issuer& issuer, Time now);
    // Inserts badges that are absent and updates those whose image, description, criteria or tags have changed. One
    // transaction per badge. Returns a line for each badge that the database refused.
    std::vector<std::string> sync(const std::vector<BadgeRow>& badges, Time now);

    Awarded award(const Award& award);
    // False if the person does not hold it.
    bool revoke(const std::string& badge_id, const std::string& nickname, const std::string& actor,
                const std::string& note, Time now);

    std::optional<Person> person(const std::string& nickname);
    std::optional<BadgeRow> badge(const std::string& badge_id);
    bool holds(const std::string& badge_id, const std::string& nickname);
    Standing standing(const std::string& nickname);
    bool set_opt_out(const std::string& nickname, bool is_out);

    // Members that are empty stay as they are. False if there is no such badge.
    bool edit_badge(const BadgeRow& changes, const std::string& actor, Time now);
    // With its assertions and authorizations. Nothing if there is no such badge, else how many held it.
    std::optional<long long> delete_badge(const std::string& badge_id, const std::string& actor, Time now);

    // False if it is so already, or if badge or person is unknown.
    bool grant_authorization(const std::string& badge_id, const std::string& nickname);
    bool revoke_authorization(const std::string& badge_id, const std::string& nickname);
    bool is_authorized(const std::string& badge_id, const std::string& nickname);

    std::vector<std::string> nicknames();
    std::vector<HeldBadge> held_by(const std::string& nickname);
    std::vector<LeaderboardRow> leaderboard(int limit);
    void repair_ranks();

    // Notes that this message triggered the rule for this person (once), and returns how many have, this one included.
    long long count_event(const std::string& query_key, const std::string& person, const std::string& msg_id);
    // The same without a note: for dry runs.
    long long events_with(const std::string& query_key, const std::string& person, const std::string& msg_id);
    // How many awards rules have given since then.
    long long awards_since(Time since);

private:
    void sync_one(const BadgeRow& badge, Time now);
    Awarded award_within(soci::session& sql, const Award& award);
    void log_award(soci::session& sql, const Award& award, const std::string& assertion) const;
    void queue_messages(soci::session& sql, const Award& award, const Person& person, const Awarded& result,
                        const std::string& assertion) const;
    static bool has_authorization(soci::session& sql, const std::string& badge_id, long long person_id);

    Database& database_;
    Settings settings_;
    long long issuer_id_ = 0;
};

// 128 random bits as hex.
std::string random_salt();

}  // namespace badges
