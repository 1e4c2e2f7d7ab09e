#include "badges/tools/periodic.hpp"

#include <chrono>

namespace badges {
namespace {

// As for messages: no service names, nobody who holds it or has opted out.
bool may_have(Engine& engine, const std::string& badge_id, const std::string& person) {
    if (engine.settings.skip_users.count(person) != 0) return false;
    const Standing standing = engine.awards.standing(person);
    return !standing.is_opted_out && standing.badges.count(badge_id) == 0;
}

void give(Engine& engine, const std::string& badge_id, const std::string& person, const std::string& actor,
          std::vector<std::string>& given) {
    if (!may_have(engine, badge_id, person)) return;
    if (engine.awarder.limit().next(engine.seconds_now()) > engine.seconds_now()) {
        engine.hooks.count("awards_held_back");
        return engine.hooks.alert("badges.max_awards_per_hour is reached: " + badge_id + " to " + person +
                                  " waits for the next time");
    }
    given.push_back(badge_id + " to " + person);
    if (engine.settings.dry_run) return engine.hooks.info("dry run, would award: " + given.back());
    Award award;
    award.badge_id = badge_id;
    award.nickname = person;
    award.email = person + "@" + engine.settings.hosts.email_domain;
    award.actor = actor;
    award.at = engine.hooks.now();
    if (!engine.awards.award(award).is_new) return given.pop_back();
    engine.awarder.limit().note(engine.seconds_now());
    engine.hooks.count("awards");
    engine.hooks.info("awarded: " + given.back() + " (" + actor + ")");
}

// A day in a year that has no 29th of February counts as the 1st of March.
bool is_older_than(const Account& account, int years, Time now) {
    if (!account.created) return false;
    const auto day = std::chrono::floor<std::chrono::days>(*account.created);
    const std::chrono::year_month_day born(day);
    const std::chrono::year_month_day birthday = born + std::chrono::years(years);
    return std::chrono::sys_days(birthday) <= now;
}

}  // namespace

std::vector<std::string> award_group_badges(Engine& engine) {
    std::vector<std::string> given;
    for (const GroupBadge& badge : engine.settings.group_badges) {
        if (!engine.awards.badge(badge.badge_id)) {
            engine.hooks.alert("badges.group_badges: there is no badge " + badge.badge_id);
            continue;
        }
        for (const std::string& person : engine.directory.members(badge.group, badge.membership))
            give(engine, badge.badge_id, person, "group:" + badge.group, given);
    }
    return given;
}

std::vector<std::string> award_account_ages(Engine& engine, const std::map<int, std::string>& badges) {
    std::vector<std::string> given;
    for (const std::string& person : engine.awards.nicknames()) {
        const auto account = engine.directory.find(person);
        if (!account) continue;
        for (const auto& [years, badge_id] : badges)
            if (is_older_than(*account, years, engine.hooks.now()))
                give(engine, badge_id, person, "account-age", given);
    }
    return given;
}

}  // namespace badges
