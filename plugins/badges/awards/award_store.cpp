#include "badges/awards/award_store.hpp"

#include <openssl/rand.h>

#include <array>
#include <utility>

#include "badges/awards/ids.hpp"
#include "badges/awards/messages.hpp"
#include "badges/awards/outbox.hpp"
#include "badges/awards/rows.hpp"
#include "badges/awards/schema.hpp"

namespace badges {

using soci::into;
using soci::use;

AwardStore::AwardStore(Database& database, Settings settings) : database_(database), settings_(std::move(settings)) {
    if (!settings_.salt) settings_.salt = &random_salt;
}

void AwardStore::set_up(const Issuer& issuer, Time now) {
    create_schema(database_);
    const std::string at = sql_time(now);
    database_.write([&](soci::session& sql) {
        sql << "INSERT INTO issuers (origin, name, org, contact, created_on) "
               "VALUES (:origin, :name, :org, :contact, :at) ON CONFLICT DO NOTHING",
            use(issuer.origin, "origin"), use(issuer.name, "name"), use(issuer.org, "org"),
            use(issuer.contact, "contact"), use(at, "at");
        issuer_id_ = issuer_id(sql, issuer.name);
        recompute_ranks(sql);
    });
}

std::vector<std::string> AwardStore::sync(const std::vector<BadgeRow>& badges, Time now) {
    std::vector<std::string> refused;
    for (const BadgeRow& badge : badges) {
        try {
            sync_one(badge, now);
        } catch (const DatabaseRefused& error) {
            refused.push_back("badge " + badge.id + ": " + error.what());
        }
    }
    return refused;
}

void AwardStore::sync_one(const BadgeRow& badge, Time now) {
    const std::optional<BadgeRow> stored = this->badge(badge.id);
    if (stored && is_same(*stored, updated(*stored, badge))) return;
    database_.write([&](soci::session& sql) {
        if (const auto current = find_badge(sql, badge.id))
            update_badge(sql, updated(*current, badge));
        else
            insert_badge(sql, badge, issuer_id_, now);
    });
}

Awarded AwardStore::award(const Award& award) {
    Awarded result;
    settings_.at_step("before the award");
    database_.write([&](soci::session& sql) {
        result = award_within(sql, award);
        settings_.at_step("before the commit");
    });
    settings_.at_step("after the commit");
    return result;
}

Awarded AwardStore::award_within(soci::session& sql, const Award& award) {
    const Person person = found_or_made_person(sql, award);
    settings_.at_step("after the person");
    Awarded result{false, person.id, person.rank, person.rank};
    const std::string assertion = assertion_id(award.badge_id, person.id);
    if (!insert_assertion(sql, award, person, assertion, settings_.salt())) return result;
    settings_.at_step("after the assertion");
    result.is_new = true;
    result.rank = rank_after_award(sql, person.id, person.rank);
    settings_.at_step("after the ranks");
    queue_messages(sql, award, person, result, assertion);
    settings_.at_step("after the outbox");
    log_award(sql, award, assertion);
    return result;
}

void AwardStore::queue_messages(soci::session& sql, const Award& award, const Person& person, const Awarded& result,
                                const std::string& assertion) const {
    const long long generation = earlier_awards(sql, assertion);
    const std::string name = generation == 0 ? assertion : assertion + " #" + std::to_string(generation + 1);
    const auto id = [&](const std::string& what) { return message_id(award.at, settings_.issuer_origin, what); };
    const auto badge = find_badge(sql, award.badge_id);
    if (!badge) throw DatabaseRefused("there is no badge " + award.badge_id);
    queue_message(sql, {id(name), kAwardTopic, award_message(*badge, person, award.rule_members)}, award.at);
    if (!result.rank || (result.rank == result.old_rank && !settings_.always_publish_rank)) return;
    queue_message(sql, {id("rank " + name), kRankTopic, rank_message(person, result)}, award.at);
}

void AwardStore::log_award(soci::session& sql, const Award& award, const std::string& assertion) const {
    const std::string at = sql_time(award.at);
    const long long value = award.value.value_or(0);
    soci::indicator has_value = presence(award.value);
    soci::indicator has_note = presence(award.note);
    soci::indicator has_msg = presence(award.msg_id);
    sql << "INSERT INTO award_log (at, action, assertion_id, actor, msg_id, value, note) "
           "VALUES (:at, 'award', :id, :actor, :msg, :value, :note)",
        use(at, "at"), use(assertion, "id"), use(award.actor, "actor"), use(award.msg_id, has_msg, "msg"),
        use(value, has_value, "value"), use(award.note, has_note, "note");
}

bool AwardStore::revoke(const std::string& badge_id, const std::string& nickname, const std::string& actor,
                        const std::string& note, Time now) {
    bool is_revoked = false;
    database_.write([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        if (!person) return;
        const std::string id = assertion_id(badge_id, person->id);
        if (!has_assertion(sql, id)) return;
        sql << "DELETE FROM assertions WHERE id = :id", use(id, "id");
        recompute_ranks(sql);
        log_action(sql, "revoke", id, actor, note, now);
        is_revoked = true;
    });
    return is_revoked;
}

std::optional<Person> AwardStore::person(const std::string& nickname) {
    std::optional<Person> found;
    database_.read([&](soci::session& sql) { found = find_person(sql, nickname); });
    return found;
}

std::optional<BadgeRow> AwardStore::badge(const std::string& badge_id) {
    std::optional<BadgeRow> found;
    database_.read([&](soci::session& sql) { found = find_badge(sql, badge_id); });
    return found;
}

bool AwardStore::holds(const std::string& badge_id, const std::string& nickname) {
    bool is_held = false;
    database_.read([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        is_held = person && has_assertion(sql, assertion_id(badge_id, person->id));
    });
    return is_held;
}

Standing AwardStore::standing(const std::string& nickname) {
    Standing standing;
    database_.read([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        if (!person) return;
        standing.is_opted_out = person->is_opted_out;
        std::string badge_id;
        soci::statement statement = (sql.prepare << "SELECT badge_id FROM assertions WHERE person_id = :id",
                                     into(badge_id), use(person->id, "id"));
        statement.execute();
        while (statement.fetch()) standing.badges.insert(badge_id);
    });
    return standing;
}

bool AwardStore::set_opt_out(const std::string& nickname, bool is_out) {
    bool is_known = false;
    database_.write([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        if (!person) return;
        sql << std::string("UPDATE persons SET opt_out = ") + (is_out ? "TRUE" : "FALSE") + " WHERE id = :id",
            use(person->id, "id");
        recompute_ranks(sql);
        is_known = true;
    });
    return is_known;
}

bool AwardStore::edit_badge(const BadgeRow& changes, const std::string& actor, Time now) {
    bool is_known = false;
    database_.write([&](soci::session& sql) {
        auto badge = find_badge(sql, changes.id);
        if (!badge) return;
        for (const auto member :
             {&BadgeRow::name, &BadgeRow::image, &BadgeRow::description, &BadgeRow::criteria, &BadgeRow::tags})
            if (!(changes.*member).empty()) (*badge).*member = changes.*member;
        update_badge(sql, *badge);
        log_action(sql, "edit", changes.id, actor, "", now);
        is_known = true;
    });
    return is_known;
}

std::optional<long long> AwardStore::delete_badge(const std::string& badge_id, const std::string& actor, Time now) {
    std::optional<long long> held;
    database_.write([&](soci::session& sql) {
        if (!find_badge(sql, badge_id)) return;
        held = delete_rows(sql, "assertions", badge_id);
        for (const char* table : {"authorizations", "invitations", "current_values", "milestone"})
            delete_rows(sql, table, badge_id);
        sql << "DELETE FROM badges WHERE id = :id", use(badge_id, "id");
        recompute_ranks(sql);
        log_action(sql, "edit", badge_id, actor, "deleted; " + std::to_string(*held) + " held it", now);
    });
    return held;
}

bool AwardStore::grant_authorization(const std::string& badge_id, const std::string& nickname) {
    bool is_changed = false;
    database_.write([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        if (!person || !find_badge(sql, badge_id) || has_authorization(sql, badge_id, person->id)) return;
        sql << "INSERT INTO authorizations (badge_id, person_id) VALUES (:badge, :person)", use(badge_id, "badge"),
            use(person->id, "person");
        is_changed = true;
    });
    return is_changed;
}

bool AwardStore::revoke_authorization(const std::string& badge_id, const std::string& nickname) {
    bool is_changed = false;
    database_.write([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        if (!person || !has_authorization(sql, badge_id, person->id)) return;
        sql << "DELETE FROM authorizations WHERE badge_id = :badge AND person_id = :person", use(badge_id, "badge"),
            use(person->id, "person");
        is_changed = true;
    });
    return is_changed;
}

bool AwardStore::is_authorized(const std::string& badge_id, const std::string& nickname) {
    bool is_authorized = false;
    database_.read([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        is_authorized = person && has_authorization(sql, badge_id, person->id);
    });
    return is_authorized;
}

bool AwardStore::has_authorization(soci::session& sql, const std::string& badge_id, long long person_id) {
    int count = 0;
    sql << "SELECT count(*) FROM authorizations WHERE badge_id = :badge AND person_id = :person", into(count),
        use(badge_id, "badge"), use(person_id, "person");
    return count != 0;
}

std::vector<std::string> AwardStore::nicknames() {
    std::vector<std::string> names;
    database_.read([&](soci::session& sql) {
        std::string name;
        soci::statement statement =
            (sql.prepare << "SELECT nickname FROM persons WHERE nickname IS NOT NULL ORDER BY nickname", into(name));
        statement.execute();
        while (statement.fetch()) names.push_back(name);
    });
    return names;
}

std::vector<HeldBadge> AwardStore::held_by(const std::string& nickname) {
    std::vector<HeldBadge> held;
    database_.read([&](soci::session& sql) {
        const auto person = find_person(sql, nickname);
        if (!person) return;
        HeldBadge row;
        soci::indicator has_actor{}, has_msg{}, has_note{};
        soci::statement statement =
            (sql.prepare << "SELECT badges.id, badges.name, CAST(assertions.issued_on AS TEXT), log.actor, log.msg_id, "
                            "log.note FROM assertions JOIN badges ON badges.id = assertions.badge_id "
                            "LEFT JOIN award_log AS log ON log.assertion_id = assertions.id AND log.action = 'award' "
                            "WHERE person_id = :id ORDER BY assertions.issued_on, badges.id, log.at",
             into(row.badge_id), into(row.name), into(row.issued_on), into(row.actor, has_actor),
             into(row.msg_id, has_msg), into(row.note, has_note), use(person->id, "id"));
        statement.execute();
        while (statement.fetch()) {
            // Given again after it was revoked: the newest entry of the log counts.
            if (!held.empty() && held.back().badge_id == row.badge_id) held.pop_back();
            held.push_back(row);
            held.back().actor = text_or_empty(row.actor, has_actor);
            held.back().msg_id = text_or_empty(row.msg_id, has_msg);
            held.back().note = text_or_empty(row.note, has_note);
        }
    });
    return held;
}

std::vector<LeaderboardRow> AwardStore::leaderboard(int limit) {
    std::vector<LeaderboardRow> rows;
    database_.read([&](soci::session& sql) {
        LeaderboardRow row;
        soci::indicator has_nickname{};
        soci::statement statement =
            (sql.prepare << "SELECT rank, nickname, (SELECT count(*) FROM assertions WHERE person_id = persons.id) "
                            "FROM persons WHERE rank IS NOT NULL AND NOT opt_out ORDER BY rank, nickname LIMIT " +
                                std::to_string(limit),
             into(row.rank), into(row.nickname, has_nickname), into(row.awards));
        statement.execute();
        while (statement.fetch()) rows.push_back(row);
    });
    return rows;
}

void AwardStore::repair_ranks() {
    database_.write([](soci::session& sql) { recompute_ranks(sql); });
}

long long AwardStore::count_event(const std::string& query_key, const std::string& person, const std::string& msg_id) {
    long long count = 0;
    database_.write([&](soci::session& sql) {
        sql << "INSERT INTO counter_events (query_key, person, msg_id) VALUES (:key, :person, :msg) "
               "ON CONFLICT DO NOTHING",
            use(query_key, "key"), use(person, "person"), use(msg_id, "msg");
        sql << "SELECT count(*) FROM counter_events WHERE query_key = :key AND person = :person", into(count),
            use(query_key, "key"), use(person, "person");
    });
    return count;
}

long long AwardStore::events_with(const std::string& query_key, const std::string& person, const std::string& msg_id) {
    long long others = 0;
    database_.read([&](soci::session& sql) {
        sql << "SELECT count(*) FROM counter_events WHERE query_key = :key AND person = :person AND msg_id <> :msg",
            into(others), use(query_key, "key"), use(person, "person"), use(msg_id, "msg");
    });
    return others + 1;
}

long long AwardStore::awards_since(Time since) {
    long long count = 0;
    const std::string at = sql_time(since);
    database_.read([&](soci::session& sql) {
        sql << "SELECT count(*) FROM award_log WHERE action = 'award' AND actor LIKE 'rule:%' AND at > :at",
            into(count), use(at, "at");
    });
    return count;
}

std::string random_salt() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL has no random numbers");
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) (text += kDigits[byte >> 4]) += kDigits[byte & 15];
    return text;
}

}  // namespace badges
