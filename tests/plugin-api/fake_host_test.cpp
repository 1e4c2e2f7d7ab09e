// What a consumer asks of the hub, and what the fake host shows of it.
#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <chrono>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
using fedmsg_hub::Batch;
using fedmsg_hub::Consumer;
using fedmsg_hub::Delivery;
using fedmsg_hub::Description;
using fedmsg_hub::Gap;
using fedmsg_hub::HostError;
using fedmsg_hub::Json;
using fedmsg_hub::Message;
using fedmsg_hub::Outcome;
using fedmsg_hub::Producer;
using fedmsg_hub::Verdict;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Incoming;

// Opens the protected functions to the tests.
struct Open : Producer {
    static Description describe() { return Description("open").topics({"*"}).every(10s).publishes(); }
    Outcome consume(const Message& message) { return on_message(message); }
    void on_timer(std::uint64_t id) { timers += std::to_string(id) + ";"; }
    void on_gap(const Gap& gap) {
        log().warning("gap ", gap.first, "-", gap.last, gap.is_counted() ? " counted " : " unknown ", gap.count);
    }
    void poll() { ++polls; }

    using Consumer::ack;
    using Consumer::cancel;
    using Consumer::count;
    using Consumer::drop;
    using Consumer::fail;
    using Consumer::gauge;
    using Consumer::log;
    using Consumer::now;
    using Consumer::parse;
    using Consumer::publish;
    using Consumer::retry;
    using Consumer::retry_after;
    using Consumer::schedule;
    using Consumer::state;
    using Consumer::stop_requested;

    std::function<Outcome(const Message&)> on_message = [](const Message&) { return ack(); };
    std::string timers;
    int polls = 0;
};

class AFakeHost : public testing::Test {
protected:
    FakeHost<Open> host_;
    Open& consumer_ = host_.consumer();
};

TEST_F(AFakeHost, HandsOverAllOfAMessage) {
    consumer_.on_message = [](const Message& message) {
        EXPECT_EQ(message.topic(), "org.example.prod.a");
        EXPECT_EQ(message.msg()["x"].integer(), 1);
        EXPECT_EQ(message.root()["topic"].text(), "org.example.prod.a");
        EXPECT_EQ(message.username(), "tester");
        EXPECT_EQ(message.msg_id(), "2026-1");
        EXPECT_EQ(message.timestamp(), 1767225600.0);
        EXPECT_EQ(message.received(), std::chrono::system_clock::from_time_t(1767225600));
        EXPECT_EQ(message.attempt(), 2u);
        EXPECT_EQ(message.offset(), 1u);
        EXPECT_EQ(message.endpoint(), "tcp://127.0.0.1:1");
        EXPECT_EQ(message.verdict(), Verdict::invalid);
        EXPECT_EQ(message.verdict_reason(), "expired");
        EXPECT_EQ(message.body().substr(0, 5), "{\"i\":");
        return Open::ack();
    };
    EXPECT_TRUE(host_
                    .deliver(Incoming("org.example.prod.a", R"({"x": 1})")
                                 .attempt(2)
                                 .endpoint("tcp://127.0.0.1:1")
                                 .invalid("expired"))
                    .is_acked());
}

TEST_F(AFakeHost, WrapsForeignBodies) {
    consumer_.on_message = [](const Message& message) {
        EXPECT_EQ(message.body(), "[1]");
        EXPECT_EQ(message.root()["topic"].text(), "a.topic");
        EXPECT_EQ(message.msg()[0].integer(), 1);
        EXPECT_EQ(message.msg_id(), "");
        EXPECT_EQ(message.timestamp(), 0);
        EXPECT_EQ(message.verdict(), Verdict::unchecked);
        return Open::ack();
    };
    EXPECT_TRUE(host_.deliver(Incoming::with_body("a.topic", "[1]")).is_acked());
}

TEST_F(AFakeHost, GivesANullForAMissingMsg) {
    consumer_.on_message = [](const Message& message) {
        return message.msg().is_null() ? Open::ack() : Open::fail("there was one");
    };
    EXPECT_TRUE(host_.deliver(Incoming::with_body("a.topic", R"({"topic": "a.topic"})")).is_acked());
}

TEST_F(AFakeHost, TakesEveryOutcome) {
    const auto outcome_of = [this](Outcome outcome) {
        consumer_.on_message = [outcome](const Message&) { return outcome; };
        return host_.deliver("a", "1");
    };
    EXPECT_TRUE(outcome_of(Open::ack()).is_acked());
    EXPECT_TRUE(outcome_of(Open::drop()).is_dropped());
    EXPECT_EQ(outcome_of(Open::drop("why")).reason, "why");
    EXPECT_TRUE(outcome_of(Open::retry("busy")).is_retried());
    EXPECT_EQ(outcome_of(Open::retry()).delay, 0ms);
    EXPECT_EQ(outcome_of(Open::retry_after(90s)).delay, 90s);
    EXPECT_EQ(outcome_of(Open::retry_after(100us)).delay, 1ms);
    EXPECT_EQ(outcome_of(Open::retry_after(-5s)).delay, 1ms);
    EXPECT_TRUE(outcome_of(Open::fail("no")).is_failed());
}

TEST_F(AFakeHost, RecordsTheLog) {
    consumer_.log().info("text ", std::string("string "), 1, ' ', 2.5, " ", true, " ", Json::array({1}));
    consumer_.log().error(std::runtime_error("broken"));
    consumer_.log().debug("bytes \xff");
    ASSERT_EQ(host_.logs().size(), 3u);
    EXPECT_EQ(host_.logs()[0].text, "text string 1 2.5 true [1]");
    EXPECT_EQ(host_.logs()[0].level, FEDMSG_HUB_INFO);
    EXPECT_EQ(host_.logs()[1].text, "broken");
    EXPECT_EQ(host_.logs()[1].level, FEDMSG_HUB_ERROR);
    EXPECT_EQ(host_.logs()[2].text, "bytes \xEF\xBF\xBD");
    EXPECT_TRUE(host_.logged("string 1"));
    EXPECT_FALSE(host_.logged("string 2"));
}

TEST_F(AFakeHost, RecordsWhatIsPublished) {
    consumer_.publish("greeter.greeted", Json::object({{"name", "Ada"}}));
    ASSERT_EQ(host_.published().size(), 1u);
    EXPECT_EQ(host_.published()[0].topic, "greeter.greeted");
    EXPECT_EQ(host_.published()[0].msg()["name"].text(), "Ada");
}

TEST_F(AFakeHost, SaysWhyItCannotPublish) {
    host_.disconnect();
    try {
        consumer_.publish("a.b", 1);
        FAIL() << "it was published";
    } catch (const HostError& error) {
        EXPECT_STREQ(error.what(), "publish a.b: no peer is connected");
        EXPECT_TRUE(error.is_temporary());
    }
    EXPECT_TRUE(host_.published().empty());
    host_.disconnect(false);
    EXPECT_THROW(consumer_.publish("a.b", Json::from_text("{")), HostError);
    EXPECT_EQ(host_.violations().size(), 1u);
}

TEST_F(AFakeHost, FailsTheMessageWhosePublishFails) {
    host_.disconnect();
    consumer_.on_message = [this](const Message& message) {
        consumer_.publish("copy", message.msg());
        return Open::ack();
    };
    EXPECT_EQ(host_.deliver("a", "1").reason, "publish copy: no peer is connected");
    host_.disconnect(false);
    EXPECT_TRUE(host_.deliver(Incoming("a", R"({"b": 1})").attempt(2)).is_acked());
    EXPECT_EQ(host_.published()[0].text, R"({"b":1})");
}

TEST_F(AFakeHost, CountsAndMeasures) {
    consumer_.count("seen");
    consumer_.count("seen", 4);
    consumer_.gauge("queue", 2.5);
    EXPECT_EQ(host_.counter("seen"), 5u);
    EXPECT_EQ(host_.counter("never"), 0u);
    EXPECT_EQ(host_.gauge("queue"), 2.5);
    EXPECT_FALSE(host_.gauge("never").has_value());
}

TEST_F(AFakeHost, RefusesBadMetricNames) {
    for (const char* name : {"", "Seen", "9lives", "with-dash", "with.dot"})
        EXPECT_THROW(consumer_.count(name), HostError) << name;
    EXPECT_THROW(consumer_.gauge(std::string(65, 'a'), 1), HostError);
    EXPECT_NO_THROW(consumer_.gauge(std::string(64, 'a'), 1));
    EXPECT_EQ(host_.violations().size(), 6u);
}

TEST_F(AFakeHost, RefusesTheTwoHundredFiftySeventhMetric) {
    for (int number = 0; number < 256; ++number) consumer_.count("m" + std::to_string(number));
    EXPECT_THROW(consumer_.count("one_more"), HostError);
    EXPECT_NO_THROW(consumer_.count("m0"));
}

TEST_F(AFakeHost, KeepsState) {
    auto state = consumer_.state();
    EXPECT_FALSE(state.get("a").has_value());
    state.put("a.1", "one");
    state.put("a.2", "");
    state.put("b", "three");
    state.sync();
    EXPECT_EQ(state.get("a.1"), "one");
    EXPECT_EQ(state.get("a.2"), "");
    EXPECT_EQ(state.keys("a."), (std::vector<std::string>{"a.1", "a.2"}));
    EXPECT_EQ(state.keys().size(), 3u);
    EXPECT_TRUE(state.remove("b"));
    EXPECT_FALSE(state.remove("b"));
    EXPECT_EQ(host_.state().size(), 2u);
}

TEST_F(AFakeHost, GivesStateToTheNextRun) {
    consumer_.state().put("key", "value");
    FakeHost<Open> next("{}", host_.state());
    EXPECT_EQ(next.consumer().state().get("key"), "value");
}

TEST_F(AFakeHost, SaysWhyStateCannotBeWritten) {
    host_.fill_disk();
    try {
        consumer_.state().put("key", "value");
        FAIL() << "it was written";
    } catch (const HostError& error) {
        EXPECT_STREQ(error.what(), "state put \"key\": not possible now");
        EXPECT_TRUE(error.is_temporary());
    }
    EXPECT_THROW(consumer_.state().sync(), HostError);
    EXPECT_THROW(consumer_.state().remove("key"), HostError);
}

TEST_F(AFakeHost, HoldsStateToItsRules) {
    EXPECT_THROW(consumer_.state().put("", "value"), HostError);
    EXPECT_THROW(consumer_.state().put(std::string(1025, 'k'), "value"), HostError);
    EXPECT_THROW(consumer_.state().get(""), HostError);
    EXPECT_THROW(consumer_.state().put("key", std::string((8 << 20) + 1, 'v')), HostError);
    std::thread other([this] { EXPECT_THROW(consumer_.state().put("key", "value"), HostError); });
    other.join();
    EXPECT_EQ(host_.violations().back(), "state is for the lane thread only");
}

TEST_F(AFakeHost, RunsTimersInTheOrderOfTheirTimes) {
    consumer_.schedule(3s, 3);
    consumer_.schedule(1s, 1);
    consumer_.schedule(2s, 2);
    consumer_.schedule(4s, 1);  // moves it
    EXPECT_EQ(host_.timers().size(), 3u);
    host_.advance(2999ms);
    EXPECT_EQ(consumer_.timers, "2;");
    host_.advance(1001ms);
    EXPECT_EQ(consumer_.timers, "2;3;1;");
    host_.advance(1h);
    EXPECT_EQ(consumer_.timers, "2;3;1;");
}

TEST_F(AFakeHost, CancelsTimers) {
    consumer_.schedule(1s, 1);
    EXPECT_TRUE(consumer_.cancel(1));
    EXPECT_FALSE(consumer_.cancel(1));
    host_.advance(2s);
    EXPECT_EQ(consumer_.timers, "");
}

TEST_F(AFakeHost, PollsEachPeriod) {
    host_.advance(9s);
    EXPECT_EQ(consumer_.polls, 0);
    host_.advance(21s);
    EXPECT_EQ(consumer_.polls, 3);
    EXPECT_EQ(host_.poll(), "");
    EXPECT_EQ(consumer_.polls, 4);
}

TEST_F(AFakeHost, HasAClockThatOnlyTheTestMoves) {
    const auto before = consumer_.now();
    EXPECT_EQ(before, host_.now());
    host_.advance(90s);
    EXPECT_EQ(consumer_.now() - before, 90s);
}

TEST_F(AFakeHost, TellsOfGaps) {
    host_.gap(5, 9, 2);
    host_.gap(5, 9);
    EXPECT_EQ(host_.logs()[0].text, "gap 5-9 counted 2");
    EXPECT_TRUE(host_.logged("gap 5-9 unknown"));
}

TEST_F(AFakeHost, TellsThatItWantsToStop) {
    EXPECT_FALSE(consumer_.stop_requested());
    host_.request_stop();
    EXPECT_TRUE(consumer_.stop_requested());
}

TEST_F(AFakeHost, ParsesForTheConsumer) {
    EXPECT_EQ(consumer_.parse(R"({"a": [1]})")["a"][0].integer(), 1);
    EXPECT_THROW(consumer_.parse("{"), fedmsg_hub::ValueError);
}

TEST(AConsumerWithoutTheCapability, CannotPublish) {
    struct Silent : Consumer {
        static Description describe() { return Description("silent").topics({"*"}); }
        void consume(const Message&) { publish("a.b", 1); }
    };
    FakeHost<Silent> host;
    EXPECT_EQ(host.deliver("a", "1").reason,
              "publish a.b: this consumer does not say that it publishes: add .publishes() to describe()");
}

TEST(AConsumerWithoutOnTimer, CannotSchedule) {
    struct Timeless : Consumer {
        static Description describe() { return Description("timeless").topics({"*"}); }
        void consume(const Message&) { schedule(1s, 1); }
    };
    FakeHost<Timeless> host;
    EXPECT_EQ(host.deliver("a", "1").reason, "schedule needs a public function: void on_timer(std::uint64_t id)");
}

TEST(AConsumerOfBatches, FinishesEachMessage) {
    struct Batcher : Consumer {
        static Description describe() { return Description("batcher").topics({"*"}); }
        void consume_batch(Batch& batch) {
            count("messages", batch.size());
            for (Delivery& delivery : batch)
                if (delivery.message().msg().integer() > 1) delivery.finish(retry_after(1s, "too large"));
        }
    };
    FakeHost<Batcher> host;
    const auto results = host.deliver_batch({{"a", "1"}, {"a", "2"}});
    EXPECT_EQ(host.counter("messages"), 2u);
    EXPECT_TRUE(results[0].is_acked());
    EXPECT_TRUE(results[1].is_retried());
    EXPECT_EQ(results[1].reason, "too large");
    EXPECT_TRUE(host.deliver("a", "1").is_acked());
}

}  // namespace
