// The identifiers of the awards database. Pure functions; any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace badges {

// "BADGEID -> PERSONID", as the web site builds it.
std::string assertion_id(std::string_view badge_id, long long person_id);

// Lower-case hex SHA-256 of the e-mail address followed by the salt.
std::string recipient_hash(std::string_view email, std::string_view salt);

// YEAR-UUID, with the name-based UUID (RFC 4122, version 5) of `name` in the name space of this issuer: the same award
// of the same issuer always has the same message id, and two issuers on one bus never share one.
std::string message_id(std::chrono::system_clock::time_point issued, std::string_view issuer_origin,
                       std::string_view name);

// The same without the year.
std::string name_uuid(std::string_view issuer_origin, std::string_view name);

}  // namespace badges
