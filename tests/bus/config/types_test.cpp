#include "bus/config/values.hpp"

#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ATypedKey : public Machine {
protected:
    // The value after loading `key: yaml`, as JSON, or the problem's text.
    std::string loaded(const std::string& key, const std::string& yaml) const {
        etc("a.yaml", with_endpoints(key + ": " + yaml + "\n"));
        try {
            return json_of(load_all().configuration, key);
        } catch (const ConfigError& error) {
            return error.problems().at(0).text;
        }
    }
};

TEST_F(ATypedKey, OfBooleansTakesTheUsualWords) {
    for (const char* yes : {"true", "True", "yes", "Yes", "on", "ON", "'true'", "' TRUE '"})
        EXPECT_EQ(loaded("active", yes), "true") << yes;
    for (const char* no : {"false", "no", "off", "OFF", "'False'"}) EXPECT_EQ(loaded("active", no), "false") << no;
    for (const char* other : {"1", "0", "y", "maybe", "''", "[]", "{}", "2.5", ""})
        EXPECT_THAT(loaded("active", other), HasSubstr("active must be true or false, not ")) << other;
}

TEST_F(ATypedKey, OfTheHubTakesMoreWords) {
    for (const char* yes : {"true", "yes", "y", "t", "'1'", "1", "[0]"})
        EXPECT_EQ(loaded("moksha.blocking_mode", yes), "true") << yes;
    for (const char* no : {"n", "f", "'0'", "0", "[]"}) EXPECT_EQ(loaded("moksha.blocking_mode", no), "false") << no;
    EXPECT_THAT(loaded("moksha.blocking_mode", "perhaps"), HasSubstr("must be true or false"));
}

TEST_F(ATypedKey, OfIntegersConvertsTextsAndRefusesTheRest) {
    EXPECT_EQ(loaded("io_threads", "5"), "5");
    EXPECT_EQ(loaded("io_threads", "'5'"), "5");
    EXPECT_EQ(loaded("io_threads", "' 5 '"), "5");
    EXPECT_EQ(loaded("io_threads", "5.0"), "5");
    EXPECT_EQ(loaded("io_threads", "0x10"), "16");
    for (const char* other : {"-1", "five", "2.5", "true", "", "[]", "99999999999999999999"})
        EXPECT_THAT(loaded("io_threads", other), HasSubstr("io_threads must be a whole number of at least 0, not "))
            << other;
}

TEST_F(ATypedKey, OfNumbersTakesBothKinds) {
    EXPECT_EQ(loaded("post_init_sleep", "1"), "1");
    EXPECT_EQ(loaded("post_init_sleep", "'0.25'"), "0.25");
    for (const char* other : {"-0.5", "soon", ".nan", ".inf", "false"})
        EXPECT_THAT(loaded("post_init_sleep", other), HasSubstr("must be a number of at least 0")) << other;
}

TEST_F(ATypedKey, OfHighWaterMarksMayBeUnlimited) {
    EXPECT_EQ(loaded("high_water_mark", "unlimited"), R"("unlimited")");
    EXPECT_EQ(loaded("high_water_mark", "0"), "0");
    EXPECT_THAT(loaded("high_water_mark", "infinite"), HasSubstr("a whole number of at least 0 or unlimited"));
}

TEST_F(ATypedKey, OfTextsTakesAScalarAsItIsWritten) {
    EXPECT_EQ(loaded("environment", "prod"), R"("prod")");
    EXPECT_EQ(loaded("moksha.monitoring.socket.mode", "0770"), R"("0770")");
    EXPECT_EQ(loaded("environment", "1.10"), R"("1.10")");
    EXPECT_EQ(loaded("environment", "True"), R"("True")");
    EXPECT_EQ(loaded("environment", "123456789012345678901234567890"), R"("123456789012345678901234567890")");
    EXPECT_EQ(loaded("environment", "null"), "null");
    EXPECT_THAT(loaded("environment", "[a]"), HasSubstr("environment must be a text, not a list"));
}

TEST_F(ATypedKey, OfChosenWordsRefusesOthers) {
    EXPECT_EQ(loaded("durability", "sync"), R"("sync")");
    EXPECT_THAT(loaded("durability", "always"),
                HasSubstr("durability must be one of sync, interval, none, not \"always\""));
    EXPECT_THAT(loaded("topic_match", "regex"), HasSubstr("must be one of glob, prefix"));
}

TEST_F(ATypedKey, OfListsAndMapsRefusesTheRest) {
    EXPECT_EQ(loaded("certnames", "{a.b: c}"), R"({"a.b":"c"})");
    EXPECT_EQ(loaded("certnames", "null"), "null");
    EXPECT_THAT(loaded("certnames", "[]"), HasSubstr("certnames must be a map, not a list"));
    EXPECT_THAT(loaded("irc", "{}"), HasSubstr("irc must be a list, not a map"));
    EXPECT_EQ(loaded("plugin_dirs", "/opt/x"), R"("/opt/x")");
    EXPECT_THAT(loaded("plugin_dirs", "[5]"), HasSubstr("plugin_dirs must be a list of texts, not 5"));
}

TEST_F(ATypedKey, OfDurationsTakesNumbersAndTexts) {
    EXPECT_EQ(loaded("stop_timeout", "2.5"), "2.5");
    EXPECT_EQ(loaded("stop_timeout", "90 s"), R"("90 s")");
    EXPECT_THAT(loaded("stop_timeout", "long"), HasSubstr("stop_timeout must be a span of time"));
    EXPECT_EQ(load_text(with_endpoints("stop_timeout: 1 min\n")).duration("stop_timeout", {}), std::chrono::minutes(1));
}

TEST_F(ATypedKey, OfConsumersSwitchesIsAnyScalar) {
    EXPECT_EQ(loaded("fedmsg.consumers.relay.enabled", "'False'"), R"("False")");
    EXPECT_EQ(loaded("fedmsg.consumers.relay.enabled", "1"), "1");
    EXPECT_THAT(loaded("fedmsg.consumers.relay.enabled", "[1]"), HasSubstr("must be true or false, not a list"));
}

TEST_F(ATypedKey, SaysWhatTheKeyIsFor) {
    EXPECT_THAT(
        problem_lines(with_endpoints("io_threads: many\n")),
        ElementsAre("a.yaml:2: io_threads must be a whole number of at least 0, not \"many\" (ZeroMQ I/O threads)"));
}

TEST_F(ATypedKey, ThatIsSecretDoesNotShowItsValue) {
    KeySpec pin;
    pin.name = "vault.pin";
    pin.type = Type::integer;
    pin.secret = true;
    schema.add(pin);
    EXPECT_THAT(loaded("vault.pin", "hunter2"), ::testing::Not(HasSubstr("hunter2")));
}

TEST_F(ATypedKey, OfDeadTransportsIsRefusedWithItsSuccessor) {
    EXPECT_THAT(loaded("stomp_uri", "broker:61613"), HasSubstr("stomp_uri: STOMP is not supported"));
    EXPECT_THAT(loaded("amqp_broker", "localhost"), HasSubstr("amqp://"));
    EXPECT_THAT(loaded("moksha.livesocket.backend", "websocket"), HasSubstr("/events"));
    EXPECT_THAT(loaded("moksha.livesocket.websocket.port", "9919"), HasSubstr("/events"));
}

TEST_F(ATypedKey, OfDeadTransportsMayBeSwitchedOff) {
    EXPECT_THAT(
        problem_lines(with_endpoints("stomp_uri: null\nstomp_broker: false\nstomp_heartbeat: 1000\namqp_broker:\n"
                                     "moksha.livesocket.backend: amqp\nmoksha.livesocket.websocket.port: null\n")),
        IsEmpty());
}

TEST(AnAddress, NeedsTransportHostAndPort) {
    for (const char* good : {"tcp://127.0.0.1:4001", "tcp://hub.example.org:9940", "tcp://localhost:3000",
                             "tcp://*:2003", "tcp://127.0.0.1:*", "tcp://[::1]:3000", "ipc:///run/x.socket",
                             "inproc://x", "amqps://broker.example.org/%2Fpubsub", "tcp://h:0"})
        EXPECT_TRUE(check_address(good)) << good;
    for (const char* bad : {"", "127.0.0.1:4001", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://:4001", "tcp://h:x",
                            "tcp://h:65536", "tcp://h:-1", "tcp://::1:3000", "tcp://[::1]", "tcp://a b:1", "ipc://",
                            "http://h:1", "tcp:/h:1", "tcp://h:1/x"})
        EXPECT_FALSE(check_address(bad)) << bad;
}

TEST(AnAddress, ThatIsRefusedKeepsItsPassword) {
    EXPECT_THAT(check_address("http://u:s3cret@h:1").error().text, ::testing::Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace fedmsg::config
