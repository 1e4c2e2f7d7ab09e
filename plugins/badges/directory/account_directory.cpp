#include "badges/directory/account_directory.hpp"

#include <cstdio>

namespace badges {

std::optional<std::chrono::system_clock::time_point> parse_day(const std::string& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    constexpr int kFirst = 1900, kLast = 2200;  // what the clock's type can hold, with room on both sides
    if (!date.ok() || year < kFirst || year > kLast) return std::nullopt;
    return std::chrono::sys_days(date);
}

}  // namespace badges
