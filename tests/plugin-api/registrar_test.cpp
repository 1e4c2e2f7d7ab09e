#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <chrono>
#include <string>

namespace {

using namespace std::chrono_literals;
using fedmsg_hub::Batch;
using fedmsg_hub::Consumer;
using fedmsg_hub::Description;
using fedmsg_hub::Message;
using fedmsg_hub::Options;
using fedmsg_hub::Producer;
using fedmsg_hub::Registrar;
using fedmsg_hub::Value;
using fedmsg_hub::testing::consumers_of;
using fedmsg_hub::testing::Descriptor;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Refused;

struct Simple : Consumer {
    static Description describe() { return Description("simple", "Does little").topics({"a.*", "b"}); }
    void consume(const Message&) { log().info("I am ", name()); }
};

struct Clock : Producer {
    static Description describe() { return Description("clock").every(90s); }
    void poll() {}
};

struct Full : Producer {
    static Description describe() {
        return Description("full")
            .topics({"*"})
            .every(1500ms)
            .config_key("old.style.key")
            .key_prefixes({"old", "older"})
            .publishes()
            .executes()
            .parallel()
            .validate_signatures(false)
            .max_attempts(3)
            .retry_delays(2s, 1.5, 1min);
    }
    void consume_batch(Batch&) {}
    void on_gap(const fedmsg_hub::Gap&) {}
    void on_timer(std::uint64_t) {}
    void poll() {}
    void reconfigure(const Options&) {}
};

void describe_both(Registrar& registrar) {
    registrar.add<Simple>();
    registrar.add<Clock>();
}

// One consumer per entry of a map in the configuration.
void describe_channels(Registrar& registrar) {
    for (const auto& [name, topic] : registrar.configuration()["irc.channels"].members())
        registrar.add<Simple>(Description("irc-" + std::string(name)).topics({std::string(topic.text())}));
}

void describe_twice(Registrar& registrar) {
    registrar.add<Simple>();
    registrar.add<Simple>();
}

void describe_badly(Registrar& registrar) {
    registrar.add<Simple>(Description("Bad Name").topics({"*"}));
}
void describe_without_topics(Registrar& registrar) {
    registrar.add<Simple>(Description("simple"));
}
void describe_without_period(Registrar& registrar) {
    registrar.add<Clock>(Description("clock"));
}
void describe_with_idle_topics(Registrar& registrar) {
    registrar.add<Clock>(Clock::describe().topics({"*"}));
}
void describe_with_idle_period(Registrar& registrar) {
    registrar.add<Simple>(Simple::describe().every(1s));
}

std::string refusal(void (*describe)(Registrar&), const char* configuration = "{}") {
    try {
        consumers_of(describe, configuration);
    } catch (const Refused& refused) {
        return refused.what();
    }
    return "(it was accepted)";
}

TEST(ADescription, HasSensibleDefaults) {
    const Descriptor simple = consumers_of(describe_both).front();
    EXPECT_EQ(simple.name, "simple");
    EXPECT_EQ(simple.description, "Does little");
    EXPECT_EQ(simple.config_key, "simple.enabled");
    EXPECT_EQ(simple.key_prefixes, std::vector<std::string>{"simple"});
    EXPECT_EQ(simple.topics, (std::vector<std::string>{"a.*", "b"}));
    EXPECT_EQ(simple.capabilities, 0u);
    EXPECT_EQ(simple.raw.validate_signatures, FEDMSG_HUB_AS_CONFIGURED);
    EXPECT_EQ(simple.raw.max_attempts, 0u);
    EXPECT_EQ(simple.period_ms, 0u);
}

TEST(ADescription, CanSayEverything) {
    const Descriptor full = FakeHost<Full>().descriptor();
    EXPECT_EQ(full.config_key, "old.style.key");
    EXPECT_EQ(full.key_prefixes, (std::vector<std::string>{"old", "older"}));
    EXPECT_EQ(full.period_ms, 1500u);
    EXPECT_EQ(full.capabilities, static_cast<unsigned>(FEDMSG_HUB_PUBLISHES | FEDMSG_HUB_EXECUTES |
                                                       FEDMSG_HUB_PARALLEL | FEDMSG_HUB_RECONFIGURES));
    EXPECT_EQ(full.raw.validate_signatures, FEDMSG_HUB_NO);
    EXPECT_EQ(full.raw.max_attempts, 3u);
    EXPECT_EQ(full.raw.first_delay_ms, 2000u);
    EXPECT_EQ(full.raw.delay_factor, 1.5);
    EXPECT_EQ(full.raw.max_delay_ms, 60000u);
}

TEST(AFunctionTable, HasOnlyWhatTheClassHas) {
    const Descriptor simple_consumer = FakeHost<Simple>().descriptor();
    const fedmsg_hub_functions& simple = simple_consumer.functions();
    EXPECT_EQ(simple.struct_size, sizeof(fedmsg_hub_functions));
    EXPECT_NE(simple.consume_batch, nullptr);
    EXPECT_EQ(simple.poll, nullptr);
    EXPECT_EQ(simple.on_timer, nullptr);
    EXPECT_EQ(simple.on_gap, nullptr);
    EXPECT_EQ(simple.reconfigure, nullptr);
    const fedmsg_hub_functions& clock = consumers_of(describe_both).back().functions();
    EXPECT_EQ(clock.consume_batch, nullptr);
    EXPECT_NE(clock.poll, nullptr);
    const Descriptor full_consumer = FakeHost<Full>().descriptor();
    const fedmsg_hub_functions& full = full_consumer.functions();
    EXPECT_TRUE(full.validate && full.create && full.start && full.consume_batch && full.on_gap && full.on_timer &&
                full.poll && full.stop && full.destroy && full.reconfigure);
}

TEST(ARegistrar, OffersSeveralConsumers) {
    const auto consumers = consumers_of(describe_both);
    ASSERT_EQ(consumers.size(), 2u);
    EXPECT_EQ(consumers[1].name, "clock");
    EXPECT_EQ(consumers[1].period_ms, 90000u);
}

TEST(ARegistrar, OffersWhatTheConfigurationAsksFor) {
    EXPECT_TRUE(consumers_of(describe_channels).empty());
    const auto consumers = consumers_of(describe_channels, R"({"irc.channels": {"admin": "a.*", "devel": "b.*"}})");
    ASSERT_EQ(consumers.size(), 2u);
    EXPECT_EQ(consumers[0].name, "irc-admin");
    EXPECT_EQ(consumers[1].topics, std::vector<std::string>{"b.*"});
}

TEST(ARegistrar, TellsAConsumerWhichOneItIs) {
    FakeHost<Simple> host(Description("irc-devel").topics({"*"}), "{}");
    host.deliver("a", "1");
    EXPECT_TRUE(host.logged("I am irc-devel"));
}

TEST(ARegistrar, KeepsOneCopyOfWhatItIsToldAgain) {
    const auto first = consumers_of(describe_both);
    const auto second = consumers_of(describe_both);
    EXPECT_EQ(first[0].raw.user, second[0].raw.user);
    EXPECT_NE(first[0].raw.user, first[1].raw.user);
}

TEST(ARegistrar, SaysWhatIsWrongWithADescription) {
    EXPECT_EQ(refusal(describe_twice), "describe: two consumers are called simple");
    EXPECT_EQ(refusal(describe_badly),
              "describe: consumer name \"Bad Name\": use a-z, then a-z, 0-9 and -, at most 64 bytes");
    EXPECT_EQ(refusal(describe_without_topics),
              "describe: consumer simple: it has consume but no topics: add .topics({...}) to describe()");
    EXPECT_EQ(refusal(describe_without_period),
              "describe: consumer clock: it has poll but no period: add .every(...) to describe()");
    EXPECT_EQ(refusal(describe_with_idle_topics), "describe: consumer clock: it has topics but no function consume");
    EXPECT_EQ(refusal(describe_with_idle_period), "describe: consumer simple: it has a period but no function poll");
    EXPECT_EQ(refusal(describe_channels, R"({"irc.channels": {"admin": 5}})"),
              "describe: expected a string, found an integer (5)");
}

}  // namespace
