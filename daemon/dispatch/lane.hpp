// One consumer at work: its thread, its window of messages, what it set aside, its timers.
//
// The lane thread makes every call into the consumer, one at a time. Outcomes per message: ack, drop, later, retry,
// fail (architecture.md "lane"). A message to be retried is set aside and offered again when due, before newer ones.
//
// Life: construct, attach a consumer made for host(), start, push while it runs, drain, join. Any thread may push (one
// at a time), ask, and call host() as host_services.hpp says.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bus/base/clock.hpp"
#include "bus/base/thread_annotations.hpp"
#include "daemon/dispatch/catch_up.hpp"
#include "daemon/dispatch/consumer.hpp"
#include "daemon/dispatch/consumer_metrics.hpp"
#include "daemon/dispatch/host_services.hpp"
#include "daemon/dispatch/hub_publisher.hpp"
#include "daemon/dispatch/lane_counters.hpp"
#include "daemon/dispatch/lane_queue.hpp"
#include "daemon/dispatch/lane_settings.hpp"
#include "daemon/dispatch/state_store.hpp"
#include "daemon/dispatch/timer_list.hpp"
#include "daemon/dispatch/waiting_list.hpp"

namespace fedmsg::hub {

enum class LaneState { idle, running, stalled, paused, stopped };
std::string_view name_of(LaneState state);

class LaneHost;

class Lane {
public:
    // What lanes share; all of it outlives them.
    struct Shared {
        const Clock& clock;
        const Journal& journal;
        WindowBudget& budget;
        HubPublisher* publisher = nullptr;  // null: consumers cannot publish
        std::string state_directory;        // of the consumers' state files
    };

    Lane(LaneSettings settings, const Shared& shared);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    HostServices& host();
    void attach(std::unique_ptr<Consumer> consumer);

    // Calls the consumer's start on the lane thread and, if that succeeds, leaves the thread at work. Messages before
    // `from` are not this lane's.
    Status start(Offset from);

    // Committer's thread: messages that match, in journal order.
    void push(std::span<const MessagePtr> messages);

    // Lets the lane finish what is in the journal, then stop the consumer. No push may follow. Messages that are LATER
    // are waited for a moment only: the consumer finishes them in its stop, or never.
    void drain();
    // True once the lane thread has ended; waits up to `limit`.
    bool join(std::chrono::milliseconds limit);

    const LaneSettings& settings() const { return settings_; }
    LaneCounters& counters() { return counters_; }
    const ConsumerMetrics& metrics() const { return metrics_; }
    LaneState state() const;
    // Messages matched and not yet handed to the consumer.
    std::size_t backlog() const;
    bool is_lagging() const;
    std::size_t waiting() const { return waiting_.size(); }
    // How long the call that is running now has lasted; 0: none is.
    std::chrono::milliseconds call_lasts() const;
    // For tests with a clock of their own: looks at due times again.
    void wake();

private:
    friend class LaneHost;
    struct Finished {
        std::uint64_t token;
        Outcome outcome;
    };
    enum class Phase { idle, running, draining, stopped };

    void run(std::promise<Status> started);
    bool take_work();
    bool take_messages(Clock::Steady now) FEDMSG_HUB_REQUIRES(mutex_);
    bool may_take_new() const FEDMSG_HUB_REQUIRES(mutex_);
    bool is_finished(Clock::Steady now) const FEDMSG_HUB_REQUIRES(mutex_);
    void tell_unfinished() const;
    std::optional<Clock::Steady> next_deadline() const FEDMSG_HUB_REQUIRES(mutex_);
    void wait(Clock::Steady now) FEDMSG_HUB_REQUIRES(mutex_);
    void work();
    void catch_up();
    Offset deliver_all(std::vector<MessagePtr>& messages, Offset next);
    bool is_held() const;
    void tell_gap(const CatchUp::Gap& gap);
    void deliver();
    void call_consumer();
    void settle(Attempt attempt, std::uint64_t token, const Outcome& outcome);
    void settle_finished();
    void set_aside(Attempt attempt, const Outcome& outcome);
    void give_up(const Attempt& attempt, const Outcome& outcome);
    void fire_timers();
    void poll();
    void count_failure(std::string_view what, std::string_view reason);
    template <class Call>
    Status guarded(Call call);
    std::size_t batch_limit() const { return settings_.order == Order::strict ? 1 : kBatch; }

    static constexpr std::size_t kBatch = 64;
    static constexpr std::size_t kMaxLater = 4096;         // unfinished LATER messages; more hold the lane
    static constexpr std::chrono::seconds kLaterGrace{2};  // how long they hold a lane that is to stop

    const LaneSettings settings_;
    const Shared shared_;
    std::unique_ptr<LaneHost> host_;
    std::unique_ptr<Consumer> consumer_;
    LaneCounters counters_;
    ConsumerMetrics metrics_;
    StateStore state_;

    mutable Mutex mutex_;
    CondVar wake_;
    LaneQueue queue_ FEDMSG_HUB_GUARDED_BY(mutex_);
    TimerList timers_ FEDMSG_HUB_GUARDED_BY(mutex_);
    Phase phase_ FEDMSG_HUB_GUARDED_BY(mutex_) = Phase::idle;
    Clock::Steady later_deadline_ FEDMSG_HUB_GUARDED_BY(mutex_){};  // while draining
    Clock::Steady next_poll_ FEDMSG_HUB_GUARDED_BY(mutex_){};
    std::vector<Finished> finished_ FEDMSG_HUB_GUARDED_BY(mutex_);
    std::unordered_map<std::uint64_t, Attempt> later_ FEDMSG_HUB_GUARDED_BY(mutex_);
    std::uint64_t first_token_ FEDMSG_HUB_GUARDED_BY(mutex_) = 1;  // of the batch in delivery
    std::uint64_t next_token_ FEDMSG_HUB_GUARDED_BY(mutex_) = 1;

    // Lane thread's own.
    WaitingList waiting_;
    std::unique_ptr<CatchUp> catch_up_;
    std::vector<Attempt> batch_;
    std::vector<MessagePtr> popped_;
    std::vector<Delivery> deliveries_;
    std::vector<Outcome> outcomes_;
    std::vector<std::uint64_t> due_timers_;
    std::vector<Finished> taken_finished_;
    bool poll_due_ = false;
    bool must_catch_up_ = false;
    std::minstd_rand random_;

    std::atomic<std::int64_t> call_started_{0};  // steady nanoseconds; 0: no call is running
    std::atomic<bool> stop_requested_{false};
    std::thread thread_;
};

}  // namespace fedmsg::hub
