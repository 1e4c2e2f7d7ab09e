#include "support/ledger.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <functional>
#include <utility>

namespace fedmsg_plugins {
namespace {

constexpr std::array kNames{"pending", "inflight", "done", "skipped", "dead"};

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS deliveries (plugin TEXT NOT NULL, target TEXT NOT NULL, msg_id TEXT NOT NULL,"
    " kind TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending','inflight','done','skipped','dead')),"
    " attempts INTEGER NOT NULL DEFAULT 0, next_try REAL, remote_id TEXT, error TEXT, created REAL NOT NULL,"
    " updated REAL NOT NULL, payload TEXT, PRIMARY KEY (plugin, target, msg_id, kind)) WITHOUT ROWID";
constexpr const char* kIndex = "CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (plugin, state, next_try)";
constexpr const char* kSelect =
    "SELECT target, msg_id, kind, state, coalesce(remote_id, ''), coalesce(error, ''), coalesce(payload, ''),"
    " coalesce(next_try, 0.0), created, updated, attempts FROM deliveries WHERE plugin = :plugin AND ";

DeliveryState state_from(const std::string& name) {
    for (std::size_t at = 0; at < kNames.size(); ++at)
        if (name == kNames[at]) return static_cast<DeliveryState>(at);
    throw LedgerError("the ledger has a row in the unknown state " + name);
}

}  // namespace

const char* name_of(DeliveryState state) {
    return kNames[static_cast<std::size_t>(state)];
}

struct Ledger::Database {
    std::string file;
    std::string plugin;
    soci::session sql;

    // Runs work on the database; what it throws gets the file's name.
    template <class Work>
    auto guarded(Work&& work) {
        try {
            return work();
        } catch (const soci::soci_error& error) {
            throw LedgerError("ledger " + file + ": " + error.what() +
                              ": is the disk full, or the file not writable by this user?");
        }
    }

    // Runs an UPDATE whose first values are already in `set`, on the row of the key in one of two states.
    template <class... Values>
    bool change(const DeliveryKey& key, DeliveryState from, DeliveryState or_from, double now, const std::string& set,
                const Values&... values) {
        return guarded([&] {
            const std::string first = name_of(from);
            const std::string second = name_of(or_from);
            soci::statement update(sql);
            (update.exchange(soci::use(values)), ...);
            update.exchange(soci::use(now));
            for (const auto& text : {std::cref(plugin), std::cref(key.target), std::cref(key.msg_id),
                                     std::cref(key.kind), std::cref(first), std::cref(second)})
                update.exchange(soci::use(text.get()));
            update.alloc();
            update.prepare("UPDATE deliveries SET " + set +
                           ", updated = :now WHERE plugin = :plugin AND target = :target AND msg_id = :id AND"
                           " kind = :kind AND state IN (:first, :second)");
            update.define_and_bind();
            update.execute(true);
            return update.get_affected_rows() > 0;
        });
    }

    bool insert(const DeliveryKey& key, DeliveryState state, const std::string& payload, const std::string& error,
                double now) {
        return guarded([&] {
            const std::string name = name_of(state);
            soci::statement insert =
                (sql.prepare << "INSERT INTO deliveries (plugin, target, msg_id, kind, state, payload, error, created,"
                                " updated) VALUES (:plugin, :target, :id, :kind, :state, :payload, :error, :created,"
                                " :updated) ON CONFLICT DO NOTHING",
                 soci::use(plugin), soci::use(key.target), soci::use(key.msg_id), soci::use(key.kind), soci::use(name),
                 soci::use(payload), soci::use(error), soci::use(now), soci::use(now));
            insert.execute(true);
            return insert.get_affected_rows() > 0;
        });
    }

    // The rows that `where` selects; `values` are its, in order, behind the plugin.
    template <class... Values>
    std::vector<DeliveryRow> select(const std::string& where, const Values&... values) {
        return guarded([&] {
            DeliveryRow row;
            std::string state;
            soci::statement select(sql);
            for (std::string* text :
                 {&row.key.target, &row.key.msg_id, &row.key.kind, &state, &row.remote_id, &row.error, &row.payload})
                select.exchange(soci::into(*text));
            for (double* number : {&row.next_try, &row.created, &row.updated}) select.exchange(soci::into(*number));
            select.exchange(soci::into(row.attempts));
            select.exchange(soci::use(plugin));
            (select.exchange(soci::use(values)), ...);
            select.alloc();
            select.prepare(std::string(kSelect) + where);
            select.define_and_bind();
            select.execute();
            std::vector<DeliveryRow> rows;
            for (; select.fetch(); rows.push_back(row)) row.state = state_from(state);
            return rows;
        });
    }
};

Ledger::Ledger(const std::string& file, std::string plugin) : database_(std::make_unique<Database>()) {
    database_->file = file;
    database_->plugin = std::move(plugin);
    database_->guarded([&] {
        database_->sql.open(soci::sqlite3, "db=\"" + file + "\" timeout=30 synchronous=full");
        std::string mode;
        database_->sql << "PRAGMA journal_mode = WAL", soci::into(mode);
        database_->sql << kTable;
        database_->sql << kIndex;
    });
}

Ledger::~Ledger() = default;
Ledger::Ledger(Ledger&&) noexcept = default;

bool Ledger::reserve(const DeliveryKey& key, const std::string& payload, double now) {
    return database_->insert(key, DeliveryState::pending, payload, "", now);
}

bool Ledger::skip(const DeliveryKey& key, const std::string& reason, double now) {
    return database_->insert(key, DeliveryState::skipped, "", reason, now);
}

bool Ledger::begin(const DeliveryKey& key, double now) {
    return database_->change(key, DeliveryState::pending, DeliveryState::pending, now, "state = 'inflight'");
}

bool Ledger::done(const DeliveryKey& key, const std::string& remote_id, double now) {
    return database_->change(key, DeliveryState::inflight, DeliveryState::inflight, now,
                             "state = 'done', attempts = attempts + 1, error = NULL, remote_id = :remote", remote_id);
}

bool Ledger::retry(const DeliveryKey& key, const std::string& error, double next_try, bool counts, double now) {
    const int added = counts ? 1 : 0;
    return database_->change(key, DeliveryState::inflight, DeliveryState::inflight, now,
                             "state = 'pending', error = :error, next_try = :next, attempts = attempts + :added", error,
                             next_try, added);
}

bool Ledger::postpone(const DeliveryKey& key, double next_try, double now) {
    return database_->change(key, DeliveryState::pending, DeliveryState::pending, now, "next_try = :next", next_try);
}

bool Ledger::give_up(const DeliveryKey& key, const std::string& reason, double now) {
    return database_->change(key, DeliveryState::pending, DeliveryState::inflight, now,
                             "state = 'dead', error = :error", reason);
}

bool Ledger::leave_out(const DeliveryKey& key, const std::string& reason, double now) {
    return database_->change(key, DeliveryState::pending, DeliveryState::pending, now,
                             "state = 'skipped', error = :error", reason);
}

bool Ledger::revive(const DeliveryKey& key, double now) {
    return database_->change(key, DeliveryState::dead, DeliveryState::dead, now,
                             "state = 'pending', attempts = 0, next_try = NULL, error = NULL");
}

bool Ledger::replace_payload(const DeliveryKey& key, const std::string& payload, double now) {
    return database_->change(key, DeliveryState::pending, DeliveryState::inflight, now, "payload = :payload", payload);
}

std::optional<DeliveryRow> Ledger::find(const DeliveryKey& key) {
    auto rows =
        database_->select("target = :target AND msg_id = :id AND kind = :kind", key.target, key.msg_id, key.kind);
    return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::vector<DeliveryRow> Ledger::in_state(DeliveryState state, const std::string& target, std::size_t limit) {
    return database_->select("state = :state AND (:any = '' OR target = :target) ORDER BY created, msg_id LIMIT :most",
                             std::string(name_of(state)), target, target, static_cast<long long>(limit));
}

std::vector<DeliveryRow> Ledger::due(const std::string& target, double now, std::size_t limit) {
    return database_->select(
        "state = 'pending' AND coalesce(next_try, 0.0) <= :now AND"
        " (:any = '' OR target = :target) ORDER BY created, msg_id LIMIT :most",
        now, target, target, static_cast<long long>(limit));
}

std::size_t Ledger::count(DeliveryState state, const std::string& target) {
    const std::string name = name_of(state);
    return database_->guarded([&] {
        long long count = 0;
        database_->sql << "SELECT count(*) FROM deliveries WHERE plugin = :plugin AND state = :state AND"
                          " (:any = '' OR target = :target)",
            soci::use(database_->plugin), soci::use(name), soci::use(target), soci::use(target), soci::into(count);
        return static_cast<std::size_t>(count);
    });
}

std::optional<double> Ledger::next_due() {
    return database_->guarded([&]() -> std::optional<double> {
        double earliest = 0;
        soci::indicator is_null = soci::i_null;
        database_->sql << "SELECT min(coalesce(next_try, 0.0)) FROM deliveries WHERE plugin = :plugin AND"
                          " state = 'pending'",
            soci::use(database_->plugin), soci::into(earliest, is_null);
        return is_null == soci::i_ok ? std::optional(earliest) : std::nullopt;
    });
}

std::size_t Ledger::forget(double time) {
    return database_->guarded([&] {
        soci::statement removal =
            (database_->sql.prepare << "DELETE FROM deliveries WHERE plugin = :plugin AND updated < :time AND"
                                       " state IN ('done', 'skipped', 'dead')",
             soci::use(database_->plugin), soci::use(time));
        removal.execute(true);
        return static_cast<std::size_t>(removal.get_affected_rows());
    });
}

Ledger::Transaction::Transaction(Ledger& ledger) : ledger_(ledger) {
    // At once for writing: two processes that both read first would wait for each other.
    ledger_.database_->guarded([&] { ledger_.database_->sql << "BEGIN IMMEDIATE"; });
}

Ledger::Transaction::~Transaction() {
    if (!is_open_) return;
    try {
        ledger_.database_->sql << "ROLLBACK";
    } catch (const soci::soci_error&) {
        // SQLite has rolled back by itself after the error that brought us here.
    }
}

void Ledger::Transaction::commit() {
    ledger_.database_->guarded([&] { ledger_.database_->sql << "COMMIT"; });
    is_open_ = false;
}

}  // namespace fedmsg_plugins
