// A plugin's consumer driven as a lane drives it.
#include <cstdlib>

#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/json_table.hpp"
#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using namespace std::chrono_literals;

class APluginConsumer : public testing::Test {
protected:
    Result<std::unique_ptr<PluginConsumer>> create(const std::string& file, const std::string& name,
                                                   const std::string& configuration = "{}") {
        const ConsumerDeclarationPtr declaration = consumer_of(fixture(file), name);
        const EffectiveOptions options = effective_options(*declaration, configuration_of(configuration));
        return PluginConsumer::create(declaration, options.values, services, {deadline, graveyard, nullptr});
    }

    // Creates and keeps it; it must succeed.
    PluginConsumer& make(const std::string& file, const std::string& name, const std::string& configuration = "{}") {
        consumer = create(file, name, configuration).value();
        return *consumer;
    }

    // A consumer of stage.so that writes to `file`.
    PluginConsumer& stage(const std::string& name) {
        return make("stage/stage", name, "{\"" + name + ".file\": \"" + (directory / "effects") + "\"}");
    }

    std::vector<Outcome> consume(int count, std::uint32_t attempt = 1) {
        std::vector<MessagePtr> messages;
        std::vector<Delivery> deliveries;
        for (int i = 0; i < count; ++i) {
            const std::string id = std::to_string(next_++);
            MutableMessagePtr message =
                pool.make("org.example.prod.git.receive",
                          R"({"topic": "org.example.prod.git.receive", "msg_id": "id-)" + id + R"(", "msg": {"n": )" +
                              id + R"(}, "timestamp": 1500000000.25, "username": "jdoe"})",
                          "tcp://127.0.0.1:9940", Clock::Wall(1'790'000'000s));
            message->assign_offset(Offset{100 + next_});
            messages.push_back(message);
            deliveries.push_back({message.get(), 7000 + next_, attempt});
        }
        std::vector<Outcome> outcomes(deliveries.size());
        consumer->consume(deliveries, outcomes);
        return outcomes;
    }

    static std::vector<Outcome::Kind> kinds(const std::vector<Outcome>& outcomes) {
        std::vector<Outcome::Kind> out;
        for (const Outcome& outcome : outcomes) out.push_back(outcome.kind);
        return out;
    }

    std::string effects() { return read_file(directory / "effects"); }

    TemporaryDirectory directory;
    FakeServices services;
    MessagePool pool;
    Graveyard graveyard;
    std::chrono::milliseconds deadline = 30s;
    std::unique_ptr<PluginConsumer> consumer;
    std::uint64_t next_ = 1;
};

TEST_F(APluginConsumer, AcknowledgesByDefault) {
    make("good/minimal", "minimal");
    EXPECT_THAT(kinds(consume(3)), testing::Each(Outcome::Kind::ack));
}

TEST_F(APluginConsumer, LivesFromStartToStop) {
    stage("counting");
    ASSERT_TRUE(consumer->start());
    consume(2);
    consumer->stop();
    consumer.reset();
    EXPECT_EQ(effects(),
              "counting\tstart\n"
              "counting\torg.example.prod.git.receive\tid-1\t1\n"
              "counting\torg.example.prod.git.receive\tid-2\t1\n"
              "counting\tstop\n");
    EXPECT_EQ(services.counters["messages"], 2U);
}

TEST_F(APluginConsumer, MayStartAgainAfterStop) {
    stage("later");
    ASSERT_TRUE(consumer->start());
    consumer->stop();
    ASSERT_TRUE(consumer->start());
    consume(1);
    EXPECT_TRUE(wait_for([&] { return services.finished().size() == 1; }));
    consumer->stop();
}

TEST_F(APluginConsumer, GivesEachOutcome) {
    stage("dropping");
    EXPECT_THAT(kinds(consume(1)), ElementsAre(Outcome::Kind::drop));
    stage("failing");
    const auto failed = consume(1);
    EXPECT_EQ(failed[0].kind, Outcome::Kind::fail);
    EXPECT_EQ(failed[0].reason, "I never succeed");
    stage("retrying");
    const auto retried = consume(1, 2);
    EXPECT_EQ(retried[0].kind, Outcome::Kind::retry);
    EXPECT_EQ(retried[0].reason, "not yet");
    EXPECT_THAT(kinds(consume(1, 3)), ElementsAre(Outcome::Kind::ack));
}

TEST_F(APluginConsumer, FinishesLaterByItsToken) {
    stage("later");
    ASSERT_TRUE(consumer->start());
    EXPECT_THAT(kinds(consume(2)), testing::Each(Outcome::Kind::later));
    ASSERT_TRUE(wait_for([&] { return services.finished().size() == 2; }));
    EXPECT_EQ(services.finished()[0].first, 7002U);
    EXPECT_EQ(services.finished()[0].second.kind, Outcome::Kind::ack);
    consumer->stop();
}

TEST_F(APluginConsumer, UsesWhatTheHostOffers) {
    stage("publisher");
    consume(1);
    EXPECT_THAT(services.published, ElementsAre(R"(stage.seen {"seen": "id-1"})"));
    stage("timed");
    consume(1);
    EXPECT_EQ(services.timers[1], 10ms);
    EXPECT_TRUE(consumer->on_timer(1));
    EXPECT_THAT(effects(), HasSubstr("timed\ttimer\t1\n"));
    services.state["count"] = "41";
    stage("storing");
    ASSERT_TRUE(consumer->start());
    consume(1);
    EXPECT_EQ(services.state["count"], "42");
}

TEST_F(APluginConsumer, Polls) {
    stage("producer");
    EXPECT_TRUE(consumer->poll());
    EXPECT_EQ(effects(), "producer\tpoll\n");
    stage("failing-producer");
    const Status status = consumer->poll();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "nothing to produce");
}

TEST_F(APluginConsumer, WithoutAFunctionSaysSo) {
    make("good/minimal", "minimal");
    EXPECT_TRUE(consumer->start());
    consumer->on_gap(Offset{1}, Offset{2}, 2);
    EXPECT_FALSE(consumer->on_timer(1));
    EXPECT_FALSE(consumer->poll());
    EXPECT_FALSE(consumer->reconfigure(parsed("{}")));
    consumer->stop();
}

// ---- create
// -----------------------------------------------------------------------------------------------------------

TEST_F(APluginConsumer, WhoseCreateThrowsIsNotMade) {
    const auto made = create("bad/create_throws", "create-throws");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().text, "create threw std::runtime_error: missing key example.topic");
}

TEST_F(APluginConsumer, WhoseCreateThrowsAnIntIsNotMade) {
    const auto made = create("bad/create_throws_int", "create-throws-int");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().text, "create threw int: 42");
}

TEST_F(APluginConsumer, WhoseCreateFailsIsQuoted) {
    const auto made = create("bad/create_fails", "create-fails");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().text, "cannot reach the database");
}

TEST_F(APluginConsumer, WhoseCreateReturnsNothingIsNotMade) {
    const auto made = create("bad/create_null", "create-null");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().text, "create reported success, but returned no instance");
}

TEST_F(APluginConsumer, WhoseCreateDoesNotReturnIsGivenUpAndDestroyedWhenItAppears) {
    ::setenv("FIXTURE_RELEASE", (directory / "release").c_str(), 1);
    deadline = 50ms;
    const auto owner = std::make_shared<int>(1);
    const ConsumerDeclarationPtr declaration = consumer_of(fixture("bad/create_hangs"), "create-hangs");
    const auto made = PluginConsumer::create(declaration, parsed("{}"), services, {deadline, graveyard, owner});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().text, "create did not return within 50 ms");
    EXPECT_EQ(graveyard.unfinished(), 1U);
    EXPECT_EQ(owner.use_count(), 2) << "what the plugin may still use is kept";

    directory.write("release", "");
    EXPECT_TRUE(wait_for([&] { return graveyard.unfinished() == 0; }));
    EXPECT_FALSE(std::filesystem::exists(directory / "release")) << "destroy removes it";
    EXPECT_THAT(services.lines(), ElementsAre("1 back at last"));
    EXPECT_EQ(owner.use_count(), 1);
}

TEST_F(APluginConsumer, IsNotHeldUpByAnotherOnesCreate) {
    ::setenv("FIXTURE_RELEASE", (directory / "release").c_str(), 1);
    deadline = 50ms;
    ASSERT_FALSE(create("bad/create_hangs", "create-hangs"));
    deadline = 30s;
    make("good/minimal", "minimal");
    EXPECT_THAT(kinds(consume(1)), ElementsAre(Outcome::Kind::ack));
    directory.write("release", "");
    EXPECT_TRUE(wait_for([&] { return graveyard.unfinished() == 0; }));
}

// ---- throws in each entry of the table
// --------------------------------------------------------------------------------

class AThrowingPlugin : public APluginConsumer {
protected:
    PluginConsumer& throwing_in(const std::string& function) {
        return make("bad/throws_everywhere", "throws-in-" + function);
    }
};

TEST_F(AThrowingPlugin, InCreateIsNotMade) {
    const auto made = create("bad/throws_everywhere", "throws-in-create");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().text, "create threw std::runtime_error: create says no");
}

TEST_F(AThrowingPlugin, InStartFailsToStart) {
    EXPECT_EQ(throwing_in("start").start().error().text, "start threw int: 42");
}

TEST_F(AThrowingPlugin, InConsumeBatchFailsEveryMessageOfTheBatch) {
    throwing_in("consume-batch");
    for (const Outcome& outcome : consume(3)) {
        EXPECT_EQ(outcome.kind, Outcome::Kind::fail);
        EXPECT_EQ(outcome.reason, "consume_batch threw std::runtime_error: consume-batch says no");
    }
}

TEST_F(AThrowingPlugin, InOnGapIsLogged) {
    throwing_in("on-gap").on_gap(Offset{1}, Offset{5}, 3);
    EXPECT_THAT(services.lines(), ElementsAre("3 on_gap threw std::runtime_error: on-gap says no"));
}

TEST_F(AThrowingPlugin, InOnTimerFailsThatTimer) {
    EXPECT_THAT(throwing_in("on-timer").on_timer(5).error().text,
                AllOf(StartsWith("on_timer threw "), HasSubstr(": a text")));
}

TEST_F(AThrowingPlugin, InPollFailsThatPoll) {
    EXPECT_THAT(throwing_in("poll").poll().error().text, AllOf(StartsWith("poll threw "), HasSubstr(": a string")));
}

TEST_F(AThrowingPlugin, InStopIsLogged) {
    throwing_in("stop").stop();
    EXPECT_THAT(services.lines(), ElementsAre("3 stop threw foreign::Thing"));
}

TEST_F(AThrowingPlugin, InDestroyIsLogged) {
    throwing_in("destroy");
    consumer.reset();
    EXPECT_THAT(services.lines(), ElementsAre("3 destroy threw std::runtime_error: destroy says no"));
}

TEST_F(AThrowingPlugin, InReconfigureKeepsWhatItHas) {
    EXPECT_EQ(throwing_in("reconfigure").reconfigure(parsed("{}")).error().text,
              "reconfigure threw std::runtime_error: reconfigure says no");
    EXPECT_TRUE(throwing_in("stop").reconfigure(parsed("{}")));
}

// ---- what the plugin sees
// -----------------------------------------------------------------------------------------------

// Notes the message in a text; answers as `answer` says.
struct Observer {
    std::string seen;
    std::int32_t answer = FEDMSG_HUB_ACK;

    static void consume(void* self, const fedmsg_hub_message* const* messages, std::uint32_t count,
                        fedmsg_hub_result* results) {
        auto& observer = *static_cast<Observer*>(self);
        for (std::uint32_t i = 0; i < count; ++i) {
            observer.note(*messages[i]);
            results[i].outcome = observer.answer;
        }
    }
    static std::int32_t create(void* user, const fedmsg_hub_host*, fedmsg_hub_context*, const fedmsg_hub_value*,
                               void** instance, fedmsg_hub_text_fn, void*) {
        *instance = user;
        return FEDMSG_HUB_OK;
    }
    static void destroy(void*) {}

    void note(const fedmsg_hub_message& message) {
        std::int64_t n = 0;
        const fedmsg_hub_value* member = json_table().member(message.msg, text_from("n"));
        if (member != nullptr) json_table().integer(member, &n);
        for (const fedmsg_hub_text text : {message.topic, message.msg_id, message.username, message.endpoint})
            seen += std::string(view_of(text)) + '|';
        seen += std::to_string(message.offset) + '|' + std::to_string(message.token) + '|' +
                std::to_string(message.attempt) + '|' + std::to_string(message.received_ns) + '|' +
                std::to_string(message.timestamp) + '|' + std::to_string(message.verdict) + '|' +
                std::to_string(json_table().type(message.root)) + '|' + std::to_string(json_table().type(message.msg)) +
                '|' + std::to_string(n) + '|' + std::to_string(message.struct_size == sizeof message) + '\n';
    }

    ConsumerDeclarationPtr declaration() {
        auto consumer = std::make_shared<ConsumerDeclaration>();
        consumer->name = "observer";
        consumer->functions.create = &create;
        consumer->functions.consume_batch = &consume;
        consumer->functions.destroy = &destroy;
        consumer->user = this;
        return consumer;
    }
};

class AnObserver : public APluginConsumer {
protected:
    AnObserver() {
        consumer =
            PluginConsumer::create(observer.declaration(), parsed("{}"), services, {30s, graveyard, nullptr}).value();
    }
    ~AnObserver() override { consumer.reset(); }
    Observer observer;
};

TEST_F(AnObserver, SeesEveryPartOfTheMessage) {
    consume(1, 4);
    EXPECT_EQ(observer.seen,
              "org.example.prod.git.receive|id-1|jdoe|tcp://127.0.0.1:9940|102|7002|4|1790000000000000000|"
              "1500000000.250000|0|6|6|1|1\n");
}

TEST_F(AnObserver, SeesAForeignBodyWrapped) {
    const MutableMessagePtr message = pool.make("topic", "[1, 2]", "e", Clock::Wall(1s));
    const Delivery delivery{message.get(), 1, 1};
    Outcome outcome;
    consumer->consume({&delivery, 1}, {&outcome, 1});
    EXPECT_EQ(observer.seen, "topic|||e|0|1|1|1000000000|0.000000|0|6|5|0|1\n");
}

TEST_F(AnObserver, SeesANullWhereThereIsNoMsg) {
    const MutableMessagePtr message = pool.make("topic", R"({"topic": "topic"})", "e", Clock::Wall(1s));
    const Delivery delivery{message.get(), 1, 1};
    Outcome outcome;
    consumer->consume({&delivery, 1}, {&outcome, 1});
    EXPECT_EQ(observer.seen, "topic|||e|0|1|1|1000000000|0.000000|0|6|0|0|1\n");
}

TEST_F(AnObserver, IsNotHandedTheResultsOfTheBatchBefore) {
    observer.answer = FEDMSG_HUB_DROP;
    consume(5);
    observer.answer = FEDMSG_HUB_ACK;
    EXPECT_THAT(kinds(consume(2)), testing::Each(Outcome::Kind::ack));
}

TEST_F(AnObserver, FailsTheMessageIfItsAnswerIsUnknown) {
    observer.answer = 77;
    const auto outcomes = consume(1);
    EXPECT_EQ(outcomes[0].kind, Outcome::Kind::fail);
    EXPECT_EQ(outcomes[0].reason, "the plugin answered with the unknown outcome 77");
}

}  // namespace
}  // namespace fedmsg::hub::test
