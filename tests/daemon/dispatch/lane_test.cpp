#include "tests/daemon/dispatch/lane_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Holds a consumer's thread until it is opened.
class Barrier {
public:
    void wait() {
        std::unique_lock lock(mutex_);
        waiting_ = true;
        condition_.wait(lock, [this] { return open_; });
    }
    void open() {
        std::lock_guard lock(mutex_);
        open_ = true;
        condition_.notify_all();
    }
    bool is_waited_at() {
        std::lock_guard lock(mutex_);
        return waiting_;
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool open_ = false, waiting_ = false;
};

class ALane : public LaneFixture {};

TEST_F(ALane, DeliversInJournalOrder) {
    make_lane([&](const Delivery& d) {
        journalist.note(std::to_string(number_of(d)));
        return Outcome{};
    });
    start();
    send(1, 500);
    ASSERT_TRUE(handed(500));
    ASSERT_TRUE(wait_for([&] { return lane->counters().acked.load() == 500; }));
    const auto lines = journalist.lines();
    ASSERT_EQ(lines.size(), 501U);
    EXPECT_EQ(lines[0], "start");
    for (int i = 1; i <= 500; ++i) EXPECT_EQ(lines[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(ALane, FinishesWhatItHasBeforeItStops) {
    Barrier barrier;
    make_lane([&](const Delivery& d) {
        if (number_of(d) == 1) barrier.wait();
        journalist.note(std::to_string(number_of(d)));
        return Outcome{};
    });
    start();
    send(1, 200);
    ASSERT_TRUE(wait_for([&] { return barrier.is_waited_at(); }));
    lane->drain();
    EXPECT_FALSE(lane->join(milliseconds(0)));
    barrier.open();
    ASSERT_TRUE(lane->join(seconds(10)));
    EXPECT_EQ(journalist.size(), 202U);
    EXPECT_EQ(journalist.lines().back(), "stop");
    EXPECT_EQ(lane->state(), LaneState::stopped);
}

TEST_F(ALane, TellsItsConsumerThatItIsToStop) {
    make_lane([](const Delivery&) { return Outcome{}; });
    start();
    EXPECT_FALSE(lane->host().stop_requested());
    lane->drain();
    EXPECT_TRUE(lane->host().stop_requested());
    EXPECT_TRUE(lane->join(seconds(10)));
}

TEST_F(ALane, ReportsAFailedStartWithItsReason) {
    class Refusing : public ScriptedConsumer {
    public:
        using ScriptedConsumer::ScriptedConsumer;
        Status start() override { throw std::runtime_error("port in use"); }
    };
    make_lane({});
    lane->attach(std::make_unique<Refusing>(journalist, nullptr));
    const auto status = lane->start(journal->end());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "port in use");
}

TEST_F(ALane, LagsWhenItsWindowIsFullAndCatchesUpFromTheJournal) {
    settings.window_messages = 10;
    Barrier barrier;
    make_lane([&](const Delivery& d) {
        if (number_of(d) == 1) barrier.wait();
        journalist.note(std::to_string(number_of(d)));
        return Outcome{};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return barrier.is_waited_at(); }));
    for (int i = 2; i <= 300; ++i) send(i, i);
    EXPECT_TRUE(lane->is_lagging());
    EXPECT_EQ(lane->backlog(), 299U);
    barrier.open();
    ASSERT_TRUE(wait_for([&] { return journalist.size() == 301; }));
    ASSERT_TRUE(wait_for([&] { return !lane->is_lagging(); }));
    send(301, 305);
    ASSERT_TRUE(wait_for([&] { return journalist.size() == 306; }));
    const auto lines = journalist.lines();
    for (int i = 1; i <= 305; ++i) EXPECT_EQ(lines[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_EQ(lane->counters().missed.load(), 0U);
}

TEST_F(ALane, ReadsOnlyItsOwnTopicsWhenItCatchesUp) {
    settings.window_messages = 5;
    settings.patterns = {{"org.example.dev.mine", topics::Rule::glob}};
    Barrier barrier;
    make_lane([&](const Delivery& d) {
        if (number_of(d) == 1) barrier.wait();
        journalist.note(std::to_string(number_of(d)));
        return Outcome{};
    });
    start();
    send(1, 1, "org.example.dev.mine");
    ASSERT_TRUE(wait_for([&] { return barrier.is_waited_at(); }));
    for (int i = 2; i <= 40; ++i) send(i, i, "org.example.dev.mine");
    std::vector<MutableMessagePtr> foreign{pool.make("org.example.dev.other", R"({"topic":"t","msg":99})", "e", {})};
    ASSERT_TRUE(journal->append(foreign));
    send(41, 41, "org.example.dev.mine");
    barrier.open();
    ASSERT_TRUE(wait_for([&] { return journalist.size() == 42; }));
    EXPECT_EQ(journalist.lines().back(), "41");
    EXPECT_EQ(lane->counters().received.load(), 41U);
}

TEST_F(ALane, CountsAndTellsTheGapWhenItFallsOutOfTheJournal) {
    journal = std::make_unique<RingJournal>(2000);
    settings.window_messages = 1;
    Barrier barrier;
    make_lane([&](const Delivery& d) {
        if (number_of(d) == 1) barrier.wait();
        journalist.note(std::to_string(number_of(d)));
        return Outcome{};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return barrier.is_waited_at(); }));
    for (int i = 2; i <= 500; ++i) send(i, i);
    const auto held = journal->begin().value;
    barrier.open();
    ASSERT_TRUE(wait_for([&] { return journalist.lines().back() == "500"; }));
    // Message 2 was in the window; the gap begins after it.
    EXPECT_EQ(journalist.lines()[3], "gap 3-" + std::to_string(held - 1));
    EXPECT_EQ(lane->counters().missed.load(), held - 3);
    EXPECT_EQ(journalist.size(), 1 + 2 + 1 + (501 - held));
}

TEST_F(ALane, CallsTimersOnceAndWhenDue) {
    make_lane([](const Delivery&) { return Outcome{}; });
    start();
    lane->host().schedule(seconds(10), 7);
    lane->host().schedule(seconds(20), 8);
    advance(seconds(9));
    advance(seconds(1));
    ASSERT_TRUE(wait_for([&] { return journalist.lines().back() == "timer 7"; }));
    EXPECT_FALSE(lane->host().cancel(7));
    EXPECT_TRUE(lane->host().cancel(8));
    lane->host().schedule(seconds(1), 9);
    advance(seconds(60));
    ASSERT_TRUE(wait_for([&] { return journalist.lines().back() == "timer 9"; }));
    EXPECT_EQ(journalist.size(), 3U);
}

TEST_F(ALane, PollsAProducerEveryPeriod) {
    settings.period = seconds(30);
    make_lane({});
    start();
    for (std::size_t polls = 1; polls <= 3; ++polls) {
        advance(seconds(30));
        ASSERT_TRUE(wait_for([&] { return lane->counters().polls.load() == polls; }));
    }
    EXPECT_EQ(lane->counters().last_poll.load(), 1'790'000'090.0);
}

TEST_F(ALane, IsStalledWhileACallLastsTooLong) {
    settings.call_deadline = seconds(5);
    Barrier barrier;
    make_lane([&](const Delivery&) {
        barrier.wait();
        return Outcome{};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return barrier.is_waited_at(); }));
    EXPECT_EQ(lane->state(), LaneState::running);
    clock.advance(seconds(6));
    EXPECT_EQ(lane->state(), LaneState::stalled);
    EXPECT_EQ(lane->call_lasts(), seconds(6));
    barrier.open();
    ASSERT_TRUE(wait_for([&] { return lane->state() == LaneState::running; }));
}

TEST_F(ALane, GivesItsConsumerCountersStateAndTime) {
    make_lane([](const Delivery&) { return Outcome{}; });
    auto& host = lane->host();
    EXPECT_TRUE(host.counter_add("seen", 2));
    EXPECT_TRUE(host.counter_add("seen", 3));
    EXPECT_TRUE(host.gauge_set("depth", 1.5));
    EXPECT_FALSE(host.counter_add("No Name", 1));
    EXPECT_EQ(lane->metrics().counters().at("seen"), 5U);
    EXPECT_EQ(lane->metrics().gauges().at("depth"), 1.5);
    EXPECT_TRUE(host.state_put("k", "v"));
    EXPECT_EQ(host.state_get("k").value(), "v");
    EXPECT_EQ(host.now_ns(), 1'790'000'000'000'000'000);
    EXPECT_FALSE(host.publish("a.b", "{}", ""));
}

// KF-017 in small: the three paths (live intake, replay, start-up backlog) are one here, push(), with one bound; replay
// and backlog arrive through it when their issues bring them. Memory is what the window and the ring hold.
TEST_F(ALane, KF_017_ASlowConsumersQueueNeverExceedsItsBound) {
    settings.window_messages = 100;
    Barrier barrier;
    make_lane([&](const Delivery&) {
        barrier.wait();
        return Outcome{};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return barrier.is_waited_at(); }));
    for (int i = 2; i <= 20000; i += 50) send(i, i + 49);
    EXPECT_TRUE(lane->is_lagging());
    EXPECT_LE(lane->counters().received.load(), 1U + 100U);
    barrier.open();
    ASSERT_TRUE(wait_for([&] { return lane->counters().acked.load() + lane->counters().missed.load() >= 20001; }));
}

}  // namespace
}  // namespace fedmsg::hub::test
