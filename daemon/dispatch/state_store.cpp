#include "daemon/dispatch/state_store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace fedmsg::hub {
namespace {

// WAL with synchronous=NORMAL: a commit is in the file system before it returns, so it outlives the process; sync()
// makes the checkpoint that also outlives the power.
constexpr const char* kSetUp =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;";

struct StatementCloser {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementCloser>;

void bind(sqlite3_stmt* statement, int position, std::string_view bytes) {
    sqlite3_bind_blob64(statement, position, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
}

std::string_view column(sqlite3_stmt* statement, int position) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, position));
    return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, position))};
}

Status check_key(std::string_view key) {
    if (!key.empty() && key.size() <= StateStore::kMaxKeyBytes) return {};
    return failure(fmt::format("a state key has 1 to {} bytes, not {}", StateStore::kMaxKeyBytes, key.size()));
}

}  // namespace

class StateStore::Database {
public:
    ~Database() { sqlite3_close(handle_); }

    Status open(const std::string& file) {
        const mode_t previous = ::umask(0027);
        const int code = sqlite3_open_v2(file.c_str(), &handle_,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
        ::umask(previous);
        if (code != SQLITE_OK) return error(file);
        sqlite3_busy_timeout(handle_, 5000);
        if (sqlite3_exec(handle_, kSetUp, nullptr, nullptr, nullptr) != SQLITE_OK) return error(file);
        return {};
    }

    Error error(std::string_view what) const {
        return failure(fmt::format("consumer state {}: {}", what, sqlite3_errmsg(handle_)));
    }

    Result<Statement> prepare(std::string_view sql) {
        sqlite3_stmt* statement = nullptr;
        const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
        if (code != SQLITE_OK) return error("statement");
        return Statement(statement);
    }

    // Runs a statement with up to two blobs; `row` is called for each row. The number of rows changed.
    Result<int> run(std::string_view sql, std::initializer_list<std::string_view> blobs,
                    const std::function<void(sqlite3_stmt*)>& row = {}) {
        auto statement = prepare(sql);
        if (!statement) return statement.error();
        int position = 0;
        for (const auto blob : blobs) bind(statement->get(), ++position, blob);
        int code = sqlite3_step(statement->get());
        for (; code == SQLITE_ROW; code = sqlite3_step(statement->get()))
            if (row) row(statement->get());
        if (code != SQLITE_DONE) return error("statement");
        return sqlite3_changes(handle_);
    }

    Status checkpoint() {
        const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_FULL, nullptr, nullptr);
        if (code != SQLITE_OK) return error("checkpoint");
        return {};
    }

private:
    sqlite3* handle_ = nullptr;
};

StateStore::StateStore(std::string file) : file_(std::move(file)) {}
StateStore::~StateStore() = default;
StateStore::StateStore(StateStore&&) noexcept = default;

Result<StateStore::Database*> StateStore::database() {
    if (!database_) {
        auto opened = std::make_unique<Database>();
        if (auto status = opened->open(file_); !status) return status.error();
        database_ = std::move(opened);
    }
    return database_.get();
}

Result<std::optional<std::string>> StateStore::get(std::string_view key) {
    if (auto status = check_key(key); !status) return status.error();
    auto opened = database();
    if (!opened) return opened.error();
    std::optional<std::string> value;
    auto done = (*opened)->run("SELECT value FROM state WHERE key = ?1", {key},
                               [&](sqlite3_stmt* row) { value = std::string(column(row, 0)); });
    if (!done) return done.error();
    return value;
}

Status StateStore::put(std::string_view key, std::string_view value) {
    if (auto status = check_key(key); !status) return status;
    if (value.size() > kMaxValueBytes)
        return failure(fmt::format("a state value has at most {} bytes", kMaxValueBytes));
    auto opened = database();
    if (!opened) return opened.error();
    auto done = (*opened)->run("INSERT OR REPLACE INTO state (key, value) VALUES (?1, ?2)", {key, value});
    if (!done) return done.error();
    return {};
}

Result<bool> StateStore::remove(std::string_view key) {
    if (auto status = check_key(key); !status) return status.error();
    auto opened = database();
    if (!opened) return opened.error();
    auto done = (*opened)->run("DELETE FROM state WHERE key = ?1", {key});
    if (!done) return done.error();
    return *done > 0;
}

Status StateStore::keys(std::string_view prefix, const std::function<void(std::string_view)>& each) {
    auto opened = database();
    if (!opened) return opened.error();
    auto done = (*opened)->run("SELECT key FROM state WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1 ORDER BY key",
                               {prefix}, [&](sqlite3_stmt* row) { each(column(row, 0)); });
    if (!done) return done.error();
    return {};
}

Status StateStore::sync() {
    auto opened = database();
    if (!opened) return opened.error();
    return (*opened)->checkpoint();
}

}  // namespace fedmsg::hub
