// When a job runs (genacls.md 3.1): once for many messages, again for those that come meanwhile, and again after a
// failure.
//
//     idle --message--> waiting --deadline--> running --message--> running_dirty
//       ^                  ^                     |                      |
//       +----- success ----|---------------------+                      |
//                          +---- failure (back-off), or dirty ----------+
//
// Knows no clock: every call is told the time, in seconds. A plain value; one thread.
#pragma once

#include <optional>

#include "support/backoff.hpp"

namespace genacls {

class Debounce {
public:
    enum class State { idle, waiting, running, running_dirty };

    struct Options {
        double delay = 5;  // from the first message to the run
        fedmsg_plugins::Backoff backoff{.base = std::chrono::duration<double>(5)};
    };

    explicit Debounce(const Options& options) : options_(options) {}

    void message(double now);
    // Something else asks for a run: at once, if none is under way.
    void demand(double now);
    // True if a run is to begin now; it has then begun.
    bool begin(double now);
    void succeeded(double now);
    // `chance`: a random number from 0 to 1.
    void failed(double now, double chance);

    State state() const { return state_; }
    int failures() const { return failures_; }  // in a row
    // When begin() is worth asking for the next time.
    std::optional<double> deadline() const {
        return state_ == State::waiting ? std::optional(deadline_) : std::nullopt;
    }

private:
    bool is_running() const { return state_ == State::running || state_ == State::running_dirty; }
    void wait_until(double time);

    Options options_;
    State state_ = State::idle;
    double deadline_ = 0;
    int failures_ = 0;
};

}  // namespace genacls
