// The tables of the awards database. Names and columns are those of the badge web site, so that its SQL keeps working.
#pragma once

#include "badges/awards/database.hpp"

namespace badges {

// Makes what is missing and leaves what is there, also when two processes do it at the same time.
void create_schema(Database& database);

}  // namespace badges
