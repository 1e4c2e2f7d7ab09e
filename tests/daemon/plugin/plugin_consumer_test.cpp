// A plugin's consumer across the C edge: what goes in, what comes out, and whatever it throws.
#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::HasSubstr;

class APluginConsumer : public testing::Test {
protected:
    Result<std::unique_ptr<PluginConsumer>> create(const std::string& file, const std::string& name,
                                                   std::chrono::milliseconds deadline = std::chrono::seconds(30)) {
        return PluginConsumer::create(consumer_of(fixture(file), name), parsed("{}"), *services,
                                      {.deadline = deadline, .graveyard = graveyard, .keep_alive = services});
    }
    std::string creation_error(const std::string& file, const std::string& name) {
        auto consumer = create(file, name);
        return consumer ? "created" : consumer.error().text;
    }
    std::vector<Outcome> consume(Consumer& consumer, std::size_t count) {
        std::vector<MessagePtr> messages;
        std::vector<Delivery> deliveries;
        for (std::size_t i = 0; i < count; ++i) {
            messages.push_back(pool.make("org.example.dev.a", R"({"topic":"t","msg":1})", "e", {}));
            deliveries.push_back({messages.back().get(), i, 1});
        }
        std::vector<Outcome> outcomes(count);
        consumer.consume(deliveries, outcomes);
        return outcomes;
    }

    MessagePool pool;
    Graveyard graveyard;
    std::shared_ptr<FakeServices> services = std::make_shared<FakeServices>();
};

TEST_F(APluginConsumer, AcknowledgesWhatThePluginLeavesAsItIs) {
    auto consumer = create("good/minimal", "minimal");
    ASSERT_TRUE(consumer) << consumer.error().text;
    ASSERT_TRUE((*consumer)->start());
    for (const auto& outcome : consume(**consumer, 3)) EXPECT_EQ(outcome.kind, Outcome::Kind::ack);
    (*consumer)->stop();
}

TEST_F(APluginConsumer, TellsWhyItsCreationFailed) {
    EXPECT_THAT(creation_error("bad/create_throws", "create-throws"), HasSubstr("create"));
    EXPECT_THAT(creation_error("bad/create_throws_int", "create-throws-int"), HasSubstr("create"));
    EXPECT_THAT(creation_error("bad/create_null", "create-null"), HasSubstr("no instance"));
    EXPECT_NE(creation_error("bad/create_fails", "create-fails"), "created");
    EXPECT_THAT(creation_error("bad/throws_everywhere", "throws-in-create"), HasSubstr("create says no"));
}

TEST_F(APluginConsumer, IsGivenUpIfItsCreationDoesNotReturn) {
    const TemporaryDirectory directory;
    const std::string release = directory / "release";
    ::setenv("FIXTURE_RELEASE", release.c_str(), 1);
    auto consumer = create("bad/create_hangs", "create-hangs", std::chrono::milliseconds(20));
    ASSERT_FALSE(consumer);
    EXPECT_THAT(consumer.error().text, HasSubstr("did not return within 20 ms"));
    EXPECT_EQ(graveyard.unfinished(), 1U);
    // Should it come back after all, its instance is destroyed at once: that removes the file.
    directory.write("release", "");
    EXPECT_TRUE(wait_for([&] { return graveyard.unfinished() == 0; }));
    EXPECT_FALSE(std::filesystem::exists(release));
}

TEST_F(APluginConsumer, TurnsWhateverAnEntryThrowsIntoAFailure) {
    const auto throwing = [&](const std::string& function) {
        return create("bad/throws_everywhere", "throws-in-" + function).value();
    };
    EXPECT_FALSE(throwing("start")->start());
    EXPECT_FALSE(throwing("on-timer")->on_timer(1));
    EXPECT_FALSE(throwing("poll")->poll());
    EXPECT_FALSE(throwing("reconfigure")->reconfigure(parsed("{}")));
    throwing("on-gap")->on_gap(Offset{1}, Offset{2}, 2);
    throwing("stop")->stop();
    throwing("destroy").reset();
    EXPECT_GE(services->lines().size(), 3U);  // those three have nobody to return a failure to
    const auto outcomes = consume(*throwing("consume-batch"), 3);
    for (const auto& outcome : outcomes) {
        EXPECT_EQ(outcome.kind, Outcome::Kind::fail);
        EXPECT_THAT(outcome.reason, HasSubstr("consume-batch says no"));
    }
}

// KF-025: create returns null, and create throws: one reason each, with what the plugin said. That the others go on and
// the status lists the failed ones is a test of the running hub.
TEST_F(APluginConsumer, KF_025_ACreationThatFailsSaysWhy) {
    EXPECT_THAT(creation_error("bad/create_null", "create-null"), HasSubstr("returned no instance"));
    EXPECT_THAT(creation_error("bad/throws_everywhere", "throws-in-create"), HasSubstr("create says no"));
    EXPECT_TRUE(create("good/minimal", "minimal"));
}

}  // namespace
}  // namespace fedmsg::hub::test
