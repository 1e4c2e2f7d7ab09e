// Messages whose rules have still to be judged: those of the batch at hand, and those that were parked because the
// history or the account directory could not be asked, the awards database was down or too many awards were given in an
// hour.
//
// A table in the file of the history. A message is noted in the same transaction in which it is stored and taken off
// when it has been judged, so a process that dies in between finds it here. Judging twice does no harm. Lane thread
// only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "badges/awards/database.hpp"
#include "support/backoff.hpp"

namespace badges {

struct Work {
    std::string msg_id;
    std::string body;        // the whole message, JSON
    long long horizon = 0;   // the last number in the history when it came
    bool is_replay = false;  // its age does not count
    int attempts = 0;
    double created = 0;  // seconds since the epoch
    double next_try = 0;
    std::string reason;  // why it waits; empty: it has not been judged yet
};

class WorkQueue {
public:
    // `chance`: random numbers from 0 to 1, for the delays.
    WorkQueue(Database& database, fedmsg_plugins::Backoff backoff, std::function<double()> chance);

    void set_up();

    // Within a transaction of the database. What is there already stays as it is.
    void add(const Work& work);
    // In a transaction of its own.
    void done(const std::vector<std::string>& msg_ids);
    // After an attempt that failed: waits for the next one, or is dead after Backoff::patience. False: it is dead now.
    bool park(const Work& work, const std::string& reason, double now);
    // Waits without having had an attempt.
    void postpone(const Work& work, const std::string& reason, double until);

    // Oldest first.
    std::vector<Work> due(double now, int limit);
    std::optional<double> next_due();
    std::vector<Work> dead(int limit);
    int revive();  // all dead ones wait again; how many
    std::uint64_t waiting();
    std::optional<double> oldest();  // created, of those that wait

private:
    std::vector<Work> select(const std::string& condition, int limit);
    void change(const std::string& assignments, const Work& work, const std::string& reason, double next_try);

    Database& database_;
    fedmsg_plugins::Backoff backoff_;
    std::function<double()> chance_;
};

}  // namespace badges
