// The plugin's own history: every message that a criterion or a `previous` filter can select, in one SQLite file.
//
// Each message is stored once (its msg_id is unique), so restarts and replays change nothing. Look-ups by topic, user
// and package use indexes. Lane thread only. Questions throw HistoryUnreachable, storing throws what Database throws.
#pragma once

#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "badges/awards/database.hpp"
#include "badges/rules/history.hpp"

namespace badges {

class HistoryStore final : public History {
public:
    static constexpr long long kNoHorizon = std::numeric_limits<long long>::max();

    // `database`: SQLite; outlives this object. `query_limit`: a question that takes longer is given up.
    explicit HistoryStore(Database& database, std::chrono::milliseconds query_limit = std::chrono::seconds(10));
    ~HistoryStore() override;
    HistoryStore(const HistoryStore&) = delete;
    HistoryStore& operator=(const HistoryStore&) = delete;

    void set_up();  // makes the tables that are missing

    // Within a transaction of `database`. Returns the number of the message in this history: numbers grow with each new
    // message; one that is there already keeps its own.
    long long store(const Envelope& message);
    // To be called when that transaction was not committed.
    void taken_back() { topic_numbers_.clear(); }
    long long last_number();
    // Questions see only messages up to this number. So a message is judged by what had arrived when it came, however
    // many of its followers are stored already.
    void set_horizon(long long number) { horizon_ = number; }

    std::uint64_t count(const Query& query, std::string_view exclude_msg_id) override;
    void stream(const Query& query, std::string_view exclude_msg_id, const RowHandler& handler) override;

    // The whole messages of a time range (seconds since the epoch, both ends included) as JSON texts, oldest first.
    void for_each(double start, double end, const std::function<void(const std::string&)>& handler);
    // The time of the newest message whose topic, after prefix and environment, is `event`.
    std::optional<double> last_seen(const std::string& event);
    std::vector<std::string> topics();
    std::uint64_t size();

private:
    struct Statements;

    Statements& statements();
    long long topic_number(const Envelope& message);
    long long number_of(std::string_view msg_id);
    void ask(const std::function<void(soci::session&)>& question);

    Database& database_;
    std::chrono::milliseconds query_limit_;
    long long horizon_ = kNoHorizon;
    std::unique_ptr<Statements> statements_;  // of the open connection
    std::unordered_map<std::string, long long> topic_numbers_;
};

}  // namespace badges
