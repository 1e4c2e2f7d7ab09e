// The outgoing bus messages of the awards database. They are queued in the award's own transaction and published later,
// so that a crash between the two loses none; one that is published twice has the same message id both times.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "badges/awards/database.hpp"

namespace badges {

struct OutgoingMessage {
    std::string msg_id;
    std::string topic;  // relative
    std::string body;   // JSON
};

// Within the caller's transaction. The same id twice is queued once.
void queue_message(soci::session& sql, const OutgoingMessage& message, std::chrono::system_clock::time_point now);

// Hands the messages that wait to `publish`, oldest first, at most `limit`, and marks them. One sender at a time, over
// all processes. If `publish` throws, those before it are marked, and the exception goes on. Returns how many were
// sent.
int send_outbox(Database& database, const std::function<void(const OutgoingMessage&)>& publish,
                std::chrono::system_clock::time_point now, int limit = 100);

long long waiting_messages(Database& database);

// Forgets what was sent before `limit`.
void prune_outbox(Database& database, std::chrono::system_clock::time_point limit);

}  // namespace badges
