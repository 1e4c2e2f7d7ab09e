#include "twitterbot/queue/store.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdlib>
#include <stdexcept>

namespace twitterbot {

namespace {

constexpr const char* kTables[] = {
    "CREATE TABLE IF NOT EXISTS texts (account TEXT NOT NULL, digest TEXT NOT NULL, msg_id TEXT NOT NULL,"
    " time REAL NOT NULL, PRIMARY KEY (account, digest)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS media (account TEXT NOT NULL, picture TEXT NOT NULL, id TEXT NOT NULL,"
    " time REAL NOT NULL, PRIMARY KEY (account, picture)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS sent (account TEXT NOT NULL, time REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS sent_time ON sent (account, time)",
    "CREATE TABLE IF NOT EXISTS notes (account TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (account, name)) WITHOUT ROWID",
};

}  // namespace

struct Store::Database {
    std::string file;
    soci::session sql;

    template <class Work>
    auto guarded(Work&& work) {
        try {
            return work();
        } catch (const soci::soci_error& error) {
            throw std::runtime_error("the file " + file + ": " + error.what() +
                                     ": is the disk full, or the file not writable by this user?");
        }
    }
};

Store::Store(const std::string& file) : database_(std::make_unique<Database>()) {
    database_->file = file;
    database_->guarded([&] {
        database_->sql.open(soci::sqlite3, "db=\"" + file + "\" timeout=30 synchronous=full");
        std::string mode;
        database_->sql << "PRAGMA journal_mode = WAL", soci::into(mode);
        for (const char* table : kTables) database_->sql << table;
    });
}

Store::~Store() = default;

std::optional<std::string> Store::claim_text(const std::string& account, const std::string& digest,
                                             const std::string& msg_id, double now, double oldest) {
    return database_->guarded([&]() -> std::optional<std::string> {
        std::string other;
        double time = 0;
        database_->sql << "SELECT msg_id, time FROM texts WHERE account = :account AND digest = :digest",
            soci::use(account), soci::use(digest), soci::into(other), soci::into(time);
        const bool is_taken = database_->sql.got_data() && other != msg_id && time >= oldest;
        if (is_taken) return other;
        database_->sql << "REPLACE INTO texts (account, digest, msg_id, time) VALUES (:account, :digest, :id, :time)",
            soci::use(account), soci::use(digest), soci::use(msg_id), soci::use(now);
        return std::nullopt;
    });
}

std::optional<std::string> Store::media(const std::string& account, const std::string& picture, double oldest) {
    return database_->guarded([&]() -> std::optional<std::string> {
        std::string id;
        database_->sql << "SELECT id FROM media WHERE account = :account AND picture = :picture AND time >= :oldest",
            soci::use(account), soci::use(picture), soci::use(oldest), soci::into(id);
        return database_->sql.got_data() ? std::optional(id) : std::nullopt;
    });
}

void Store::keep_media(const std::string& account, const std::string& picture, const std::string& id, double now) {
    database_->guarded([&] {
        database_->sql << "REPLACE INTO media (account, picture, id, time) VALUES (:account, :picture, :id, :time)",
            soci::use(account), soci::use(picture), soci::use(id), soci::use(now);
    });
}

std::vector<double> Store::sent_since(const std::string& account, double oldest) {
    return database_->guarded([&] {
        double time = 0;
        std::vector<double> times;
        soci::statement select = (database_->sql.prepare << "SELECT time FROM sent WHERE account = :account AND"
                                                            " time > :oldest ORDER BY time",
                                  soci::use(account), soci::use(oldest), soci::into(time));
        select.execute();
        while (select.fetch()) times.push_back(time);
        return times;
    });
}

void Store::note_sent(const std::string& account, double now) {
    database_->guarded([&] {
        database_->sql << "INSERT INTO sent (account, time) VALUES (:account, :time)", soci::use(account),
            soci::use(now);
    });
}

std::string Store::note(const std::string& account, const std::string& name) {
    return database_->guarded([&] {
        std::string value;
        database_->sql << "SELECT value FROM notes WHERE account = :account AND name = :name", soci::use(account),
            soci::use(name), soci::into(value);
        return database_->sql.got_data() ? value : std::string();
    });
}

void Store::set_note(const std::string& account, const std::string& name, const std::string& value) {
    database_->guarded([&] {
        database_->sql << "REPLACE INTO notes (account, name, value) VALUES (:account, :name, :value)",
            soci::use(account), soci::use(name), soci::use(value);
    });
}

double Store::number(const std::string& account, const std::string& name) {
    return std::strtod(note(account, name).c_str(), nullptr);
}

void Store::set_number(const std::string& account, const std::string& name, double value) {
    set_note(account, name, std::to_string(value));
}

void Store::forget(double time) {
    database_->guarded([&] {
        for (const char* table : {"texts", "media", "sent"})
            database_->sql << std::string("DELETE FROM ") + table + " WHERE time < :time", soci::use(time);
    });
}

}  // namespace twitterbot
