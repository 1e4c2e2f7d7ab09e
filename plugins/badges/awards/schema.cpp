#include "badges/awards/schema.hpp"

#include <string>

namespace badges {
namespace {

// SERIAL stands for a number that the database gives out; SQLite gives one to every INTEGER PRIMARY KEY.
constexpr const char* kTables[] = {
    R"(CREATE TABLE IF NOT EXISTS issuers (id SERIAL PRIMARY KEY, origin TEXT NOT NULL, name TEXT NOT NULL UNIQUE,
       org TEXT NOT NULL, contact TEXT NOT NULL, created_on TIMESTAMP NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS badges (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, image TEXT NOT NULL, stl TEXT,
       description TEXT NOT NULL, criteria TEXT NOT NULL, issuer_id INTEGER NOT NULL REFERENCES issuers(id),
       created_on TIMESTAMP NOT NULL, tags TEXT))",
    R"(CREATE TABLE IF NOT EXISTS persons (id SERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE, _avatar TEXT,
       nickname TEXT UNIQUE, website TEXT, bio TEXT, created_on TIMESTAMP NOT NULL, last_login TIMESTAMP,
       opt_out BOOLEAN NOT NULL DEFAULT FALSE, rank INTEGER))",
    R"(CREATE TABLE IF NOT EXISTS assertions (id TEXT PRIMARY KEY, badge_id TEXT NOT NULL REFERENCES badges(id),
       person_id INTEGER NOT NULL REFERENCES persons(id), salt TEXT NOT NULL, issued_on TIMESTAMP NOT NULL,
       issued_for TEXT, recipient TEXT NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS invitations (id TEXT PRIMARY KEY, created_on TIMESTAMP NOT NULL,
       expires_on TIMESTAMP NOT NULL, badge_id TEXT NOT NULL REFERENCES badges(id),
       created_by INTEGER NOT NULL REFERENCES persons(id)))",
    R"(CREATE TABLE IF NOT EXISTS authorizations (id SERIAL PRIMARY KEY, badge_id TEXT NOT NULL REFERENCES badges(id),
       person_id INTEGER NOT NULL REFERENCES persons(id)))",
    R"(CREATE TABLE IF NOT EXISTS current_values (badge_id TEXT NOT NULL REFERENCES badges(id),
       person_id INTEGER NOT NULL REFERENCES persons(id), value INTEGER NOT NULL, last_update TIMESTAMP NOT NULL,
       PRIMARY KEY (badge_id, person_id)))",
    R"(CREATE TABLE IF NOT EXISTS team (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_on TIMESTAMP NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS series (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT,
       created_on TIMESTAMP NOT NULL, last_updated TIMESTAMP NOT NULL, tags TEXT, team_id TEXT REFERENCES team(id)))",
    R"(CREATE TABLE IF NOT EXISTS milestone (id SERIAL PRIMARY KEY, position INTEGER,
       badge_id TEXT NOT NULL REFERENCES badges(id), series_id TEXT NOT NULL REFERENCES series(id),
       UNIQUE (position, badge_id, series_id)))",
    // From here on: the plugin's own.
    R"(CREATE TABLE IF NOT EXISTS award_log (at TIMESTAMP NOT NULL, action TEXT NOT NULL, assertion_id TEXT NOT NULL,
       actor TEXT NOT NULL, msg_id TEXT, value INTEGER, note TEXT))",
    R"(CREATE TABLE IF NOT EXISTS outbox (msg_id TEXT PRIMARY KEY, topic TEXT NOT NULL, body TEXT NOT NULL,
       sent_at TIMESTAMP, queued_at TIMESTAMP NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS counter_events (query_key TEXT NOT NULL, person TEXT NOT NULL, msg_id TEXT NOT NULL,
       PRIMARY KEY (query_key, person, msg_id)))",
    "CREATE INDEX IF NOT EXISTS assertions_person ON assertions (person_id)",
    "CREATE INDEX IF NOT EXISTS assertions_badge ON assertions (badge_id)",
    "CREATE INDEX IF NOT EXISTS persons_rank ON persons (rank)",
    "CREATE INDEX IF NOT EXISTS persons_lower_nickname ON persons (lower(nickname))",
    "CREATE INDEX IF NOT EXISTS persons_lower_email ON persons (lower(email))",
    "CREATE INDEX IF NOT EXISTS award_log_assertion ON award_log (assertion_id)",
    "CREATE INDEX IF NOT EXISTS outbox_unsent ON outbox (queued_at) WHERE sent_at IS NULL",
};

std::string for_engine(std::string statement, SqlEngine engine) {
    constexpr std::string_view kSerial = "SERIAL";
    const auto at = statement.find(kSerial);
    if (engine == SqlEngine::sqlite && at != std::string::npos) statement.replace(at, kSerial.size(), "INTEGER");
    return statement;
}

}  // namespace

void create_schema(Database& database) {
    database.write([&](soci::session& sql) {
        for (const char* table : kTables) sql << for_engine(table, database.engine());
    });
}

}  // namespace badges
