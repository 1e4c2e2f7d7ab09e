#include "badges/awards/rows.hpp"

#include <algorithm>
#include <tuple>

#include "badges/awards/ids.hpp"

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

}  // namespace

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

}  // namespace badges
