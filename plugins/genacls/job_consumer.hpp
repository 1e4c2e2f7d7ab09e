// A consumer that does one thing for many messages: collects them for a moment, runs its job in a thread of its own,
// and finishes all of them together (genacls.md 3.1). Base of the three kinds of job in this plugin.
//
// What must survive is in the ledger (directory()/ledger.sqlite) before a message is deferred: a hub that is killed
// runs the job again at its next start. Threads: everything in the lane thread, but perform() and what it calls: the
// worker, of which there is one at a time. The worker hands its result over through result_ and the timer kFinished.
#pragma once

#include <atomic>
#include <fedmsg_hub/plugin.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "genacls/debounce.hpp"
#include "support/ledger.hpp"
#include "support/token_bucket.hpp"

namespace genacls {

struct Judgement {
    bool is_wanted = false;
    std::string text{};     // what the message says, or why it is not wanted
    std::string payload{};  // for perform()
};

struct BatchItem {
    std::string msg_id;
    std::string payload;
};
using BatchItems = std::vector<BatchItem>;

struct JobResult {
    bool is_success = false;
    bool is_cancelled = false;  // by stop: neither success nor failure
    std::string text{};
};

struct JobOptions {
    double delay = 5;
    double full_interval = 0;  // seconds between two runs at most; 0: only messages start one
    int alert_after = 3;
    std::vector<std::string> mail_command;  // gets the alert on standard input
    bool is_dry_run = false;
    bool ignores_ledger = false;
};

class JobConsumer : public fedmsg_hub::Consumer {
public:
    virtual ~JobConsumer() = default;

    void start();
    void stop();
    fedmsg_hub::Outcome consume(const fedmsg_hub::Message& message);
    void on_timer(std::uint64_t id);
    void explain(const fedmsg_hub::Message& message, std::ostream& out);

    // Told of each step that is behind us, in the thread that took it; tests die there. Set before the first message.
    std::function<void(std::string_view step)> at_step = [](std::string_view) {};

protected:
    JobConsumer();
    // In the derived class's constructor: options() can be asked only when this base is there.
    void set_up(JobOptions options);

    virtual Judgement judge(const fedmsg_hub::Message& message) = 0;
    // Worker thread. Looks at is_cancelled() often.
    virtual JobResult perform(const BatchItems& batch) = 0;
    virtual bool is_output_missing() const { return false; }

    // Worker thread.
    bool is_cancelled() const { return is_stopping_ || stop_requested(); }
    // Any thread; seconds since the epoch by the hub's clock.
    double seconds_now() const { return std::chrono::duration<double>(now().time_since_epoch()).count(); }
    // Of this or an earlier process; 0: never.
    double last_success() const;
    void note_success() const;
    std::size_t pending_count();
    const JobOptions& job_options() const { return job_; }

private:
    enum Timer : std::uint64_t { kDeadline = 1, kFinished = 2, kFullInterval = 3 };
    static constexpr std::size_t kMostDeferred = 1'000;  // messages; those above are done when the ledger has them
    static constexpr std::size_t kMostInBatch = 10'000;

    void read_ledger();
    bool note_in_ledger(const std::string& msg_id, const Judgement& judgement);
    void arm();
    void try_to_begin();
    void work(const BatchItems& batch, int failures);
    void alert(const std::string& text, int failures) const;
    void take_result();
    void finish_batch();
    void schedule_full_run(double seconds);

    JobOptions job_;
    Debounce debounce_{{}};
    std::mt19937_64 random_;
    fedmsg_plugins::TokenBucket bursts_{20, 3600};
    std::optional<fedmsg_plugins::Ledger> ledger_;  // between start and stop
    BatchItems waiting_;                            // for the next run
    BatchItems running_;                            // in the worker's hands; it has a copy
    std::vector<fedmsg_hub::Later> waiting_promises_;
    std::vector<fedmsg_hub::Later> running_promises_;
    std::thread worker_;
    std::atomic<bool> is_stopping_{false};
    std::mutex mutex_;
    std::optional<JobResult> result_;  // guarded by mutex_
};

}  // namespace genacls
