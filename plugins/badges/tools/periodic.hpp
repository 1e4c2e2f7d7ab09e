// Awards that no message triggers: what the original site gave by cron jobs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "badges/engine.hpp"

namespace badges {

// The badges of badges.group_badges, to those who are in the group and do not hold them. Returns "BADGE to PERSON"
// lines. Throws DirectoryUnreachable, DatabaseUnavailable.
std::vector<std::string> award_group_badges(Engine& engine);

// `badges`: badge ids by years. To everybody in the awards database whose account is that old.
std::vector<std::string> award_account_ages(Engine& engine, const std::map<int, std::string>& badges);

}  // namespace badges
