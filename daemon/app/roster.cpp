#include "daemon/app/roster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bus/log/log.hpp"

namespace fedmsg::hub {
namespace {

constexpr log::Logger kLog{"fedmsg.consumers"};

std::string where(const PlannedConsumer& planned) {
    return fmt::format("{}:{}", planned.lane.module, planned.name());
}

void copy_figures(ConsumerSnapshot& snapshot, Lane& lane) {
    const auto& counters = lane.counters();
    const auto read = [](const std::atomic<std::uint64_t>& counter) { return counter.load(std::memory_order_relaxed); };
    snapshot.received = read(counters.received);
    snapshot.attempts = read(counters.attempts);
    snapshot.acked = read(counters.acked);
    snapshot.dropped = read(counters.dropped);
    snapshot.retried = read(counters.retried);
    snapshot.failures = read(counters.failures);
    snapshot.failed_for_good = read(counters.failed_for_good);
    snapshot.missed = read(counters.missed);
    snapshot.polls = read(counters.polls);
    snapshot.failing_in_a_row = read(counters.failing_in_a_row);
    snapshot.poll_failures_in_a_row = read(counters.poll_failures_in_a_row);
    snapshot.last_poll = counters.last_poll.load(std::memory_order_relaxed);
    snapshot.backlog = lane.backlog();
    snapshot.waiting = lane.waiting();
    snapshot.lagging = lane.is_lagging();
    snapshot.counters = lane.metrics().counters();
    snapshot.gauges = lane.metrics().gauges();
}

}  // namespace

Roster::Roster(std::vector<PlannedConsumer> planned) {
    for (auto& one : planned) entries_.push_back({std::move(one), nullptr, {}, false});
}

void Roster::start(const Lane::Shared& shared, const Factory& factory) {
    for (auto& entry : entries_) create_one(entry, shared, factory);
    for (auto& entry : entries_)
        if (entry.lane)
            if (auto status = entry.lane->start(shared.journal.end()); !status)
                entry.failure = "start: " + status.error().text;
    for (const auto& entry : entries_)
        if (!entry.failure.empty())
            kLog.error("CONSUMER_NOT_RUNNING",
                       fmt::format("Failed to init {} consumer. {}: {}", entry.planned.name(), where(entry.planned),
                                   entry.failure),
                       {{"CONSUMER", entry.planned.name()}});
}

void Roster::create_one(Entry& entry, const Lane::Shared& shared, const Factory& factory) {
    if (entry.planned.decision == PlannedConsumer::Decision::disabled) {
        kLog.info("CONSUMER_DISABLED",
                  fmt::format("* disabled by config - {} ({})", where(entry.planned), entry.planned.reason));
        return;
    }
    if (entry.planned.decision == PlannedConsumer::Decision::failed) {
        entry.failure = entry.planned.reason;
        return;
    }
    kLog.info("CONSUMER_ENABLED", fmt::format("  enabled by config  - {}", where(entry.planned)));
    auto lane = std::make_shared<Lane>(entry.planned.lane, shared);
    auto consumer = factory(entry.planned, lane);
    entry.planned.options = {};  // the consumer has its own copy
    if (!consumer) {
        entry.failure = consumer.error().text;
        return;
    }
    lane->attach(std::move(*consumer));
    entry.lane = std::move(lane);  // kept even if its start fails: its thread may still be in the consumer
}

std::vector<Lane*> Roster::lanes() const {
    std::vector<Lane*> lanes;
    for (const auto& entry : entries_)
        if (entry.lane && entry.failure.empty()) lanes.push_back(entry.lane.get());
    return lanes;
}

std::vector<std::string> Roster::subscriptions() const {
    std::set<std::string> prefixes;
    for (const auto* lane : lanes())
        for (const auto& pattern : lane->settings().patterns)
            prefixes.insert(topics::subscription_prefix(pattern.text, pattern.rule));
    return {prefixes.begin(), prefixes.end()};
}

std::vector<std::string> Roster::stop(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (const auto& entry : entries_)
        if (entry.lane) entry.lane->drain();
    std::vector<std::string> stuck;
    for (const auto& entry : entries_) {
        if (!entry.lane) continue;
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (!entry.lane->join(std::max(left, std::chrono::milliseconds(0)))) stuck.push_back(entry.planned.name());
    }
    return stuck;
}

ConsumerSnapshot Roster::snapshot_of(const Entry& entry) {
    ConsumerSnapshot snapshot;
    const auto& lane = entry.planned.lane;
    snapshot.name = lane.name;
    snapshot.module = lane.module;
    snapshot.config_key = entry.planned.config_key;
    snapshot.topics = lane.declared_topics;
    snapshot.is_producer = lane.patterns.empty();
    snapshot.wants_json = !lane.json_only;
    snapshot.period = lane.period;
    if (entry.planned.decision == PlannedConsumer::Decision::disabled) {
        snapshot.state = "disabled";
        snapshot.reason = entry.planned.reason;
    } else if (!entry.failure.empty()) {
        snapshot.state = "failed";
        snapshot.reason = entry.failure;
    } else {
        snapshot.state = entry.lane ? name_of(entry.lane->state()) : "idle";
    }
    if (entry.lane) copy_figures(snapshot, *entry.lane);
    return snapshot;
}

std::vector<ConsumerSnapshot> Roster::snapshots() const {
    std::vector<ConsumerSnapshot> snapshots;
    for (const auto& entry : entries_) snapshots.push_back(snapshot_of(entry));
    return snapshots;
}

std::vector<float> Roster::times_of(const std::string& consumer) const {
    for (const auto& entry : entries_)
        if (entry.lane && entry.planned.name() == consumer) return entry.lane->counters().take_times();
    return {};
}

std::vector<std::string> Roster::failures() const {
    std::vector<std::string> failures;
    for (const auto& entry : entries_)
        if (!entry.failure.empty()) failures.push_back(fmt::format("{}: {}", entry.planned.name(), entry.failure));
    return failures;
}

void Roster::watch_for_stalls() {
    for (auto& entry : entries_) {
        if (!entry.lane) continue;
        const auto lasts = entry.lane->call_lasts();
        const bool stalled = lasts > entry.planned.lane.call_deadline;
        if (stalled == entry.stalled) continue;
        entry.stalled = stalled;
        if (stalled)
            kLog.warning(
                "CONSUMER_STALLED",
                fmt::format("{}: a call has lasted {} ms, longer than its call_deadline of {} ms; other consumers "
                            "are not held up",
                            entry.planned.name(), lasts.count(), entry.planned.lane.call_deadline.count()),
                {{"CONSUMER", entry.planned.name()}});
        else
            kLog.info("CONSUMER_RECOVERED", fmt::format("{}: is no longer stalled", entry.planned.name()),
                      {{"CONSUMER", entry.planned.name()}});
    }
}

}  // namespace fedmsg::hub
