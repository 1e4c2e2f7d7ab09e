// Ranks of people by their number of awards.
//
// Rules (badges.md section 4; "5, 5, 3, 2" gives "1, 1, 3, 4"):
// - one's rank is 1 + the number of people who have more awards; equal numbers share a rank;
// - who has opted out, or has no award, has no rank (null) and does not count.
// All functions run inside a transaction of the caller that no other writer can enter.
#pragma once

#include <soci/soci.h>

#include <optional>

namespace badges {

using Rank = std::optional<long long>;

// For all people, by one statement. Touches only rows whose rank changes.
void recompute_ranks(soci::session& sql);

// After one more award for this person. `before`: the rank until now. Touches this person and those who had the same
// number of awards: nobody else's rank can change. Returns the new rank. If what is stored cannot be right (somebody
// opted in again, say) all ranks are recomputed.
Rank rank_after_award(soci::session& sql, long long person_id, const Rank& before);

}  // namespace badges
