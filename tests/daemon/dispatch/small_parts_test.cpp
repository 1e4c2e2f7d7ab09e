// RetryPolicy, TimerList, WaitingList, LaneCounters, ConsumerMetrics.
#include <gtest/gtest.h>

#include "daemon/dispatch/consumer_metrics.hpp"
#include "daemon/dispatch/lane_counters.hpp"
#include "daemon/dispatch/retry_policy.hpp"
#include "daemon/dispatch/timer_list.hpp"
#include "daemon/dispatch/waiting_list.hpp"

namespace fedmsg::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Clock::Steady at(int second) {
    return Clock::Steady(seconds(second));
}

TEST(ARetryPolicy, GrowsByItsFactorUpToTheCap) {
    const RetryPolicy policy;
    EXPECT_EQ(policy.delay_after(1, 0.5), seconds(1));
    EXPECT_EQ(policy.delay_after(2, 0.5), seconds(4));
    EXPECT_EQ(policy.delay_after(3, 0.5), seconds(16));
    EXPECT_EQ(policy.delay_after(30, 0.5), std::chrono::minutes(15));
}

TEST(ARetryPolicy, SpreadsDelaysByItsJitter) {
    const RetryPolicy policy;
    EXPECT_EQ(policy.delay_after(1, 0), milliseconds(800));
    EXPECT_NEAR(static_cast<double>(policy.delay_after(1, 0.9999).count()), 1200, 1);
}

TEST(ATimerList, FiresInOrderAndMovesWhatIsScheduledAgain) {
    TimerList timers;
    timers.schedule(1, at(30));
    timers.schedule(2, at(20));
    timers.schedule(1, at(10));
    EXPECT_EQ(timers.next_due(), at(10));
    std::vector<std::uint64_t> ids;
    timers.take_due(at(20), ids);
    EXPECT_EQ(ids, (std::vector<std::uint64_t>{1, 2}));
    EXPECT_FALSE(timers.next_due());
}

TEST(AWaitingList, GivesTheEarliestDueFirst) {
    WaitingList waiting;
    waiting.add({nullptr, 3}, at(3));
    waiting.add({nullptr, 1}, at(1));
    waiting.add({nullptr, 2}, at(2));
    std::vector<Attempt> due;
    waiting.take_due(at(2), 10, due);
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(due[0].number, 1U);
    EXPECT_EQ(due[1].number, 2U);
    EXPECT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting.next_due(), at(3));
}

TEST(LaneTimes, AreARingOfTheLatest) {
    LaneCounters counters;
    for (int i = 0; i < 1030; ++i) counters.add_times(i, 1);
    const auto times = counters.take_times();
    ASSERT_EQ(times.size(), LaneCounters::kTimes);
    EXPECT_EQ(times.front(), 6.0F);
    EXPECT_EQ(times.back(), 1029.0F);
    EXPECT_TRUE(counters.take_times().empty());
}

// KF-016: every statistics buffer is bounded. Resident memory over 5 M messages is compared by the daemon's own test.
TEST(LaneTimes, KF_016_StayBoundedWhenNobodyReadsThem) {
    LaneCounters counters;
    for (int i = 0; i < 100; ++i) counters.add_times(1, 50000);
    EXPECT_EQ(counters.take_times().size(), LaneCounters::kTimes);
}

TEST(ConsumerMetricsNames, FollowTheRuleAndAreLimitedInNumber) {
    ConsumerMetrics metrics;
    EXPECT_FALSE(metrics.counter_add("", 1));
    EXPECT_FALSE(metrics.counter_add("9lives", 1));
    EXPECT_FALSE(metrics.counter_add("a-b", 1));
    EXPECT_FALSE(metrics.gauge_set(std::string(65, 'a'), 1));
    for (std::size_t i = 0; i < ConsumerMetrics::kMaxNames; ++i)
        EXPECT_TRUE(metrics.counter_add("n" + std::to_string(i), 1));
    EXPECT_FALSE(metrics.counter_add("one_more", 1));
    EXPECT_TRUE(metrics.counter_add("n0", 1));
}

}  // namespace
}  // namespace fedmsg::hub
