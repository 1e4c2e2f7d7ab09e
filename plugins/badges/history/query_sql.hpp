// A Query as SQL over the tables of the history store. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "badges/rules/history.hpp"

namespace badges {

struct Sql {
    std::string text;
    std::vector<std::string> parameters;  // of :p0, :p1, ...
};

// Which messages are looked at: those up to the number `horizon` but not `excluded` (0: none is left out).
struct Scope {
    long long horizon = 0;
    long long excluded = 0;
};

// False: SQL narrows the rows down, and matches() has to look at each one.
bool sql_can_decide(const Query& query);

Sql count_sql(const Query& query, const Scope& scope);
// topic, at, msg_id, category, i, agent, users, packages, body; newest first.
Sql rows_sql(const Query& query, const Scope& scope);

}  // namespace badges
