#include "daemon/app/settings.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/app/configured.hpp"

namespace fedmsg::hub {
namespace {

using test::configured;
using test::usual;

std::string refused(const std::string& yaml, Role role = Role::hub) {
    try {
        settings_from(configured(yaml), role, "");
    } catch (const config::ConfigError& error) {
        return test::problems_of(error);
    }
    return "not refused";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(SettingsOfAHub, HaveTheDocumentedDefaults) {
    const auto settings = settings_from(configured(usual()), Role::hub, "");
    EXPECT_EQ(settings.id, "hub");
    EXPECT_EQ(settings.state_directory, "/var/lib/fedmsg-hub/hub");
    EXPECT_EQ(settings.runtime_directory, "/run/fedmsg-hub/hub");
    EXPECT_EQ(settings.addresses, std::vector<std::string>{"tcp://127.0.0.1:5000"});
    EXPECT_EQ(settings.topic_prefix, "org.fedoraproject");
    EXPECT_EQ(settings.environment, "dev");
    EXPECT_EQ(settings.topic_rule, topics::Rule::glob);
    EXPECT_EQ(settings.max_waiting, 1000U);
    EXPECT_EQ(settings.socket.receive_high_water_mark, 10000);
    EXPECT_EQ(settings.socket.send_high_water_mark, 5000);
}

TEST(SettingsOfAHub, CarryTheInstanceInTheirDirectories) {
    const auto settings = settings_from(configured(usual() + "state_dir: /s\nruntime_dir: /r\n"), Role::hub, "mail");
    EXPECT_EQ(settings.state_directory, "/s/hub@mail");
    EXPECT_EQ(settings.runtime_directory, "/r/hub@mail");
}

TEST(SettingsOfAHub, ConnectToEveryAddressOnce) {
    const auto settings = settings_from(
        configured("validate_signatures: false\nendpoints: {a: ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2'], b: "
                   "'tcp://127.0.0.1:1'}\n"),
        Role::hub, "");
    EXPECT_EQ(settings.addresses, (std::vector<std::string>{"tcp://127.0.0.1:1", "tcp://127.0.0.1:2"}));
}

TEST(SettingsOfAHub, ReadTheRuleForTopics) {
    EXPECT_EQ(settings_from(configured(usual() + "topic_match: prefix\n"), Role::hub, "").topic_rule,
              topics::Rule::prefix);
    EXPECT_EQ(settings_from(configured(usual() + "topic_match: prefix\nzmq_strict: true\n"), Role::hub, "").topic_rule,
              topics::Rule::prefix_strict);
}

TEST(SettingsOfAHub, AreRefusedWhereSignaturesAreAskedFor) {
    const std::string endpoints = "endpoints: {a: ['tcp://127.0.0.1:5000']}\n";
    EXPECT_TRUE(contains(refused(endpoints), "write validate_signatures: false"));
    EXPECT_TRUE(contains(refused(endpoints + "validate_signatures: true\n"), "hub.yaml:2"));
    EXPECT_TRUE(contains(refused(usual() + "sign_messages: true\n"), "sign_messages is on"));
}

TEST(SettingsOfAHub, AreRefusedWithADurabilityThatIsNotBuilt) {
    EXPECT_TRUE(contains(refused(usual() + "durability: sync\n"), "durable journal"));
    EXPECT_EQ(settings_from(configured(usual() + "durability: none\n"), Role::hub, "").id, "hub");
}

TEST(SettingsOfARelay, BindTheInboundAddressesAndNeedThem) {
    const auto settings =
        settings_from(configured(usual() + "relay_inbound: ['tcp://127.0.0.1:2003']\n"), Role::relay, "");
    EXPECT_EQ(settings.addresses, std::vector<std::string>{"tcp://127.0.0.1:2003"});
    EXPECT_TRUE(contains(refused(usual(), Role::relay), "relay_inbound is not set"));
}

TEST(SettingsOfARelay, DoNotCareAboutSignatures) {
    const auto yaml =
        "endpoints: {a: ['tcp://127.0.0.1:1']}\nrelay_inbound: 'tcp://127.0.0.1:2'\nvalidate_signatures: true\n"
        "sign_messages: true\n";
    EXPECT_EQ(settings_from(configured(yaml), Role::relay, "").id, "relay");
}

}  // namespace
}  // namespace fedmsg::hub
