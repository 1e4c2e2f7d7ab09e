#include "badges/history/history_store.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <utility>

#include "badges/history/query_sql.hpp"
#include "badges/rules/any_json.hpp"

namespace badges {
namespace {

using soci::into;
using soci::use;

constexpr const char* kTables[] = {
    "CREATE TABLE IF NOT EXISTS topics (id INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE, category TEXT NOT NULL, "
    "event TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, msg_id TEXT NOT NULL UNIQUE, "
    "topic_id INTEGER NOT NULL REFERENCES topics(id), at REAL NOT NULL, i INTEGER NOT NULL, agent TEXT)",
    "CREATE INDEX IF NOT EXISTS messages_topic ON messages (topic_id, at)",
    "CREATE INDEX IF NOT EXISTS messages_at ON messages (at)",
    // The columns of the messages that questions seldom look at. Names are separated by kSeparator.
    "CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, users TEXT NOT NULL, packages TEXT NOT NULL, "
    "body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS message_users (name TEXT NOT NULL, topic_id INTEGER NOT NULL, "
    "message_id INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (name, topic_id, message_id)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS message_packages (name TEXT NOT NULL, topic_id INTEGER NOT NULL, "
    "message_id INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (name, topic_id, message_id)) WITHOUT ROWID",
};

constexpr char kSeparator = '\x1f';
constexpr std::size_t kMostTopicNumbers = 10'000;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

std::string joined(const Names& names) {
    std::string text;
    for (const std::string& name : names) text.append(text.empty() ? 0 : 1, kSeparator).append(name);
    return text;
}

Names split(const std::string& text) {
    Names names;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(kSeparator, start), text.size());
        names.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return names;
}

// Ends the statements of one question when they take too long.
class Watch {
public:
    Watch(soci::session& session, std::chrono::milliseconds limit)
        : connection_(static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_),
          end_(std::chrono::steady_clock::now() + limit) {
        constexpr int kInstructions = 10'000;  // about a millisecond
        sqlite_api::sqlite3_progress_handler(connection_, kInstructions, &Watch::look, this);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch() { sqlite_api::sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }

private:
    static int look(void* self) { return std::chrono::steady_clock::now() > static_cast<Watch*>(self)->end_ ? 1 : 0; }

    sqlite_api::sqlite3* connection_;
    std::chrono::steady_clock::time_point end_;
};

// A row as it comes from rows_sql.
struct StoredRow {
    Row row;
    long long i = 0;
    std::string agent, users, packages, body;

    void bind(soci::statement& statement) {
        statement.exchange(into(row.topic));
        statement.exchange(into(row.timestamp));
        statement.exchange(into(row.msg_id));
        statement.exchange(into(row.category));
        statement.exchange(into(i));
        statement.exchange(into(agent));
        statement.exchange(into(users));
        statement.exchange(into(packages));
        statement.exchange(into(body));
    }
    const Row& complete() {
        row.i = i;
        row.agent = agent.empty() ? std::nullopt : std::optional(agent);
        row.users = split(users);
        row.packages = split(packages);
        const Any root = any_from_json(body);
        const Any* msg = root.is_dict() ? root.dict().find("msg") : nullptr;
        row.msg = msg != nullptr ? *msg : Any();
        return row;
    }
};

long long last_insert_id(soci::session& sql) {
    long long number = 0;
    sql.get_last_insert_id("", number);
    return number;
}

void bind(soci::statement& statement, const Sql& sql) {
    for (std::size_t at = 0; at < sql.parameters.size(); ++at)
        statement.exchange(use(sql.parameters[at], "p" + std::to_string(at)));
}

void prepare(soci::statement& statement, const std::string& text) {
    statement.alloc();
    statement.prepare(text);
    statement.define_and_bind();
}

}  // namespace

// What storing does for each message; prepared once per connection.
struct HistoryStore::Statements {
    explicit Statements(soci::session& sql)
        : message((sql.prepare << "INSERT INTO messages (msg_id, topic_id, at, i, agent) VALUES (:id, :topic, :at, :i, "
                                  ":agent) ON CONFLICT DO NOTHING",
                   use(msg_id, "id"), use(topic, "topic"), use(at, "at"), use(i, "i"), use(agent, has_agent, "agent"))),
          find((sql.prepare << "SELECT id FROM messages WHERE msg_id = :id", into(number), use(msg_id, "id"))),
          body((sql.prepare << "INSERT INTO bodies (id, users, packages, body) VALUES (:id, :users, :packages, :body)",
                use(number, "id"), use(users, "users"), use(packages, "packages"), use(text, "body"))),
          user((sql.prepare << "INSERT INTO message_users (name, topic_id, message_id, at) VALUES (:name, :topic, :id, "
                               ":at) ON CONFLICT DO NOTHING",
                use(name, "name"), use(topic, "topic"), use(number, "id"), use(at, "at"))),
          package((sql.prepare << "INSERT INTO message_packages (name, topic_id, message_id, at) VALUES (:name, "
                                  ":topic, :id, :at) ON CONFLICT DO NOTHING",
                   use(name, "name"), use(topic, "topic"), use(number, "id"), use(at, "at"))) {}

    void take(const Envelope& envelope) {
        msg_id = envelope.msg_id();
        at = envelope.timestamp();
        i = envelope.i();
        agent = envelope.agent().value_or("");
        has_agent = envelope.agent() ? soci::i_ok : soci::i_null;
        users = joined(envelope.users());
        packages = joined(envelope.packages());
        text = canonical_json(envelope.root());
    }
    void insert_names(soci::statement& statement, const Names& names) {
        for (const std::string& each : names) {
            name = lower(each);
            statement.execute(true);
        }
    }

    std::string msg_id, agent, users, packages, text, name;
    soci::indicator has_agent = soci::i_null;
    long long topic = 0, i = 0, number = 0;
    double at = 0;
    soci::statement message, find, body, user, package;
};

HistoryStore::HistoryStore(Database& database, std::chrono::milliseconds query_limit)
    : database_(database), query_limit_(query_limit) {
    database_.on_close([this] { statements_.reset(); });
}

HistoryStore::~HistoryStore() {
    database_.on_close({});
}

void HistoryStore::set_up() {
    database_.write([](soci::session& sql) {
        for (const char* table : kTables) sql << table;
    });
    topic_numbers_.clear();
}

HistoryStore::Statements& HistoryStore::statements() {
    if (!statements_) statements_ = std::make_unique<Statements>(database_.session());
    return *statements_;
}

long long HistoryStore::store(const Envelope& message) {
    Statements& sql = statements();
    sql.take(message);
    sql.topic = topic_number(message);
    sql.message.execute(true);
    if (sql.message.get_affected_rows() != 1) return number_of(message.msg_id());
    sql.number = last_insert_id(database_.session());
    sql.body.execute(true);
    sql.insert_names(sql.user, message.users());
    sql.insert_names(sql.package, message.packages());
    return sql.number;
}

long long HistoryStore::topic_number(const Envelope& message) {
    if (const auto known = topic_numbers_.find(message.topic()); known != topic_numbers_.end()) return known->second;
    soci::session& sql = database_.session();
    long long number = 0;
    sql << "SELECT id FROM topics WHERE topic = :topic", into(number), use(message.topic(), "topic");
    if (sql.got_data()) {
        if (topic_numbers_.size() >= kMostTopicNumbers) topic_numbers_.clear();
        topic_numbers_.emplace(message.topic(), number);
        return number;
    }
    sql << "INSERT INTO topics (topic, category, event) VALUES (:topic, :category, :event)",
        use(message.topic(), "topic"), use(message.category(), "category"), use(message.event(), "event");
    return last_insert_id(sql);
}

// 0 if it is not stored.
long long HistoryStore::number_of(std::string_view msg_id) {
    Statements& sql = statements();
    sql.msg_id = msg_id;
    if (!sql.find.execute(true)) return 0;
    const long long number = sql.number;
    sql.find.fetch();  // to its end: a statement that stays open keeps its view of the file, and then nobody can write
    return number;
}

long long HistoryStore::last_number() {
    long long number = 0;
    database_.read([&](soci::session& sql) { sql << "SELECT ifnull(max(id), 0) FROM messages", into(number); });
    return number;
}

void HistoryStore::ask(const std::function<void(soci::session&)>& question) {
    try {
        database_.read([&](soci::session& sql) {
            const Watch watch(sql, query_limit_);
            question(sql);
        });
    } catch (const DatabaseUnavailable& error) {
        throw HistoryUnreachable(error.what());
    } catch (const DatabaseRefused& error) {
        throw HistoryUnreachable(error.what());
    }
}

std::uint64_t HistoryStore::count(const Query& query, std::string_view exclude_msg_id) {
    if (query.matches_nothing()) return 0;
    std::uint64_t total = 0;
    if (!sql_can_decide(query)) {
        stream(query, exclude_msg_id, [&total](const Row&) { return ++total != 0; });
        return total;
    }
    ask([&](soci::session& sql) {
        const Sql question = count_sql(query, {horizon_, number_of(exclude_msg_id)});
        long long counted = 0;
        soci::statement statement(sql);
        statement.exchange(into(counted));
        bind(statement, question);
        prepare(statement, question.text);
        statement.execute(true);
        total = static_cast<std::uint64_t>(counted);
    });
    return total;
}

void HistoryStore::stream(const Query& query, std::string_view exclude_msg_id, const RowHandler& handler) {
    if (query.matches_nothing()) return;
    ask([&](soci::session& sql) {
        const Sql question = rows_sql(query, {horizon_, number_of(exclude_msg_id)});
        StoredRow stored;
        soci::statement statement(sql);
        stored.bind(statement);
        bind(statement, question);
        prepare(statement, question.text);
        statement.execute();
        while (statement.fetch()) {
            const Row& row = stored.complete();
            if ((sql_can_decide(query) || matches(query, row)) && !handler(row)) return;
        }
    });
}

void HistoryStore::for_each(double start, double end, const std::function<void(const std::string&)>& handler) {
    std::string body;
    database_.read([&](soci::session& sql) {
        soci::statement statement =
            (sql.prepare << "SELECT body FROM messages JOIN bodies ON bodies.id = messages.id WHERE at >= :start AND "
                            "at <= :end ORDER BY at, messages.id",
             into(body), use(start, "start"), use(end, "end"));
        statement.execute();
        while (statement.fetch()) handler(body);
    });
}

std::optional<double> HistoryStore::last_seen(const std::string& event) {
    double at = 0;
    soci::indicator has_any = soci::i_null;
    database_.read([&](soci::session& sql) {
        sql << "SELECT max(at) FROM messages WHERE topic_id IN (SELECT id FROM topics WHERE event = :event)",
            into(at, has_any), use(event, "event");
    });
    return has_any == soci::i_ok ? std::optional(at) : std::nullopt;
}

std::vector<std::string> HistoryStore::topics() {
    std::vector<std::string> topics;
    database_.read([&](soci::session& sql) {
        std::string topic;
        soci::statement statement = (sql.prepare << "SELECT topic FROM topics ORDER BY topic", into(topic));
        statement.execute();
        while (statement.fetch()) topics.push_back(topic);
    });
    return topics;
}

std::uint64_t HistoryStore::size() {
    long long count = 0;
    database_.read([&](soci::session& sql) { sql << "SELECT count(*) FROM messages", into(count); });
    return static_cast<std::uint64_t>(count);
}

}  // namespace badges
