// A lane with everything around it, driven by a consumer that is a function.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/dispatch/lane.hpp"
#include "daemon/gate/message_pool.hpp"
#include "daemon/journal/ring_journal.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg::hub::test {

using fedmsg::test::TemporaryDirectory;
using fedmsg::test::wait_for;

// Time that only moves when told to.
class ManualClock final : public Clock {
public:
    Wall wall() const override { return Wall(std::chrono::seconds(1'790'000'000) + passed_.load()); }
    Steady steady() const override { return Steady(std::chrono::hours(1) + passed_.load()); }
    void advance(std::chrono::milliseconds time) { passed_.store(passed_.load() + time); }

private:
    std::atomic<std::chrono::milliseconds> passed_{std::chrono::milliseconds(0)};
};

// What a consumer was given, in order; any thread.
class Journalist {
public:
    void note(std::string line) {
        std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
    }
    std::vector<std::string> lines() const {
        std::lock_guard lock(mutex_);
        return lines_;
    }
    std::size_t size() const { return lines().size(); }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

// Answers each message by a function; notes "start", "stop", "timer N", "poll", "gap A-B".
class ScriptedConsumer : public Consumer {
public:
    using Answer = std::function<Outcome(const Delivery&)>;
    ScriptedConsumer(Journalist& journalist, Answer answer) : journalist_(journalist), answer_(std::move(answer)) {}

    Status start() override {
        journalist_.note("start");
        return {};
    }
    void consume(std::span<const Delivery> deliveries, std::span<Outcome> outcomes) override {
        for (std::size_t i = 0; i < deliveries.size(); ++i) outcomes[i] = answer_(deliveries[i]);
    }
    void on_gap(Offset first, Offset last, std::uint64_t) override {
        journalist_.note("gap " + std::to_string(first.value) + "-" + std::to_string(last.value));
    }
    Status on_timer(std::uint64_t id) override {
        journalist_.note("timer " + std::to_string(id));
        return {};
    }
    Status poll() override {
        journalist_.note("poll");
        return {};
    }
    void stop() override { journalist_.note("stop"); }

private:
    Journalist& journalist_;
    Answer answer_;
};

class LaneFixture : public testing::Test {
protected:
    Lane::Shared shared() { return {clock, *journal, budget, nullptr, directory.path().string()}; }

    Lane& make_lane(ScriptedConsumer::Answer answer) {
        settings.name = "scripted";
        if (settings.patterns.empty() && settings.period.count() == 0) settings.patterns = {{"*", topics::Rule::glob}};
        lane = std::make_unique<Lane>(settings, shared());
        lane->attach(std::make_unique<ScriptedConsumer>(journalist, std::move(answer)));
        return *lane;
    }
    void start() { ASSERT_TRUE(lane->start(journal->end())); }

    // Puts messages with these numbers as "msg" into the journal and, as the router would, into the lane.
    void send(int first, int last, const std::string& topic = "org.example.dev.a") {
        std::vector<MutableMessagePtr> batch;
        for (int i = first; i <= last; ++i)
            batch.push_back(pool.make(
                topic, R"({"topic":"t","msg_id":"id-)" + std::to_string(i) + R"(","msg":)" + std::to_string(i) + "}",
                "e", clock.wall()));
        ASSERT_TRUE(journal->append(batch));
        const std::vector<MessagePtr> shared_batch(batch.begin(), batch.end());
        lane->push(shared_batch);
    }
    static int number_of(const Delivery& delivery) { return delivery.message->envelope().msg->GetInt(); }
    // Waits until the consumer has been handed this many messages.
    bool handed(std::uint64_t count) {
        return wait_for([&] { return lane->counters().attempts.load() >= count; });
    }
    void advance(std::chrono::milliseconds time) {
        clock.advance(time);
        lane->wake();
    }

    ManualClock clock;
    TemporaryDirectory directory;
    MessagePool pool;
    std::unique_ptr<RingJournal> journal = std::make_unique<RingJournal>(std::size_t{4} << 20);
    WindowBudget budget;
    Journalist journalist;
    LaneSettings settings;
    std::unique_ptr<Lane> lane;
};

}  // namespace fedmsg::hub::test
