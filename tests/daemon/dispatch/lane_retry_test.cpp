// Outcomes other than "done": retry, failure, later.
#include "tests/daemon/dispatch/lane_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ALaneWithTrouble : public LaneFixture {
protected:
    ALaneWithTrouble() { settings.retry.jitter = 0; }

    std::string label(const Delivery& d) { return std::to_string(number_of(d)) + "#" + std::to_string(d.attempt); }
};

TEST_F(ALaneWithTrouble, OffersAFailedMessageAgainAfterTheDelayAndBeforeNewerOnes) {
    make_lane([&](const Delivery& d) {
        journalist.note(label(d));
        return number_of(d) == 1 && d.attempt == 1 ? Outcome{Outcome::Kind::fail, {}, "no luck"} : Outcome{};
    });
    start();
    send(1, 3);
    ASSERT_TRUE(handed(3));
    ASSERT_TRUE(wait_for([&] { return lane->waiting() == 1; }));
    clock.advance(seconds(1));
    send(4, 4);
    ASSERT_TRUE(handed(5));
    EXPECT_EQ(journalist.lines(), (std::vector<std::string>{"start", "1#1", "2#1", "3#1", "1#2", "4#1"}));
    EXPECT_EQ(lane->counters().failures.load(), 1U);
}

TEST_F(ALaneWithTrouble, GivesUpAfterTheLastAttempt) {
    settings.retry.max_attempts = 3;
    make_lane([&](const Delivery& d) {
        journalist.note(label(d));
        return Outcome{Outcome::Kind::fail, {}, "never"};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return lane->waiting() == 1; }));
    advance(seconds(1));
    ASSERT_TRUE(handed(2));
    ASSERT_TRUE(wait_for([&] { return lane->waiting() == 1; }));
    advance(seconds(4));
    ASSERT_TRUE(wait_for([&] { return lane->counters().failed_for_good.load() == 1; }));
    EXPECT_EQ(journalist.lines(), (std::vector<std::string>{"start", "1#1", "1#2", "1#3"}));
    EXPECT_EQ(lane->waiting(), 0U);
}

TEST_F(ALaneWithTrouble, HonoursTheDelayThatTheConsumerAsksFor) {
    make_lane([&](const Delivery& d) {
        return d.attempt == 1 ? Outcome{Outcome::Kind::retry, seconds(100), "busy"} : Outcome{};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return lane->waiting() == 1; }));
    advance(seconds(99));
    EXPECT_EQ(lane->counters().attempts.load(), 1U);
    advance(seconds(1));
    ASSERT_TRUE(handed(2));
    EXPECT_EQ(lane->counters().retried.load(), 1U);
    EXPECT_EQ(lane->counters().failures.load(), 0U);
}

TEST_F(ALaneWithTrouble, CountsADroppedMessageApart) {
    make_lane([](const Delivery&) { return Outcome{Outcome::Kind::drop, {}, "not mine"}; });
    start();
    send(1, 2);
    ASSERT_TRUE(wait_for([&] { return lane->counters().dropped.load() == 2; }));
    EXPECT_EQ(lane->counters().acked.load(), 0U);
}

TEST_F(ALaneWithTrouble, HoldsBackNewerMessagesInStrictOrder) {
    settings.order = Order::strict;
    make_lane([&](const Delivery& d) {
        journalist.note(label(d));
        return number_of(d) == 2 && d.attempt == 1 ? Outcome{Outcome::Kind::fail, {}, "x"} : Outcome{};
    });
    start();
    send(1, 4);
    ASSERT_TRUE(wait_for([&] { return lane->waiting() == 1; }));
    EXPECT_EQ(lane->counters().attempts.load(), 2U);
    advance(seconds(1));
    ASSERT_TRUE(handed(5));
    EXPECT_EQ(journalist.lines(), (std::vector<std::string>{"start", "1#1", "2#1", "2#2", "3#1", "4#1"}));
}

TEST_F(ALaneWithTrouble, PausesWhenTooManyMessagesAreSetAside) {
    settings.max_waiting = 2;
    make_lane([](const Delivery&) { return Outcome{Outcome::Kind::fail, {}, "x"}; });
    start();
    for (int i = 1; i <= 3; ++i) {
        send(i, i);
        ASSERT_TRUE(handed(static_cast<std::uint64_t>(i)));
        ASSERT_TRUE(wait_for([&] { return lane->waiting() == static_cast<std::size_t>(i); }));
    }
    EXPECT_EQ(lane->state(), LaneState::paused);
    send(4, 4);
    EXPECT_EQ(lane->backlog(), 1U);
    EXPECT_EQ(lane->counters().attempts.load(), 3U);
}

TEST_F(ALaneWithTrouble, FinishesALaterMessageFromAnotherThread) {
    std::atomic<std::uint64_t> token{0};
    make_lane([&](const Delivery& d) {
        token = d.token;
        return Outcome{Outcome::Kind::later, {}, {}};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(handed(1));
    EXPECT_EQ(lane->counters().acked.load(), 0U);
    std::thread([&] { EXPECT_TRUE(lane->host().finish(token, Outcome{})); }).join();
    ASSERT_TRUE(wait_for([&] { return lane->counters().acked.load() == 1; }));
    EXPECT_FALSE(lane->host().finish(token, Outcome{}));
}

TEST_F(ALaneWithTrouble, StopsThoughALaterMessageIsNeverFinished) {
    make_lane([](const Delivery&) { return Outcome{Outcome::Kind::later, {}, {}}; });
    start();
    send(1, 3);
    ASSERT_TRUE(handed(3));
    lane->drain();
    EXPECT_FALSE(lane->join(std::chrono::milliseconds(50)));  // time stands still: it may yet be finished
    clock.advance(std::chrono::seconds(2));
    lane->wake();
    EXPECT_TRUE(lane->join(std::chrono::seconds(30)));
    EXPECT_EQ(lane->counters().acked.load(), 0U);
}

TEST_F(ALaneWithTrouble, TakesAFinishThatComesBeforeTheCallReturns) {
    make_lane([&](const Delivery& d) {
        EXPECT_TRUE(lane->host().finish(d.token, Outcome{}));
        return Outcome{Outcome::Kind::later, {}, {}};
    });
    start();
    send(1, 10);
    ASSERT_TRUE(wait_for([&] { return lane->counters().acked.load() == 10; }));
}

TEST_F(ALaneWithTrouble, RefusesToFinishWhatItNeverGave) {
    make_lane([](const Delivery&) { return Outcome{}; });
    start();
    EXPECT_FALSE(lane->host().finish(12345, Outcome{}));
    EXPECT_FALSE(lane->host().finish(1, Outcome{Outcome::Kind::later, {}, {}}));
}

TEST_F(ALaneWithTrouble, OffersALaterMessageAgainThatFailed) {
    make_lane([&](const Delivery& d) {
        if (d.attempt > 1) return Outcome{};
        EXPECT_TRUE(lane->host().finish(d.token, Outcome{Outcome::Kind::fail, {}, "remote said no"}));
        return Outcome{Outcome::Kind::later, {}, {}};
    });
    start();
    send(1, 1);
    ASSERT_TRUE(wait_for([&] { return lane->waiting() == 1; }));
    advance(seconds(1));
    ASSERT_TRUE(wait_for([&] { return lane->counters().acked.load() == 1; }));
    EXPECT_EQ(lane->counters().failures.load(), 1U);
}

// KF-012: a consumer that throws at every third message, by turns a std::runtime_error, an int and a type of its own.
// "topic and msg_id in the log" is asserted by the process test of the daemon, which reads the log.
TEST_F(ALaneWithTrouble, KF_012_ThrowsAreCountedAndTheWorkerGoesOn) {
    struct Foreign {};
    settings.retry.max_attempts = 1;
    settings.order = Order::strict;  // one message per call, as a throw out of a C++ consumer ends its call
    int calls = 0;
    make_lane([&](const Delivery& d) -> Outcome {
        const int n = number_of(d);
        ++calls;
        if (n % 3 != 0) return {};
        if (n % 9 == 0) throw Foreign{};
        if (n % 6 == 0) throw 42;
        throw std::runtime_error("third");
    });
    start();
    send(1, 300);
    ASSERT_TRUE(wait_for([&] { return lane->counters().attempts.load() == 300; }));
    ASSERT_TRUE(wait_for([&] { return lane->counters().acked.load() == 200; }));
    EXPECT_EQ(lane->counters().failures.load(), 100U);
    EXPECT_EQ(lane->state(), LaneState::running);
    lane->drain();
    ASSERT_TRUE(lane->join(seconds(10)));
    EXPECT_EQ(calls, 300);
}

// KF-013: 50 messages to a consumer that always throws. The two readers of the monitoring output are tested with the
// report and the daemon; here: the counters, and that one success sets only "failing in a row" to 0.
TEST_F(ALaneWithTrouble, KF_013_FailuresAreMonotonicAndFailingInARowIsNot) {
    settings.retry.max_attempts = 1;
    make_lane([&](const Delivery& d) {
        return number_of(d) <= 50 ? Outcome{Outcome::Kind::fail, {}, "always"} : Outcome{};
    });
    start();
    send(1, 50);
    ASSERT_TRUE(wait_for([&] { return lane->counters().failures.load() == 50; }));
    EXPECT_EQ(lane->counters().failing_in_a_row.load(), 50U);
    send(51, 51);
    ASSERT_TRUE(wait_for([&] { return lane->counters().failing_in_a_row.load() == 0; }));
    EXPECT_EQ(lane->counters().failures.load(), 50U);
}

}  // namespace
}  // namespace fedmsg::hub::test
