#include "badges/parked/work_queue.hpp"

#include <utility>

namespace badges {
namespace {

using soci::into;
using soci::use;

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS work (msg_id TEXT PRIMARY KEY, body TEXT NOT NULL, horizon INTEGER NOT NULL, "
    "is_replay INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL, "
    "next_try REAL NOT NULL DEFAULT 0, is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '') "
    "WITHOUT ROWID";
constexpr const char* kIndex = "CREATE INDEX IF NOT EXISTS work_due ON work (is_dead, next_try)";

// SQL reads the number back as it is.
std::string spelled(double seconds) {
    return std::to_string(seconds);
}

}  // namespace

WorkQueue::WorkQueue(Database& database, fedmsg_plugins::Backoff backoff, std::function<double()> chance)
    : database_(database), backoff_(backoff), chance_(std::move(chance)) {}

void WorkQueue::set_up() {
    database_.write([](soci::session& sql) {
        sql << kTable;
        sql << kIndex;
    });
}

void WorkQueue::add(const Work& work) {
    const int is_replay = work.is_replay ? 1 : 0;
    database_.session() << "INSERT INTO work (msg_id, body, horizon, is_replay, created) VALUES (:id, :body, :horizon, "
                           ":replay, :created) ON CONFLICT DO NOTHING",
        use(work.msg_id, "id"), use(work.body, "body"), use(work.horizon, "horizon"), use(is_replay, "replay"),
        use(work.created, "created");
}

void WorkQueue::done(const std::vector<std::string>& msg_ids) {
    if (msg_ids.empty()) return;
    database_.write([&](soci::session& sql) {
        std::string id;
        soci::statement statement = (sql.prepare << "DELETE FROM work WHERE msg_id = :id", use(id, "id"));
        for (const std::string& each : msg_ids) {
            id = each;
            statement.execute(true);
        }
    });
}

bool WorkQueue::park(const Work& work, const std::string& reason, double now) {
    const bool is_over = backoff_.is_over(work.created, now);
    const double next = now + backoff_.delay(work.attempts, chance_()).count();
    change(std::string("attempts = attempts + 1, is_dead = ") + (is_over ? "1" : "0"), work, reason, next);
    return !is_over;
}

void WorkQueue::postpone(const Work& work, const std::string& reason, double until) {
    change("is_dead = 0", work, reason, until);
}

void WorkQueue::change(const std::string& assignments, const Work& work, const std::string& reason, double next_try) {
    database_.write([&](soci::session& sql) {
        sql << "UPDATE work SET " + assignments + ", reason = :reason, next_try = :next WHERE msg_id = :id",
            use(reason, "reason"), use(next_try, "next"), use(work.msg_id, "id");
    });
}

std::vector<Work> WorkQueue::select(const std::string& condition, int limit) {
    std::vector<Work> found;
    database_.read([&](soci::session& sql) {
        Work work;
        int is_replay = 0;
        soci::statement statement =
            (sql.prepare << "SELECT msg_id, body, horizon, is_replay, attempts, created, next_try, reason FROM work "
                            "WHERE " +
                                condition + " ORDER BY created, horizon LIMIT " + std::to_string(limit),
             into(work.msg_id), into(work.body), into(work.horizon), into(is_replay), into(work.attempts),
             into(work.created), into(work.next_try), into(work.reason));
        statement.execute();
        while (statement.fetch()) {
            found.push_back(work);
            found.back().is_replay = is_replay != 0;
        }
    });
    return found;
}

std::vector<Work> WorkQueue::due(double now, int limit) {
    return select("is_dead = 0 AND next_try <= " + spelled(now), limit);
}

std::vector<Work> WorkQueue::dead(int limit) {
    return select("is_dead = 1", limit);
}

std::optional<double> WorkQueue::next_due() {
    double next = 0;
    soci::indicator has_any = soci::i_null;
    database_.read(
        [&](soci::session& sql) { sql << "SELECT min(next_try) FROM work WHERE is_dead = 0", into(next, has_any); });
    return has_any == soci::i_ok ? std::optional(next) : std::nullopt;
}

int WorkQueue::revive() {
    int revived = 0;
    database_.write([&](soci::session& sql) {
        soci::statement statement =
            (sql.prepare << "UPDATE work SET is_dead = 0, attempts = 0, next_try = 0 WHERE is_dead = 1");
        statement.execute(true);
        revived = static_cast<int>(statement.get_affected_rows());
    });
    return revived;
}

std::uint64_t WorkQueue::waiting() {
    long long count = 0;
    database_.read([&](soci::session& sql) { sql << "SELECT count(*) FROM work WHERE is_dead = 0", into(count); });
    return static_cast<std::uint64_t>(count);
}

std::optional<double> WorkQueue::oldest() {
    double created = 0;
    soci::indicator has_any = soci::i_null;
    database_.read(
        [&](soci::session& sql) { sql << "SELECT min(created) FROM work WHERE is_dead = 0", into(created, has_any); });
    return has_any == soci::i_ok ? std::optional(created) : std::nullopt;
}

}  // namespace badges
