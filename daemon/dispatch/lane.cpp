#include "daemon/dispatch/lane.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

#include "bus/log/log.hpp"
#include "daemon/dispatch/lane_host.hpp"

namespace fedmsg::hub {
namespace {

constexpr log::Logger kLog{"fedmsg.consumers"};
constexpr std::chrono::seconds kStartLimit{10};

std::int64_t nanoseconds(Clock::Steady time) {
    return time.time_since_epoch().count();
}

std::string label(const LaneSettings& settings, const Message& message) {
    return fmt::format("{}: message {} of topic {}", settings.name,
                       message.envelope().msg_id.empty() ? "without msg_id" : message.envelope().msg_id,
                       message.topic());
}

}  // namespace

std::string_view name_of(LaneState state) {
    switch (state) {
        case LaneState::idle:
            return "idle";
        case LaneState::running:
            return "running";
        case LaneState::stalled:
            return "stalled";
        case LaneState::paused:
            return "paused";
        case LaneState::stopped:
            return "stopped";
    }
    return "unknown";
}

Lane::Lane(LaneSettings settings, const Shared& shared)
    : settings_(std::move(settings)),
      shared_(shared),
      host_(std::make_unique<LaneHost>(*this)),
      state_(shared.state_directory + "/" + settings_.name + ".sqlite"),
      queue_(settings_.window_messages, settings_.window_bytes, shared.budget),
      random_(static_cast<unsigned>(shared.clock.steady().time_since_epoch().count())) {}

Lane::~Lane() {
    if (!thread_.joinable()) return;
    drain();
    thread_.join();
}

HostServices& Lane::host() {
    return *host_;
}

void Lane::attach(std::unique_ptr<Consumer> consumer) {
    consumer_ = std::move(consumer);
}

Status Lane::start(Offset from) {
    std::promise<Status> started;
    auto answer = started.get_future();
    {
        Lock lock(mutex_);
        queue_.set_position(from);
        phase_ = Phase::running;
        if (settings_.period.count() > 0) next_poll_ = shared_.clock.steady() + settings_.period;
    }
    thread_ = std::thread(&Lane::run, this, std::move(started));
    if (answer.wait_for(kStartLimit) == std::future_status::ready) return answer.get();
    return failure(fmt::format("its start has not returned within {} s", kStartLimit.count()));
}

void Lane::run(std::promise<Status> started) {
    ::pthread_setname_np(::pthread_self(), settings_.name.substr(0, 15).c_str());
    const Status status = guarded([this] { return consumer_->start(); });
    const bool runs = status.has_value();
    started.set_value(status);
    while (runs && take_work()) work();
    if (runs) {
        (void)guarded([this] { return consumer_->stop(), Status{}; });  // guarded has told of a failure
        {
            Lock lock(mutex_);
            std::swap(taken_finished_, finished_);
        }
        settle_finished();  // what the consumer finished while it stopped
        tell_unfinished();
    }
    consumer_.reset();
    Lock lock(mutex_);
    phase_ = Phase::stopped;
    wake_.notify_all();
}

void Lane::tell_unfinished() const {
    Lock lock(mutex_);
    const std::size_t count = waiting_.size() + later_.size();
    if (count == 0) return;
    kLog.warning("WAITING_LOST", fmt::format("{}: stops with {} messages that it has not finished; without a durable "
                                             "journal the hub forgets them",
                                             settings_.name, count));
}

// A call into the consumer outside of message delivery; what it throws becomes an error.
template <class Call>
Status Lane::guarded(Call call) {
    call_started_.store(nanoseconds(shared_.clock.steady()), std::memory_order_relaxed);
    Status status;
    try {
        status = call();
    } catch (const std::exception& error) {
        status = failure(error.what());
    } catch (...) {
        status = failure("threw something that is no std::exception");
    }
    call_started_.store(0, std::memory_order_relaxed);
    return status;
}

void Lane::push(std::span<const MessagePtr> messages) {
    Lock lock(mutex_);
    LaneCounters::add(counters_.received, queue_.push(messages));
    wake_.notify_one();
}

void Lane::wake() {
    Lock lock(mutex_);
    wake_.notify_all();
}

void Lane::drain() {
    stop_requested_.store(true, std::memory_order_relaxed);
    Lock lock(mutex_);
    if (phase_ == Phase::running) phase_ = Phase::draining;
    later_deadline_ = shared_.clock.steady() + kLaterGrace;
    wake_.notify_all();
}

bool Lane::join(std::chrono::milliseconds limit) {
    if (!thread_.joinable()) return true;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    {
        Lock lock(mutex_);
        while (phase_ != Phase::stopped) {
            const auto left = deadline - std::chrono::steady_clock::now();
            if (left.count() <= 0) return false;
            wake_.wait_for(mutex_, left);
        }
    }
    thread_.join();
    return true;
}

// ---- what to do next -----------------------------------------------------------------------------------------------

bool Lane::may_take_new() const {
    if (waiting_.size() > settings_.max_waiting || later_.size() >= kMaxLater) return false;
    return settings_.order == Order::none || (waiting_.size() == 0 && later_.empty());
}

bool Lane::is_finished(Clock::Steady now) const {
    if (phase_ != Phase::draining || (!later_.empty() && now < later_deadline_)) return false;
    return !may_take_new() || (queue_.is_empty() && !queue_.is_lagging());
}

bool Lane::take_messages(Clock::Steady now) {
    batch_.clear();
    waiting_.take_due(now, batch_limit(), batch_);
    if (!may_take_new() || batch_.size() >= batch_limit()) return !batch_.empty();
    popped_.clear();
    queue_.pop(batch_limit() - batch_.size(), popped_);
    for (auto& message : popped_) batch_.push_back({std::move(message), 1});
    must_catch_up_ = batch_.empty() && queue_.is_lagging();
    return !batch_.empty() || must_catch_up_;
}

// Waits until there is something to do and gathers it. False when the lane is to end.
bool Lane::take_work() {
    Lock lock(mutex_);
    for (;;) {
        const auto now = shared_.clock.steady();
        must_catch_up_ = false;
        due_timers_.clear();
        std::swap(taken_finished_, finished_);
        bool found = !taken_finished_.empty();
        found |= take_messages(now);
        if (phase_ == Phase::running) {
            timers_.take_due(now, due_timers_);
            poll_due_ = settings_.period.count() > 0 && next_poll_ <= now;
            found |= !due_timers_.empty() || poll_due_;
        }
        if (found) return true;
        if (is_finished(now)) return false;
        wait(now);
    }
}

std::optional<Clock::Steady> Lane::next_deadline() const {
    std::optional<Clock::Steady> next = waiting_.next_due();
    const auto sooner = [&](std::optional<Clock::Steady> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    if (phase_ == Phase::running) {
        sooner(timers_.next_due());
        if (settings_.period.count() > 0) sooner(next_poll_);
    }
    if (phase_ == Phase::draining && !later_.empty()) sooner(later_deadline_);
    return next;
}

void Lane::wait(Clock::Steady now) {
    if (const auto deadline = next_deadline())
        wake_.wait_for(mutex_, *deadline - now);
    else
        wake_.wait(mutex_);
}

// ---- doing it ------------------------------------------------------------------------------------------------------

void Lane::work() {
    if (!taken_finished_.empty()) settle_finished();
    if (!batch_.empty()) deliver();
    if (must_catch_up_) catch_up();
    if (!due_timers_.empty()) fire_timers();
    if (poll_due_) poll();
}

void Lane::catch_up() {
    if (!catch_up_) catch_up_ = std::make_unique<CatchUp>(shared_.journal, settings_);
    Offset from;
    {
        Lock lock(mutex_);
        from = queue_.position();
    }
    auto step = catch_up_->read(from);
    if (step.gap) tell_gap(*step.gap);
    const Offset next = deliver_all(step.messages, step.next);
    Lock lock(mutex_);
    queue_.set_position(next);
    if (next >= shared_.journal.end()) queue_.caught_up();
}

// Delivers messages read from the journal until the lane must hold; returns the offset to read on from.
Offset Lane::deliver_all(std::vector<MessagePtr>& messages, Offset next) {
    for (std::size_t at = 0; at < messages.size();) {
        if (is_held()) return messages[at]->offset();
        batch_.clear();
        for (; at < messages.size() && batch_.size() < batch_limit(); ++at)
            batch_.push_back({std::move(messages[at]), 1});
        LaneCounters::add(counters_.received, batch_.size());
        deliver();
    }
    return next;
}

bool Lane::is_held() const {
    Lock lock(mutex_);
    return !may_take_new();
}

void Lane::tell_gap(const CatchUp::Gap& gap) {
    const std::uint64_t count = gap.last.value - gap.first.value + 1;
    LaneCounters::add(counters_.missed, count);
    kLog.warning("LANE_GAP",
                 fmt::format("{}: fell behind and missed {} messages of the bus (offsets {} to {}), which are "
                             "no longer held in memory",
                             settings_.name, count, gap.first.value, gap.last.value),
                 {{"CONSUMER", settings_.name}});
    (void)guarded([&] { return consumer_->on_gap(gap.first, gap.last, UINT64_MAX), Status{}; });
}

void Lane::deliver() {
    std::uint64_t token = 0;
    {
        Lock lock(mutex_);
        token = first_token_ = next_token_;
        next_token_ += batch_.size();
    }
    deliveries_.clear();
    for (const auto& attempt : batch_) deliveries_.push_back({attempt.message.get(), token++, attempt.number});
    outcomes_.assign(batch_.size(), Outcome{});
    call_consumer();
    LaneCounters::add(counters_.attempts, batch_.size());
    for (std::size_t i = 0; i < batch_.size(); ++i) settle(std::move(batch_[i]), deliveries_[i].token, outcomes_[i]);
    batch_.clear();
    Lock lock(mutex_);
    first_token_ = next_token_;  // nothing is in delivery: what can be finished is in later_
}

void Lane::call_consumer() {
    const auto start = shared_.clock.steady();
    const Status status = guarded([this] { return consumer_->consume(deliveries_, outcomes_), Status{}; });
    if (!status) std::fill(outcomes_.begin(), outcomes_.end(), Outcome{Outcome::Kind::fail, {}, status.error().text});
    const std::chrono::duration<double> took = shared_.clock.steady() - start;
    counters_.add_times(took.count() / static_cast<double>(batch_.size()), batch_.size());
}

void Lane::settle(Attempt attempt, std::uint64_t token, const Outcome& outcome) {
    switch (outcome.kind) {
        case Outcome::Kind::ack:
            LaneCounters::add(counters_.acked);
            counters_.failing_in_a_row.store(0, std::memory_order_relaxed);
            break;
        case Outcome::Kind::drop:
            LaneCounters::add(counters_.dropped);
            break;
        case Outcome::Kind::later: {
            Lock lock(mutex_);
            later_.emplace(token, std::move(attempt));
            break;
        }
        case Outcome::Kind::retry:
            LaneCounters::add(counters_.retried);
            set_aside(std::move(attempt), outcome);
            break;
        case Outcome::Kind::fail:
            count_failure(label(settings_, *attempt.message), outcome.reason);
            set_aside(std::move(attempt), outcome);
            break;
    }
}

void Lane::settle_finished() {
    for (auto& finished : taken_finished_) {
        std::optional<Attempt> attempt;
        {
            Lock lock(mutex_);
            const auto found = later_.find(finished.token);
            if (found != later_.end()) {
                attempt = std::move(found->second);
                later_.erase(found);
            }
        }
        // A token that is not there was finished twice, or its call did not return "later" in the end.
        if (attempt) settle(std::move(*attempt), finished.token, finished.outcome);
    }
    taken_finished_.clear();
}

void Lane::set_aside(Attempt attempt, const Outcome& outcome) {
    if (attempt.number >= settings_.retry.max_attempts) return give_up(attempt, outcome);
    const double random = std::uniform_real_distribution<double>(0, 1)(random_);
    const auto delay = outcome.delay.count() > 0 ? outcome.delay : settings_.retry.delay_after(attempt.number, random);
    ++attempt.number;
    waiting_.add(std::move(attempt), shared_.clock.steady() + delay);
}

void Lane::give_up(const Attempt& attempt, const Outcome& outcome) {
    LaneCounters::add(counters_.failed_for_good);
    kLog.error("FAILED_FOR_GOOD",
               fmt::format("{}: given up after {} attempts: {}", label(settings_, *attempt.message), attempt.number,
                           outcome.reason.empty() ? "no reason given" : outcome.reason),
               {{"CONSUMER", settings_.name}});
}

void Lane::count_failure(std::string_view what, std::string_view reason) {
    LaneCounters::add(counters_.failures);
    LaneCounters::add(counters_.failing_in_a_row);
    kLog.error("CONSUMER_FAILED", fmt::format("{} failed: {}", what, reason.empty() ? "no reason given" : reason),
               {{"CONSUMER", settings_.name}});
}

void Lane::fire_timers() {
    for (const auto id : due_timers_) {
        const Status status = guarded([&] { return consumer_->on_timer(id); });
        if (!status) count_failure(fmt::format("{}: timer {}", settings_.name, id), status.error().text);
    }
}

void Lane::poll() {
    const std::chrono::duration<double> since_epoch = shared_.clock.wall().time_since_epoch();
    counters_.last_poll.store(since_epoch.count(), std::memory_order_relaxed);
    const Status status = guarded([this] { return consumer_->poll(); });
    LaneCounters::add(counters_.polls);
    if (status) {
        counters_.poll_failures_in_a_row.store(0, std::memory_order_relaxed);
    } else {
        LaneCounters::add(counters_.poll_failures_in_a_row);
        count_failure(fmt::format("{}: poll", settings_.name), status.error().text);
    }
    Lock lock(mutex_);
    next_poll_ = shared_.clock.steady() + settings_.period;
}

// ---- what others see -----------------------------------------------------------------------------------------------

LaneState Lane::state() const {
    {
        Lock lock(mutex_);
        if (phase_ == Phase::idle) return LaneState::idle;
        if (phase_ == Phase::stopped) return LaneState::stopped;
    }
    if (call_lasts() > settings_.call_deadline) return LaneState::stalled;
    return waiting_.size() > settings_.max_waiting ? LaneState::paused : LaneState::running;
}

std::size_t Lane::backlog() const {
    Lock lock(mutex_);
    const std::size_t behind = queue_.is_lagging() ? shared_.journal.end().value - queue_.position().value : 0;
    return queue_.size() + behind;
}

bool Lane::is_lagging() const {
    Lock lock(mutex_);
    return queue_.is_lagging();
}

std::chrono::milliseconds Lane::call_lasts() const {
    const auto started = call_started_.load(std::memory_order_relaxed);
    if (started == 0) return std::chrono::milliseconds(0);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::nanoseconds(nanoseconds(shared_.clock.steady()) - started));
}

}  // namespace fedmsg::hub
