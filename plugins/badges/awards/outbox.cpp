#include "badges/awards/outbox.hpp"

#include <exception>
#include <vector>

namespace badges {
namespace {

std::vector<OutgoingMessage> unsent(soci::session& sql, int limit) {
    std::vector<OutgoingMessage> messages;
    OutgoingMessage row;
    soci::statement statement = (sql.prepare << "SELECT msg_id, topic, body FROM outbox WHERE sent_at IS NULL "
                                                "ORDER BY queued_at, topic, msg_id LIMIT " +
                                                    std::to_string(limit),
                                 soci::into(row.msg_id), soci::into(row.topic), soci::into(row.body));
    statement.execute();
    while (statement.fetch()) messages.push_back(row);
    return messages;
}

void mark_sent(soci::session& sql, const std::string& msg_id, const std::string& at) {
    sql << "UPDATE outbox SET sent_at = :at WHERE msg_id = :id", soci::use(at, "at"), soci::use(msg_id, "id");
}

}  // namespace

void queue_message(soci::session& sql, const OutgoingMessage& message, std::chrono::system_clock::time_point now) {
    const std::string at = sql_time(now);
    sql << "INSERT INTO outbox (msg_id, topic, body, queued_at) VALUES (:id, :topic, :body, :at) ON CONFLICT DO "
           "NOTHING",
        soci::use(message.msg_id, "id"), soci::use(message.topic, "topic"), soci::use(message.body, "body"),
        soci::use(at, "at");
}

int send_outbox(Database& database, const std::function<void(const OutgoingMessage&)>& publish,
                std::chrono::system_clock::time_point now, int limit) {
    if (waiting_messages(database) == 0) return 0;
    int sent = 0;
    std::exception_ptr failure;
    database.write(
        [&](soci::session& sql) {
            sent = 0;
            for (const OutgoingMessage& message : unsent(sql, limit)) {
                try {
                    publish(message);
                } catch (...) {
                    failure = std::current_exception();  // what was sent so far is committed first
                    return;
                }
                mark_sent(sql, message.msg_id, sql_time(now));
                ++sent;
            }
        },
        Database::kSender);
    if (failure) std::rethrow_exception(failure);
    return sent;
}

long long waiting_messages(Database& database) {
    long long count = 0;
    database.read(
        [&](soci::session& sql) { sql << "SELECT count(*) FROM outbox WHERE sent_at IS NULL", soci::into(count); });
    return count;
}

void prune_outbox(Database& database, std::chrono::system_clock::time_point limit) {
    const std::string before = sql_time(limit);
    database.write(
        [&](soci::session& sql) { sql << "DELETE FROM outbox WHERE sent_at < :before", soci::use(before, "before"); });
}

}  // namespace badges
