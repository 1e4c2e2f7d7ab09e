#include "daemon/app/consumer_plan.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/app/configured.hpp"

namespace fedmsg::hub {
namespace {

using test::configured;
using test::usual;
using Decision = PlannedConsumer::Decision;

// Plans one consumer, "mailer", that a plugin declares.
class APlan : public testing::Test {
protected:
    APlan() {
        declaration->plugin = std::make_shared<Plugin>();
        declaration->name = "mailer";
        declaration->config_key = "mailer.enabled";
        declaration->topics = {"${topic_prefix}.${environment}.git"};
        declaration->key_prefixes = {"mailer"};
    }
    PlannedConsumer plan(const std::string& yaml) {
        problems.clear();
        const auto configuration = configured(usual() + yaml);
        return plan_consumer(declaration, settings_from(configuration, Role::hub, instance), configuration, only,
                             problems);
    }

    std::shared_ptr<ConsumerDeclaration> declaration = std::make_shared<ConsumerDeclaration>();
    std::optional<std::vector<std::string>> only;
    std::string instance;
    std::vector<config::Problem> problems;
};

const std::string kOn = "mailer.enabled: true\n";

TEST_F(APlan, RunsWhatIsEnabled) {
    const auto planned = plan(kOn);
    EXPECT_EQ(planned.decision, Decision::run);
    ASSERT_EQ(planned.lane.patterns.size(), 1U);
    EXPECT_EQ(planned.lane.patterns[0].text, "org.fedoraproject.dev.git");
    EXPECT_EQ(planned.lane.retry.max_attempts, 5U);
}

TEST_F(APlan, SaysWhyAConsumerIsDisabled) {
    EXPECT_EQ(plan("").reason, "mailer.enabled is not set");
    const auto off = plan("mailer.enabled: false\n");
    EXPECT_EQ(off.decision, Decision::disabled);
    EXPECT_NE(off.reason.find("mailer.enabled is false at "), std::string::npos);
    EXPECT_NE(off.reason.find("hub.yaml:3"), std::string::npos);
}

TEST_F(APlan, TakesWordsThatMeanNoForNo) {
    for (const auto* word : {"\"False\"", "no", "\"off\"", "0", "\"0\""})
        EXPECT_EQ(plan("mailer.enabled: " + std::string(word) + "\n").decision, Decision::disabled) << word;
}

TEST_F(APlan, RunsOnlyThoseOfTheCommandLine) {
    only = {"other"};
    EXPECT_NE(plan(kOn).reason.find("--with-consumers"), std::string::npos);
    only = {"mailer"};
    EXPECT_EQ(plan(kOn).decision, Decision::run);
}

TEST_F(APlan, RunsInAnInstanceOnlyWhatItsOwnDirectoryEnables) {
    instance = "mail";
    const auto planned = plan(kOn);
    EXPECT_EQ(planned.decision, Decision::disabled);
    EXPECT_NE(planned.reason.find("hub@mail.d"), std::string::npos);
}

TEST_F(APlan, LetsTheConfigurationReplaceTopicsAndRetries) {
    const auto planned =
        plan(kOn + "consumers: {mailer: {topics: ['words:a.*', b], max_attempts: 2, call_deadline: 5 s}}\n");
    ASSERT_EQ(planned.lane.patterns.size(), 2U);
    EXPECT_EQ(planned.lane.patterns[0].text, "words:a.*");
    EXPECT_EQ(planned.lane.retry.max_attempts, 2U);
    EXPECT_EQ(planned.lane.call_deadline, std::chrono::seconds(5));
}

TEST_F(APlan, LetsAConsumerHaveItsOwnRuleForTopics) {
    EXPECT_EQ(plan(kOn + "consumers: {mailer: {topic_match: prefix}}\n").lane.patterns[0].rule, topics::Rule::prefix);
}

TEST_F(APlan, FailsAConsumerThatDeclaresABadPattern) {
    declaration->topics = {std::string(40, '*')};
    const auto planned = plan(kOn);
    EXPECT_EQ(planned.decision, Decision::failed);
    EXPECT_NE(planned.reason.find("40 wildcards"), std::string::npos);
}

TEST_F(APlan, IsNotMadeFromAConfigurationWithABadPattern) {
    try {
        plan(kOn + "consumers: {mailer: {topics: ['" + std::string(40, '*') + "']}}\n");
        FAIL() << "not refused";
    } catch (const config::ConfigError& error) {
        EXPECT_NE(test::problems_of(error).find("hub.yaml:4: consumers.mailer.topics"), std::string::npos);
    }
}

TEST_F(APlan, RefusesSettingsWhosePartsAreNotBuilt) {
    for (const auto* setting : {"order: topic", "parallelism: 4", "start: earliest"}) {
        plan(kOn + "consumers: {mailer: {" + setting + "}}\n");
        ASSERT_EQ(problems.size(), 1U) << setting;
        EXPECT_EQ(problems[0].origin.line, 4) << setting;
    }
}

TEST_F(APlan, DoesNotGiveUncheckedMessagesToWhoWantsThemValidated) {
    declaration->validate_signatures = Wish::yes;
    EXPECT_EQ(plan(kOn).decision, Decision::failed);
    EXPECT_EQ(plan(kOn + "consumers: {mailer: {validate_signatures: false}}\n").decision, Decision::run);
}

TEST_F(APlan, RefusesAPublisherWhereThereIsNoWayOut) {
    declaration->publishes = true;
    EXPECT_NE(plan(kOn).reason.find("relay_inbound"), std::string::npos);
    EXPECT_EQ(plan(kOn + "relay_inbound: ['tcp://127.0.0.1:2003']\n").decision, Decision::run);
    EXPECT_EQ(plan(kOn + "hub_publisher: {name: a}\n").decision, Decision::run);
}

TEST_F(APlan, ReportsAMissingOption) {
    declaration->options = {{"mailer.host", config::Type::string, true, false, "", "where to send"}};
    plan(kOn);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].text.find("mailer.host"), std::string::npos);
}

TEST_F(APlan, GivesAProducerNoTopics) {
    declaration->topics.clear();
    declaration->period = std::chrono::seconds(30);
    EXPECT_TRUE(plan(kOn).lane.patterns.empty());
    plan(kOn + "consumers: {mailer: {topics: [a]}}\n");
    EXPECT_EQ(problems.size(), 1U);
}

TEST(ARolesConsumer, IsOnAndTakesEverything) {
    const auto configuration = configured(usual() + "relay_inbound: ['tcp://127.0.0.1:2003']\n");
    const auto gateway = plan_role_consumer(settings_from(configuration, Role::gateway, ""), configuration);
    EXPECT_EQ(gateway.name(), "GatewayConsumer");
    EXPECT_TRUE(gateway.lane.json_only);
    const auto relay = plan_role_consumer(settings_from(configuration, Role::relay, ""), configuration);
    EXPECT_EQ(relay.name(), "RelayConsumer");
    EXPECT_FALSE(relay.lane.json_only);
}

}  // namespace
}  // namespace fedmsg::hub
