// The rows of the awards database: what AwardStore's transactions are made of. All run inside the caller's session.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>

#include "badges/awards/award_store.hpp"

namespace badges {

// By nickname or e-mail address, without regard to case; the nickname wins.
std::optional<Person> find_person(soci::session& sql, const std::string& name);
Person found_or_made_person(soci::session& sql, const Award& award);

std::optional<BadgeRow> find_badge(soci::session& sql, const std::string& id);
void insert_badge(soci::session& sql, const BadgeRow& badge, long long issuer, Time now);
void update_badge(soci::session& sql, const BadgeRow& badge);
// What the rule file says; tags that somebody has added by hand stay if the file has none.
BadgeRow updated(BadgeRow stored, const BadgeRow& wanted);
bool is_same(const BadgeRow& a, const BadgeRow& b);

bool has_assertion(soci::session& sql, const std::string& id);
// False if it is there already: the database decides.
bool insert_assertion(soci::session& sql, const Award& award, const Person& person, const std::string& id,
                      const std::string& salt);

// How often this assertion has been given before: 0, or more if it was revoked in between.
long long earlier_awards(soci::session& sql, const std::string& assertion);
void log_action(soci::session& sql, const std::string& action, const std::string& assertion, const std::string& actor,
                const std::string& note, Time now);

long long issuer_id(soci::session& sql, const std::string& name);
// The rows of `table` that belong to this badge. How many there were.
long long delete_rows(soci::session& sql, const std::string& table, const std::string& badge_id);

// SOCI's way with values that may be null.
template <class T>
soci::indicator presence(const std::optional<T>& value) {
    return value ? soci::i_ok : soci::i_null;
}
inline soci::indicator presence(const std::string& text) {
    return text.empty() ? soci::i_null : soci::i_ok;
}
inline std::string text_or_empty(const std::string& text, soci::indicator state) {
    return state == soci::i_ok ? text : std::string();
}

}  // namespace badges
