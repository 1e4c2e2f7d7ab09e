// One connection to an SQL database, by URL: sqlite:///PATH (a path that begins with / makes four) or postgresql://…
//
// A Database reconnects by itself: after a failure the next use opens a new connection. Threads: one at a time; give
// each thread and each process its own. All waiting is bounded: kLockWait for another writer, kConnectWait for a
// server.
#pragma once

#include <soci/soci.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace badges {

// The database cannot be reached or is busy for longer than the wait: the same work may well succeed later.
class DatabaseUnavailable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The database refused the statement: doing it again would be refused again.
class DatabaseRefused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class SqlEngine { sqlite, postgresql };

// How hard an SQLite file tries to survive a power cut; kill -9 loses nothing either way. PostgreSQL decides itself.
enum class Durability { full, normal };

class Database {
public:
    static constexpr std::chrono::seconds kLockWait{10};
    static constexpr std::chrono::seconds kConnectWait{5};

    // Connects at the first use, not here. `directory`: where relative SQLite paths begin. Throws std::invalid_argument
    // with what is wrong with the URL; never with the password in it.
    explicit Database(const std::string& url, const std::string& directory = {},
                      Durability durability = Durability::full);

    SqlEngine engine() const noexcept { return engine_; }
    const std::string& name() const noexcept { return name_; }  // for people: without the password
    const std::string& path() const noexcept { return path_; }  // of SQLite: the file; else empty

    // Runs `work` outside of a transaction; for reading.
    void read(const std::function<void(soci::session&)>& work);
    // Runs `work` in one transaction that no other writer can enter, and commits. Everything is taken back if `work`
    // throws. `lock`: names the critical section on PostgreSQL; SQLite has one writer anyway.
    void write(const std::function<void(soci::session&)>& work, int lock = kWriters);
    static constexpr int kWriters = 1;
    static constexpr int kSender = 2;

    // For statements that stay prepared: the open connection, valid until on_close is called.
    soci::session& session();
    // Called before the connection closes: whoever keeps prepared statements must let go of them.
    void on_close(std::function<void()> callback) { on_close_ = std::move(callback); }
    void close() noexcept;
    ~Database() { close(); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Turns what SOCI throws into one of the two errors above, and drops the connection if that is what failed.
    template <class Work>
    auto guarded(Work work) {
        try {
            return work();
        } catch (const soci::soci_error& error) {
            rethrow(error);
        }
    }

private:
    void open();
    void begin(int lock);
    void roll_back() noexcept;
    [[noreturn]] void rethrow(const soci::soci_error& error);

    SqlEngine engine_;
    Durability durability_;
    std::string name_;
    std::string path_;
    std::string connect_;
    std::unique_ptr<soci::session> session_;
    std::function<void()> on_close_;
};

// As SQLAlchemy writes it: 2026-11-25 13:05:59.123456, UTC.
std::string sql_time(std::chrono::system_clock::time_point time);

}  // namespace badges
