#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using fedmsg_hub::Consumer;
using fedmsg_hub::Description;
using fedmsg_hub::Later;
using fedmsg_hub::Message;
using fedmsg_hub::Outcome;
using fedmsg_hub::testing::FakeHost;

// Keeps the promises that it makes.
struct Promiser : Consumer {
    static Description describe() { return Description("promiser").topics({"*"}); }
    Outcome consume(const Message& message) {
        promises.push_back(defer(message));
        return later();
    }
    void stop() {
        if (clear_on_stop) promises.clear();
        if (ack_on_stop) promises.back().ack();
    }
    std::vector<Later> promises;
    bool clear_on_stop = false;
    bool ack_on_stop = false;
};

class ALater : public testing::Test {
protected:
    FakeHost<Promiser> host_;
    Promiser& consumer_ = host_.consumer();
};

TEST_F(ALater, IsFinishedFromAnotherThread) {
    const auto delivery = host_.deliver("a", "1");
    EXPECT_TRUE(delivery.is_later());
    std::thread worker([this] { EXPECT_TRUE(consumer_.promises[0].ack()); });
    const auto result = host_.finished(delivery);
    worker.join();
    ASSERT_TRUE(result.has_value());
    EXPECT_TRUE(result->is_acked());
}

TEST_F(ALater, CanEndInEveryWay) {
    std::vector<fedmsg_hub::testing::Result> deliveries;
    for (int number = 0; number < 5; ++number) deliveries.push_back(host_.deliver("a", "1"));
    consumer_.promises[0].ack();
    consumer_.promises[1].drop("not wanted");
    consumer_.promises[2].retry("soon");
    consumer_.promises[3].retry_after(2s, "in a while");
    consumer_.promises[4].fail("broken");
    EXPECT_TRUE(host_.finished(deliveries[0])->is_acked());
    EXPECT_TRUE(host_.finished(deliveries[1])->is_dropped());
    EXPECT_TRUE(host_.finished(deliveries[2])->is_retried());
    EXPECT_EQ(host_.finished(deliveries[3])->delay, 2s);
    EXPECT_EQ(host_.finished(deliveries[3])->reason, "in a while");
    EXPECT_TRUE(host_.finished(deliveries[4])->is_failed());
    EXPECT_EQ(host_.finished(deliveries[4])->reason, "broken");
}

TEST_F(ALater, WorksOnce) {
    const auto delivery = host_.deliver("a", "1");
    EXPECT_TRUE(consumer_.promises[0].ack());
    EXPECT_FALSE(consumer_.promises[0].fail("too late"));
    EXPECT_TRUE(host_.finished(delivery)->is_acked());
}

TEST_F(ALater, FailsTheMessageIfItIsForgotten) {
    const auto delivery = host_.deliver("a", "1");
    consumer_.promises.clear();
    EXPECT_TRUE(host_.finished(delivery)->is_failed());
    EXPECT_EQ(host_.finished(delivery)->reason, "the consumer let go of the message without saying what became of it");
}

TEST_F(ALater, LeavesTheMessageToTheHubIfItIsForgottenInStop) {
    const auto delivery = host_.deliver("a", "1");
    consumer_.clear_on_stop = true;
    host_.stop();
    EXPECT_FALSE(host_.finished(delivery, 0ms).has_value());
}

TEST_F(ALater, CanStillBeUsedInStop) {
    const auto delivery = host_.deliver("a", "1");
    consumer_.ack_on_stop = true;
    host_.stop();
    EXPECT_TRUE(host_.finished(delivery)->is_acked());
}

TEST_F(ALater, DoesNothingAfterStop) {
    const auto delivery = host_.deliver("a", "1");
    host_.stop();
    EXPECT_FALSE(consumer_.promises[0].ack());
    EXPECT_FALSE(host_.finished(delivery, 0ms).has_value());
}

TEST_F(ALater, MovesItsPromise) {
    const auto first = host_.deliver("a", "1");
    const auto second = host_.deliver("a", "2");
    consumer_.promises[0] = std::move(consumer_.promises[1]);
    EXPECT_TRUE(host_.finished(first)->is_failed());  // it was overwritten
    EXPECT_FALSE(consumer_.promises[1].ack());
    EXPECT_TRUE(consumer_.promises[0].ack());
    EXPECT_TRUE(host_.finished(second)->is_acked());
}

TEST(ALaterThatOutlivesItsConsumer, DoesNothing) {
    std::optional<Later> survivor;
    {
        FakeHost<Promiser> host;
        host.deliver("a", "1");
        survivor.emplace(std::move(host.consumer().promises[0]));
    }
    EXPECT_FALSE(survivor->ack());
}

TEST(ALaterThatIsFinishedAtOnce, MayComeBeforeConsumeHasReturned) {
    struct Hasty : Consumer {
        static Description describe() { return Description("hasty").topics({"*"}); }
        Outcome consume(const Message& message) {
            defer(message).drop("done already");
            return later();
        }
    };
    FakeHost<Hasty> host;
    EXPECT_TRUE(host.finished(host.deliver("a", "1"))->is_dropped());
}

}  // namespace
