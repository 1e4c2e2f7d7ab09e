#include "badges/awards/ranks.hpp"

namespace badges {
namespace {

Rank stored_rank(soci::session& sql, long long person_id) {
    long long rank = 0;
    soci::indicator is_there = soci::i_null;
    sql << "SELECT rank FROM persons WHERE id = :id", soci::into(rank, is_there), soci::use(person_id, "id");
    return is_there == soci::i_ok ? Rank(rank) : std::nullopt;
}

long long awards_of(soci::session& sql, long long person_id) {
    long long count = 0;
    sql << "SELECT count(*) FROM assertions WHERE person_id = :id", soci::into(count), soci::use(person_id, "id");
    return count;
}

bool is_opted_out(soci::session& sql, long long person_id) {
    int is_out = 0;
    sql << "SELECT CASE WHEN opt_out THEN 1 ELSE 0 END FROM persons WHERE id = :id", soci::into(is_out),
        soci::use(person_id, "id");
    return is_out != 0;
}

long long ranked_people(soci::session& sql) {
    long long count = 0;
    sql << "SELECT count(*) FROM persons WHERE rank IS NOT NULL", soci::into(count);
    return count;
}

// One of those right above `rank` (without one: of the last ones), or nothing if nobody is there.
std::optional<std::pair<long long, long long>> next_above(soci::session& sql, const Rank& rank) {
    long long id = 0;
    long long above = 0;
    const long long limit = rank.value_or(2'147'483'647LL);
    sql << "SELECT id, rank FROM persons WHERE rank < :rank ORDER BY rank DESC LIMIT 1", soci::into(id),
        soci::into(above), soci::use(limit, "rank");
    if (!sql.got_data()) return std::nullopt;
    return std::pair(id, above);
}

void let_peers_fall(soci::session& sql, long long person_id, long long rank) {
    sql << "UPDATE persons SET rank = rank + 1 WHERE rank = :rank AND id <> :id", soci::use(rank, "rank"),
        soci::use(person_id, "id");
}

}  // namespace

void recompute_ranks(soci::session& sql) {
    sql << R"(WITH totals AS (SELECT person_id, count(*) AS total FROM assertions GROUP BY person_id),
              ranked AS (SELECT persons.id AS id, RANK() OVER (ORDER BY totals.total DESC) AS place
                         FROM persons JOIN totals ON totals.person_id = persons.id WHERE NOT persons.opt_out)
              UPDATE persons SET rank = (SELECT place FROM ranked WHERE ranked.id = persons.id)
              WHERE rank IS DISTINCT FROM (SELECT place FROM ranked WHERE ranked.id = persons.id))";
}

Rank rank_after_award(soci::session& sql, long long person_id, const Rank& before) {
    if (is_opted_out(sql, person_id)) return std::nullopt;
    const long long total = awards_of(sql, person_id);
    const bool was_ranked = total > 1;
    if (before.has_value() != was_ranked) {
        recompute_ranks(sql);
        return stored_rank(sql, person_id);
    }
    const auto above = next_above(sql, before);
    const bool has_caught_up = above && awards_of(sql, above->first) == total;
    const long long rank = has_caught_up ? above->second : before.value_or(ranked_people(sql) + 1);
    if (before) let_peers_fall(sql, person_id, *before);
    sql << "UPDATE persons SET rank = :rank WHERE id = :id", soci::use(rank, "rank"), soci::use(person_id, "id");
    return rank;
}

}  // namespace badges
