// The bodies of the messages that the awarder publishes (badges.md section 4). Pure functions; any thread.
#pragma once

#include <string>

namespace badges {

struct BadgeRow;
struct Person;
struct Awarded;

inline constexpr const char* kAwardTopic = "fedbadges.badge.award";
inline constexpr const char* kRankTopic = "fedbadges.person.rank.advance";

// `rule_members`: JSON text of an object whose members are put into "badge" as well, or empty.
std::string award_message(const BadgeRow& badge, const Person& person, const std::string& rule_members);
std::string rank_message(const Person& person, const Awarded& result);

}  // namespace badges
