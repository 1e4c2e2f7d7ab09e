// When a job runs: the rules of genacls.md 3.1, one by one.
#include "genacls/debounce.hpp"

#include <gtest/gtest.h>

namespace {

using genacls::Debounce;
using State = genacls::Debounce::State;

constexpr double kMiddle = 0.5;  // the chance that leaves a back-off as it is

class ADebounce : public ::testing::Test {
protected:
    void fail_at(double begin, double end) {
        ASSERT_TRUE(debounce_.begin(begin));
        debounce_.failed(end, kMiddle);
    }

    Debounce debounce_{{.delay = 5}};
};

TEST_F(ADebounce, IsIdleWithoutADeadline) {
    EXPECT_EQ(debounce_.state(), State::idle);
    EXPECT_FALSE(debounce_.deadline());
    EXPECT_FALSE(debounce_.begin(1'000'000));
}

TEST_F(ADebounce, RunsTheDelayAfterTheFirstMessageAndNotBefore) {
    debounce_.message(100);
    EXPECT_EQ(debounce_.deadline(), 105);
    EXPECT_FALSE(debounce_.begin(104.9));
    EXPECT_TRUE(debounce_.begin(105));
    EXPECT_EQ(debounce_.state(), State::running);
    EXPECT_FALSE(debounce_.begin(106));
}

TEST_F(ADebounce, IsNotStarvedByASteadyStream) {
    for (int tenth = 0; tenth < 50; ++tenth) debounce_.message(100 + tenth * 0.1);
    EXPECT_EQ(debounce_.deadline(), 105);
}

TEST_F(ADebounce, GoesIdleAfterASuccess) {
    debounce_.message(100);
    ASSERT_TRUE(debounce_.begin(105));
    debounce_.succeeded(106);
    EXPECT_EQ(debounce_.state(), State::idle);
    EXPECT_FALSE(debounce_.deadline());
}

TEST_F(ADebounce, RunsExactlyOnceMoreForWhatCameDuringARun) {
    debounce_.message(100);
    ASSERT_TRUE(debounce_.begin(105));
    debounce_.message(106);
    debounce_.message(107);
    EXPECT_EQ(debounce_.state(), State::running_dirty);
    EXPECT_FALSE(debounce_.begin(120));
    debounce_.succeeded(120);
    EXPECT_EQ(debounce_.deadline(), 125);
    ASSERT_TRUE(debounce_.begin(125));
    debounce_.succeeded(126);
    EXPECT_EQ(debounce_.state(), State::idle);
}

TEST_F(ADebounce, BacksOffFromFiveSecondsToAQuarterOfAnHour) {
    double now = 100;
    debounce_.demand(now);
    for (const double delay : {5, 10, 20, 40, 80, 160, 320, 640, 900, 900}) {
        fail_at(now, now + 1);
        EXPECT_EQ(debounce_.deadline(), now + 1 + delay);
        now += 1 + delay;
    }
    EXPECT_EQ(debounce_.failures(), 10);
    ASSERT_TRUE(debounce_.begin(now));
    debounce_.succeeded(now);
    EXPECT_EQ(debounce_.failures(), 0);
}

TEST_F(ADebounce, SpreadsBackOffsByAFifth) {
    debounce_.demand(0);
    ASSERT_TRUE(debounce_.begin(0));
    debounce_.failed(100, 0);
    EXPECT_EQ(debounce_.deadline(), 104);
    ASSERT_TRUE(debounce_.begin(104));
    debounce_.failed(200, 1);
    EXPECT_EQ(debounce_.deadline(), 212);
}

TEST_F(ADebounce, LetsANewMessageShortenABackOffButNotBelowTheDelay) {
    debounce_.demand(100);
    double now = 100;
    for (int failure = 0; failure < 6; ++failure) {
        fail_at(now, now);
        now = *debounce_.deadline();
    }
    fail_at(now, now);
    debounce_.message(now + 1);
    EXPECT_EQ(debounce_.deadline(), now + 6);
    debounce_.message(now + 3);
    EXPECT_EQ(debounce_.deadline(), now + 6);
}

TEST_F(ADebounce, DoesNotPushAShortBackOffBack) {
    debounce_.demand(100);
    fail_at(100, 100);
    debounce_.message(104);
    EXPECT_EQ(debounce_.deadline(), 105);
}

TEST_F(ADebounce, BacksOffAfterAFailureAlsoWhenItIsDirty) {
    debounce_.demand(100);
    ASSERT_TRUE(debounce_.begin(100));
    debounce_.message(101);
    debounce_.failed(102, kMiddle);
    EXPECT_EQ(debounce_.state(), State::waiting);
    EXPECT_EQ(debounce_.deadline(), 107);
    ASSERT_TRUE(debounce_.begin(107));
    debounce_.succeeded(108);
    EXPECT_EQ(debounce_.state(), State::idle);
}

TEST_F(ADebounce, ObeysADemandAtOnce) {
    debounce_.message(100);
    debounce_.demand(101);
    EXPECT_TRUE(debounce_.begin(101));
    debounce_.demand(102);
    debounce_.succeeded(103);
    EXPECT_EQ(debounce_.state(), State::waiting);
}

}  // namespace
