#include "badges/awards/database.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdio>
#include <ctime>
#include <filesystem>

namespace badges {
namespace {

constexpr std::string_view kSqlite = "sqlite:///";

bool begins_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

// SQLAlchemy writes the driver into the scheme: postgresql+psycopg2://
std::string without_driver(const std::string& url) {
    const auto colon = url.find("://");
    const auto plus = url.find('+');
    if (plus == std::string::npos || plus > colon) return url;
    return url.substr(0, plus) + url.substr(colon);
}

std::string without_password(const std::string& url) {
    const auto start = url.find("://") + 3;
    const auto at = url.find('@', start);
    const auto colon = url.find(':', start);
    if (at == std::string::npos || colon == std::string::npos || colon > at) return url.substr(0, url.find('?'));
    return url.substr(0, colon) + ":***" + url.substr(at, url.find('?') - at);
}

std::string in_quotes(const std::string& value) {
    if (value.find('"') != std::string::npos)
        throw std::invalid_argument("the path of an SQLite database must not contain a double quote: " + value);
    return '"' + value + '"';
}

// The name of the PostgreSQL advisory locks: "badg" and which one.
constexpr long long lock_key(int lock) {
    return (0x62616467LL << 16) + lock;
}

// By result code: what is wrong with the statement or its values, and would be wrong the next time, too.
bool is_refusal(const soci::sqlite3_soci_error& error) {
    const int code = error.result() & 0xFF;
    return code == SQLITE_CONSTRAINT || code == SQLITE_ERROR || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG ||
           code == SQLITE_RANGE;
}

// By the class of the SQLSTATE: data (22), constraints (23), statements (42), features (0A).
bool is_refusal(const soci::postgresql_soci_error& error) {
    const std::string state = error.sqlstate().substr(0, 2);
    return state == "22" || state == "23" || state == "42" || state == "0A";
}

bool is_refusal(const soci::soci_error& error) {
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) return is_refusal(*sqlite);
    if (const auto* server = dynamic_cast<const soci::postgresql_soci_error*>(&error)) return is_refusal(*server);
    return false;
}

}  // namespace

Database::Database(const std::string& url, const std::string& directory, Durability durability)
    : engine_(SqlEngine::sqlite), durability_(durability) {
    if (begins_with(url, "postgresql://") || begins_with(url, "postgresql+") || begins_with(url, "postgres://")) {
        engine_ = SqlEngine::postgresql;
        connect_ = without_driver(url);
        name_ = without_password(connect_);
        connect_ += (connect_.find('?') == std::string::npos ? "?" : "&") + std::string("connect_timeout=") +
                    std::to_string(kConnectWait.count());
        return;
    }
    if (!begins_with(url, kSqlite) || url.size() == kSqlite.size())
        throw std::invalid_argument("a database URL is sqlite:///PATH or postgresql://USER@HOST/NAME");
    path_ = (std::filesystem::path(directory) / url.substr(kSqlite.size())).string();
    name_ = std::string(kSqlite) + path_;
    connect_ = "dbname=" + in_quotes(path_) + " timeout=" + std::to_string(kLockWait.count());
}

soci::session& Database::session() {
    if (!session_) open();
    return *session_;
}

void Database::open() {
    guarded([this] {
        if (engine_ == SqlEngine::postgresql) {
            session_ = std::make_unique<soci::session>(soci::postgresql, connect_);
            *session_ << "SET lock_timeout = '" + std::to_string(kLockWait.count()) + "s'";
            *session_ << "SET client_min_messages = warning";
        } else {
            session_ = std::make_unique<soci::session>(soci::sqlite3, connect_);
            std::string mode;
            *session_ << "PRAGMA journal_mode = WAL", soci::into(mode);
            *session_ << (durability_ == Durability::full ? "PRAGMA synchronous = FULL"
                                                          : "PRAGMA synchronous = NORMAL");
            *session_ << "PRAGMA foreign_keys = ON";
        }
    });
}

void Database::read(const std::function<void(soci::session&)>& work) {
    soci::session& open_session = session();
    guarded([&] { work(open_session); });
}

void Database::write(const std::function<void(soci::session&)>& work, int lock) {
    soci::session& open_session = session();
    guarded([&] {
        begin(lock);
        try {
            work(open_session);
            open_session << "COMMIT";
        } catch (...) {
            roll_back();
            throw;
        }
    });
}

// IMMEDIATE: a transaction that began by reading could not become a writer once another one has written.
void Database::begin(int lock) {
    if (engine_ == SqlEngine::sqlite) {
        *session_ << "BEGIN IMMEDIATE";
        return;
    }
    *session_ << "BEGIN";
    std::string nothing;
    *session_ << "SELECT pg_advisory_xact_lock(" + std::to_string(lock_key(lock)) + ")::text", soci::into(nothing);
}

void Database::roll_back() noexcept {
    try {
        *session_ << "ROLLBACK";
    } catch (const std::exception&) {
        close();  // the connection is gone, and the transaction with it
    }
}

void Database::close() noexcept {
    if (!session_) return;
    if (on_close_) on_close_();
    session_.reset();
}

void Database::rethrow(const soci::soci_error& error) {
    const std::string line = name_ + ": " + error.what();
    if (is_refusal(error)) throw DatabaseRefused(line);
    close();
    throw DatabaseUnavailable(line);
}

std::string sql_time(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto since_epoch = duration_cast<microseconds>(time.time_since_epoch());
    const auto whole = floor<seconds>(since_epoch);
    const std::time_t at = whole.count();
    std::tm fields{};
    gmtime_r(&at, &fields);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &fields);
    std::snprintf(text + size, sizeof text - size, ".%06d", static_cast<int>((since_epoch - whole).count()));
    return text;
}

}  // namespace badges
