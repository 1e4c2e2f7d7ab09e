#include "badges/awards/award_store.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "badges/awards/ids.hpp"
#include "badges/awards/messages.hpp"
#include "badges/awards/outbox.hpp"
#include "badges/awards/schema.hpp"

namespace badges {
namespace {

using soci::into;
using soci::use;

// Account names are ASCII.
std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

// SOCI's way to write a value that may be null.
template <class T>
soci::indicator presence(const std::optional<T>& value) {
    return value ? soci::i_ok : soci::i_null;
}
soci::indicator presence(const std::string& text) {
    return text.empty() ? soci::i_null : soci::i_ok;
}

std::string text_or_empty(const std::string& text, soci::indicator state) {
    return state == soci::i_ok ? text : std::string();
}

// By nickname or e-mail address, without regard to case; the nickname wins.
std::optional<Person> find_person(soci::session& sql, const std::string& name) {
    const std::string key = lower(name);
    Person person;
    int is_out = 0;
    long long rank = 0;
    soci::indicator has_nickname{}, has_website{}, has_bio{}, has_rank{};
    sql << "SELECT id, email, nickname, website, bio, CASE WHEN opt_out THEN 1 ELSE 0 END, rank FROM persons "
           "WHERE lower(nickname) = :a OR lower(email) = :b "
           "ORDER BY CASE WHEN lower(nickname) = :c THEN 0 ELSE 1 END LIMIT 1",
        into(person.id), into(person.email), into(person.nickname, has_nickname), into(person.website, has_website),
        into(person.bio, has_bio), into(is_out), into(rank, has_rank), use(key, "a"), use(key, "b"), use(key, "c");
    if (!sql.got_data()) return std::nullopt;
    person.nickname = text_or_empty(person.nickname, has_nickname);
    person.website = text_or_empty(person.website, has_website);
    person.bio = text_or_empty(person.bio, has_bio);
    person.is_opted_out = is_out != 0;
    if (has_rank == soci::i_ok) person.rank = rank;
    return person;
}

std::optional<BadgeRow> find_badge(soci::session& sql, const std::string& id) {
    BadgeRow badge;
    soci::indicator has_tags{};
    sql << "SELECT id, name, image, description, criteria, tags FROM badges WHERE id = :id", into(badge.id),
        into(badge.name), into(badge.image), into(badge.description), into(badge.criteria), into(badge.tags, has_tags),
        use(id, "id");
    if (!sql.got_data()) return std::nullopt;
    badge.tags = text_or_empty(badge.tags, has_tags);
    return badge;
}

bool has_assertion(soci::session& sql, const std::string& id) {
    int count = 0;
    sql << "SELECT count(*) FROM assertions WHERE id = :id", into(count), use(id, "id");
    return count != 0;
}

Person found_or_made_person(soci::session& sql, const Award& award) {
    if (auto person = find_person(sql, award.nickname)) return *person;
    const std::string at = sql_time(award.at);
    sql << "INSERT INTO persons (email, nickname, created_on) VALUES (:email, :nickname, :at) ON CONFLICT DO NOTHING",
        use(award.email, "email"), use(award.nickname, "nickname"), use(at, "at");
    if (auto person = find_person(sql, award.nickname)) return *person;
    if (auto person = find_person(sql, award.email)) return *person;
    throw DatabaseRefused("person " + award.nickname + " could not be inserted");
}

// False if it is there already: the database decides.
bool insert_assertion(soci::session& sql, const Award& award, const Person& person, const std::string& id,
                      const std::string& salt) {
    if (has_assertion(sql, id)) return false;
    const std::string at = sql_time(award.at);
    const std::string hash = recipient_hash(person.email, salt);
    soci::indicator has_link = presence(award.issued_for);
    soci::statement insert =
        (sql.prepare << "INSERT INTO assertions (id, badge_id, person_id, salt, issued_on, issued_for, recipient) "
                        "VALUES (:id, :badge, :person, :salt, :at, :link, :hash) ON CONFLICT DO NOTHING",
         use(id, "id"), use(award.badge_id, "badge"), use(person.id, "person"), use(salt, "salt"), use(at, "at"),
         use(award.issued_for, has_link, "link"), use(hash, "hash"));
    insert.execute(true);
    return insert.get_affected_rows() == 1;
}

// How often this assertion has been given before: 0, or more if it was revoked in between.
long long earlier_awards(soci::session& sql, const std::string& assertion) {
    long long count = 0;
    sql << "SELECT count(*) FROM award_log WHERE assertion_id = :id AND action = 'award'", into(count),
        use(assertion, "id");
    return count;
}

void log_action(soci::session& sql, const std::string& action, const std::string& assertion, const std::string& actor,
                const std::string& note, Time now) {
    const std::string at = sql_time(now);
    soci::indicator has_note = presence(note);
    sql << "INSERT INTO award_log (at, action, assertion_id, actor, note) VALUES (:at, :action, :id, :actor, :note)",
        use(at, "at"), use(action, "action"), use(assertion, "id"), use(actor, "actor"), use(note, has_note, "note");
}

long long issuer_id(soci::session& sql, const std::string& name) {
    long long id = 0;
    sql << "SELECT id FROM issuers WHERE name = :name", into(id), use(name, "name");
    return id;
}

void insert_badge(soci::session& sql, const BadgeRow& badge, long long issuer, Time now) {
    const std::string at = sql_time(now);
    soci::indicator has_tags = presence(badge.tags);
    sql << "INSERT INTO badges (id, name, image, description, criteria, issuer_id, created_on, tags) "
           "VALUES (:id, :name, :image, :description, :criteria, :issuer, :at, :tags)",
        use(badge.id, "id"), use(badge.name, "name"), use(badge.image, "image"), use(badge.description, "description"),
        use(badge.criteria, "criteria"), use(issuer, "issuer"), use(at, "at"), use(badge.tags, has_tags, "tags");
}

void update_badge(soci::session& sql, const BadgeRow& badge) {
    soci::indicator has_tags = presence(badge.tags);
    sql << "UPDATE badges SET name = :name, image = :image, description = :description, criteria = :criteria, "
           "tags = :tags WHERE id = :id",
        use(badge.name, "name"), use(badge.image, "image"), use(badge.description, "description"),
        use(badge.criteria, "criteria"), use(badge.tags, has_tags, "tags"), use(badge.id, "id");
}

// What the rule file says; tags that somebody has added by hand stay if the file has none.
BadgeRow updated(BadgeRow stored, const BadgeRow& wanted) {
    stored.image = wanted.image;
    stored.description = wanted.description;
    stored.criteria = wanted.criteria;
    if (!wanted.tags.empty()) stored.tags = wanted.tags;
    return stored;
}

bool is_same(const BadgeRow& a, const BadgeRow& b) {
    return std::tie(a.name, a.image, a.description, a.criteria, a.tags) ==
           std::tie(b.name, b.image, b.description, b.criteria, b.tags);
}

long long delete_rows(soci::session& sql, const std::string& table, const std::string& badge_id) {
    soci::statement statement =
        (sql.prepare << "DELETE FROM " + table + " WHERE badge_id = :badge", use(badge_id, "badge"));
    statement.execute(true);
    return statement.get_affected_rows();
}

}  // namespace

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
