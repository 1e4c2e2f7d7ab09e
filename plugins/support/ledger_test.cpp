#include "support/ledger.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fedmsg_hub/testing/temporary_directory.hpp>
#include <thread>

#include "support/backoff.hpp"
#include "support/token_bucket.hpp"

namespace fedmsg_plugins {
namespace {

constexpr double kNow = 1'767'225'600;
const DeliveryKey kKey{"account", "2026-1", "post"};

class ALedger : public testing::Test {
protected:
    Ledger open(const std::string& plugin = "poster") { return Ledger(file, plugin); }

    fedmsg_hub::testing::TemporaryDirectory directory;
    const std::string file = directory.path() + "/ledger with a blank.sqlite";
};

TEST_F(ALedger, ReservesADeliveryOnce) {
    Ledger ledger = open();
    EXPECT_TRUE(ledger.reserve(kKey, "text", kNow));
    EXPECT_FALSE(ledger.reserve(kKey, "other", kNow + 1));
    EXPECT_TRUE(ledger.reserve({"account", "2026-1", "summary"}, "text", kNow));
    EXPECT_TRUE(ledger.reserve({"other", "2026-1", "post"}, "text", kNow));
    const auto row = ledger.find(kKey);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->state, DeliveryState::pending);
    EXPECT_EQ(row->payload, "text");
    EXPECT_EQ(row->created, kNow);
}

TEST_F(ALedger, KeepsPluginsApart) {
    Ledger one = open("one");
    Ledger other = open("other");
    EXPECT_TRUE(one.reserve(kKey, "", kNow));
    EXPECT_TRUE(other.reserve(kKey, "", kNow));
    EXPECT_TRUE(one.give_up(kKey, "no", kNow));
    EXPECT_EQ(other.find(kKey)->state, DeliveryState::pending);
}

TEST_F(ALedger, GoesFromPendingThroughInflightToDone) {
    Ledger ledger = open();
    EXPECT_FALSE(ledger.begin(kKey, kNow));
    ledger.reserve(kKey, "", kNow);
    EXPECT_FALSE(ledger.done(kKey, "7", kNow));
    EXPECT_TRUE(ledger.begin(kKey, kNow + 1));
    EXPECT_FALSE(ledger.begin(kKey, kNow + 1));
    EXPECT_TRUE(ledger.done(kKey, "7", kNow + 2));
    EXPECT_EQ(ledger.find(kKey)->state, DeliveryState::done);
    EXPECT_EQ(ledger.find(kKey)->remote_id, "7");
    EXPECT_EQ(ledger.find(kKey)->attempts, 1);
    EXPECT_EQ(ledger.find(kKey)->updated, kNow + 2);
    EXPECT_FALSE(ledger.retry(kKey, "late", kNow, true, kNow));
}

TEST_F(ALedger, OffersARetriedDeliveryWhenItIsDue) {
    Ledger ledger = open();
    ledger.reserve(kKey, "", kNow);
    EXPECT_EQ(ledger.due("", kNow, 10).size(), 1U);
    ledger.begin(kKey, kNow);
    EXPECT_TRUE(ledger.due("", kNow, 10).empty());
    EXPECT_TRUE(ledger.retry(kKey, "503", kNow + 60, true, kNow));
    EXPECT_TRUE(ledger.due("", kNow + 59, 10).empty());
    ASSERT_EQ(ledger.due("account", kNow + 60, 10).size(), 1U);
    EXPECT_TRUE(ledger.due("other", kNow + 60, 10).empty());
    EXPECT_EQ(ledger.next_due(), kNow + 60);
    EXPECT_EQ(ledger.find(kKey)->attempts, 1);
    EXPECT_EQ(ledger.find(kKey)->error, "503");
    ledger.begin(kKey, kNow + 60);
    ledger.retry(kKey, "429", kNow + 90, false, kNow + 60);
    EXPECT_EQ(ledger.find(kKey)->attempts, 1) << "a rate limit is no attempt";
    EXPECT_TRUE(ledger.postpone(kKey, kNow + 100, kNow + 90));
    EXPECT_EQ(ledger.next_due(), kNow + 100);
}

TEST_F(ALedger, KeepsTheOrderInWhichDeliveriesWereReserved) {
    Ledger ledger = open();
    for (int at = 0; at < 5; ++at) ledger.reserve({"account", "2026-" + std::to_string(9 - at), "post"}, "", kNow + at);
    const auto due = ledger.due("", kNow + 9, 3);
    ASSERT_EQ(due.size(), 3U);
    EXPECT_EQ(due[0].key.msg_id, "2026-9");
    EXPECT_EQ(due[2].key.msg_id, "2026-7");
}

TEST_F(ALedger, RevivesWhatWasGivenUp) {
    Ledger ledger = open();
    ledger.reserve(kKey, "", kNow);
    EXPECT_TRUE(ledger.give_up(kKey, "too long", kNow));
    EXPECT_FALSE(ledger.begin(kKey, kNow));
    EXPECT_EQ(ledger.in_state(DeliveryState::dead, "", 10).size(), 1U);
    EXPECT_EQ(ledger.count(DeliveryState::dead, "account"), 1U);
    EXPECT_TRUE(ledger.revive(kKey, kNow));
    EXPECT_FALSE(ledger.revive(kKey, kNow));
    EXPECT_TRUE(ledger.begin(kKey, kNow));
}

TEST_F(ALedger, RemembersWhatIsNotToBeSent) {
    Ledger ledger = open();
    EXPECT_TRUE(ledger.skip(kKey, "too old", kNow));
    EXPECT_FALSE(ledger.reserve(kKey, "", kNow));
    EXPECT_EQ(ledger.find(kKey)->error, "too old");
    const DeliveryKey later{"account", "2026-2", "post"};
    ledger.reserve(later, "", kNow);
    EXPECT_TRUE(ledger.leave_out(later, "queue is full", kNow));
    EXPECT_EQ(ledger.count(DeliveryState::skipped, ""), 2U);
}

TEST_F(ALedger, ForgetsOldRowsThatAreFinished) {
    Ledger ledger = open();
    ledger.skip(kKey, "too old", kNow);
    ledger.reserve({"account", "2026-2", "post"}, "", kNow);
    EXPECT_EQ(ledger.forget(kNow), 0U);
    EXPECT_EQ(ledger.forget(kNow + 1), 1U);
    EXPECT_FALSE(ledger.find(kKey));
    EXPECT_EQ(ledger.count(DeliveryState::pending, ""), 1U);
}

TEST_F(ALedger, RollsATransactionBackThatWasNotCommitted) {
    Ledger ledger = open();
    {
        Ledger::Transaction transaction(ledger);
        ledger.reserve(kKey, "", kNow);
    }
    EXPECT_FALSE(ledger.find(kKey));
    {
        Ledger::Transaction transaction(ledger);
        ledger.reserve(kKey, "", kNow);
        transaction.commit();
    }
    EXPECT_TRUE(ledger.find(kKey));
}

TEST_F(ALedger, HoldsWhatWasWrittenBeforeTheProcessDied) {
    const pid_t child = ::fork();
    if (child == 0) {
        Ledger ledger = open();
        ledger.reserve(kKey, "text", kNow);
        ledger.begin(kKey, kNow);
        const Ledger::Transaction open_one(ledger);
        ledger.done(kKey, "7", kNow);
        ::_exit(0);  // without commit, without closing
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    Ledger ledger = open();
    EXPECT_EQ(ledger.find(kKey)->state, DeliveryState::inflight);
    EXPECT_EQ(ledger.in_state(DeliveryState::inflight, "", 10).size(), 1U);
}

TEST_F(ALedger, GivesADeliveryToOneOfManyWriters) {
    constexpr int kWriters = 4;
    constexpr int kDeliveries = 20;
    open();
    std::array<int, kWriters> reserved{};
    std::vector<std::thread> threads;
    for (int writer = 0; writer < kWriters; ++writer)
        threads.emplace_back([&, writer] {
            Ledger ledger = open();
            for (int at = 0; at < kDeliveries; ++at)
                reserved[static_cast<std::size_t>(writer)] +=
                    ledger.reserve({"a", std::to_string(at), "post"}, "", kNow);
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(reserved[0] + reserved[1] + reserved[2] + reserved[3], kDeliveries);
}

TEST_F(ALedger, SaysWhichFileCannotBeUsed) {
    try {
        Ledger ledger("/nowhere/ledger.sqlite", "poster");
        FAIL() << "it was opened";
    } catch (const LedgerError& error) {
        EXPECT_NE(std::string(error.what()).find("/nowhere/ledger.sqlite"), std::string::npos) << error.what();
    }
}

TEST(ABackoff, GrowsToItsLimit) {
    const Backoff backoff;
    EXPECT_DOUBLE_EQ(backoff.delay(0, 0.5).count(), 2);
    EXPECT_DOUBLE_EQ(backoff.delay(3, 0.5).count(), 16);
    EXPECT_DOUBLE_EQ(backoff.delay(3, 0).count(), 12.8);
    EXPECT_DOUBLE_EQ(backoff.delay(3, 1).count(), 19.2);
    EXPECT_DOUBLE_EQ(backoff.delay(1000, 0.5).count(), 900);
    EXPECT_FALSE(backoff.is_over(kNow, kNow + 86399));
    EXPECT_TRUE(backoff.is_over(kNow, kNow + 86400));
}

TEST(ATokenBucket, LetsABurstThroughAndThenTheRate) {
    TokenBucket bucket(3, 30);
    for (int at = 0; at < 3; ++at) EXPECT_TRUE(bucket.take(kNow));
    EXPECT_FALSE(bucket.take(kNow));
    EXPECT_DOUBLE_EQ(bucket.next(kNow), kNow + 10);
    EXPECT_FALSE(bucket.take(kNow + 9.9));
    EXPECT_TRUE(bucket.take(kNow + 10));
    EXPECT_DOUBLE_EQ(bucket.tokens(kNow + 1000), 3);
}

TEST(ATokenBucket, ObeysTheOtherSide) {
    TokenBucket bucket(10, 10);
    bucket.empty_until(kNow + 60, kNow);
    EXPECT_FALSE(bucket.take(kNow + 59));
    EXPECT_TRUE(bucket.take(kNow + 60));
}

TEST(ATokenBucket, GivesNothingForAClockThatGoesBack) {
    TokenBucket bucket(1, 10);
    EXPECT_TRUE(bucket.take(kNow));
    EXPECT_FALSE(bucket.take(kNow - 1000));
    EXPECT_FALSE(bucket.take(kNow + 9));
    EXPECT_TRUE(bucket.take(kNow + 10));
}

}  // namespace
}  // namespace fedmsg_plugins
