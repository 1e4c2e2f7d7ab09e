#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TheConsumersSection : public Machine {};

TEST_F(TheConsumersSection, TakesAllSettings) {
    const auto configuration = load_text(with_endpoints(
        "consumers:\n  badges:\n    topics: [org.ex.*, 'words:org.#']\n    topic_match: glob\n    validate_signatures: "
        "no\n"
        "    parallelism: '4'\n    order: topic\n    max_attempts: 3\n    call_deadline: 10 ms\n    start: earliest\n"
        "  printer: {topics: '*'}\n  idle:\n"));
    EXPECT_EQ(
        json_of(configuration, "consumers"),
        R"({"badges":{"call_deadline":"10 ms","max_attempts":3,"order":"topic","parallelism":4,"start":"earliest",)"
        R"("topic_match":"glob","topics":["org.ex.*","words:org.#"],"validate_signatures":false},)"
        R"("idle":null,"printer":{"topics":"*"}})");
}

TEST_F(TheConsumersSection, RefusesUnknownSettingsWithAHint) {
    EXPECT_THAT(problem_lines(with_endpoints("consumers:\n  badges:\n    topic: x\n    colour: red\n")),
                ElementsAre("a.yaml:4: consumers.badges.topic is no setting: did you mean topics?",
                            HasSubstr("a.yaml:5: consumers.badges.colour is no setting: ")));
}

TEST_F(TheConsumersSection, RefusesWrongValues) {
    EXPECT_THAT(
        problem_lines(with_endpoints("consumers:\n  b:\n    parallelism: 0\n    order: random\n    start: now\n"
                                     "    topics: [5]\n    max_attempts: x\n    call_deadline: y\n")),
        ElementsAre(HasSubstr("a.yaml:4: consumers.b.parallelism must be a whole number of at least 1"),
                    HasSubstr("a.yaml:5: consumers.b.order must be one of none, strict, topic"),
                    HasSubstr("a.yaml:6: consumers.b.start must be one of"),
                    HasSubstr("a.yaml:7: consumers.b.topics must be a list of texts"),
                    HasSubstr("a.yaml:8: consumers.b.max_attempts"), HasSubstr("a.yaml:9: consumers.b.call_deadline")));
}

TEST_F(TheConsumersSection, RefusesNamesThatNoConsumerHas) {
    EXPECT_THAT(
        problem_lines(with_endpoints("consumers: {Badges: {}, 7up: {}, a_b: {}, ok-1: {}}\n")),
        ElementsAre(HasSubstr("\"Badges\" is no name of a consumer"), HasSubstr("\"7up\""), HasSubstr("\"a_b\"")));
    EXPECT_THAT(problem_lines(with_endpoints("consumers: {badges: 5}\n")),
                ElementsAre(HasSubstr("consumers.badges must be a map of settings")));
}

TEST_F(TheConsumersSection, RefusesBadPatterns) {
    const std::string stars(33, '*');
    EXPECT_THAT(
        problem_lines(with_endpoints("consumers:\n  b:\n    topics:\n      - org.*\n      - '" + stars + "'\n      - " +
                                     std::string(1025, 'x') + "\n")),
        ElementsAre(HasSubstr("a.yaml:6: consumers.b.topics.1: "), HasSubstr("a.yaml:7: consumers.b.topics.2: ")));
    EXPECT_THAT(problem_lines(with_endpoints("consumers: {b: {topics: 'a.${nothing}'}}\n")),
                ElementsAre(HasSubstr("${nothing} is not known")));
}

TEST_F(TheConsumersSection, ChecksPatternsAsTheyWillBeUsed) {
    EXPECT_THAT(problem_lines(with_endpoints("topic_prefix: " + std::string(1030, 'x') +
                                             "\nconsumers: {b: {topics: '${topic_prefix}.a'}}\n")),
                ElementsAre(HasSubstr("a.yaml:3: consumers.b.topics: ")));
}

TEST_F(TheConsumersSection, HasASisterForPlugins) {
    EXPECT_THAT(
        problem_lines(with_endpoints("plugins: {badges: {isolation: process}, Own_1: {isolation: in-process}}\n")),
        IsEmpty());
    EXPECT_THAT(problem_lines(with_endpoints("plugins: {badges: {isolation: yes}}\n")),
                ElementsAre(HasSubstr("plugins.badges.isolation must be one of in-process, process, not \"yes\"")));
}

TEST_F(TheConsumersSection, HasSmallSisters) {
    EXPECT_THAT(problem_lines(with_endpoints("hub_publisher: {name: out}\nhttp: {listen: '127.0.0.1:9941'}\n")),
                IsEmpty());
    EXPECT_THAT(problem_lines(with_endpoints("hub_publisher: {nam: out}\nhttp: {listen: [1]}\n")),
                ElementsAre("a.yaml:2: hub_publisher.nam is no setting: did you mean name?",
                            HasSubstr("a.yaml:3: http.listen must be a text, not a list")));
}

class TheEndpoints : public Machine {};

TEST_F(TheEndpoints, AreListsOfAddresses) {
    const auto configuration = load_text("endpoints:\n  b: tcp://h:1\n  a: [tcp://h:2, 'tcp://h:3']\n  none: []\n");
    using Pair = std::pair<std::string, std::vector<std::string>>;
    EXPECT_THAT(configuration.endpoints(),
                ElementsAre(Pair{"b", {"tcp://h:1"}}, Pair{"a", {"tcp://h:2", "tcp://h:3"}}, Pair{"none", {}}));
}

TEST_F(TheEndpoints, AreRefusedWhenMissingOrNoMap) {
    EXPECT_THAT(problem_lines("environment: dev\n"), ElementsAre(": No config value 'endpoints' found."));
    EXPECT_THAT(problem_lines("endpoints: ['tcp://h:1']\n"),
                ElementsAre("a.yaml:1: The 'endpoints' config value must be a dict."));
    EXPECT_THAT(problem_lines("endpoints:\n"), ElementsAre("a.yaml:1: The 'endpoints' config value must be a dict."));
}

TEST_F(TheEndpoints, NameTheLineOfEachBadAddress) {
    EXPECT_THAT(
        problem_lines("endpoints:\n  a: tcp://127.0.0.1\n  b:\n    - tcp://h:1\n    - h:2\n  c:\n  d: {x: y}\n"),
        ElementsAre(
            HasSubstr("a.yaml:2: endpoints.a: the address \"tcp://127.0.0.1\" has no port: write tcp://HOST:PORT"),
            HasSubstr("a.yaml:5: endpoints.b: \"h:2\" is no endpoint address"),
            HasSubstr("a.yaml:6: endpoints.c must be an address"),
            HasSubstr("a.yaml:7: endpoints.d must be an address")));
}

TEST_F(TheEndpoints, MayBeOnLocalhost) {
    EXPECT_THAT(problem_lines("endpoints: {a: 'tcp://localhost:3000'}\nrelay_inbound: tcp://localhost:2003\n"),
                IsEmpty());
}

TEST_F(TheEndpoints, HaveSistersThatAreCheckedToo) {
    EXPECT_THAT(problem_lines(with_endpoints("relay_inbound: [tcp://h:1, tcp://h]\nreplay_endpoints: {a: h}\n"
                                             "moksha.monitoring.socket: /run/x\n")),
                ElementsAre(HasSubstr("a.yaml:2: relay_inbound"), HasSubstr("a.yaml:4: moksha.monitoring.socket"),
                            HasSubstr("a.yaml:3: replay_endpoints.a")));
}

TEST_F(TheEndpoints, DoNotShowPasswords) {
    for (const std::string& line : problem_lines("endpoints: {a: 'amqps:u:s3cret@h', b: 'http://u:s3cret@h'}\n"))
        if (line.find("endpoints.b") != std::string::npos) {
            EXPECT_THAT(line, Not(HasSubstr("s3cret")));
        }
}

}  // namespace
}  // namespace fedmsg::config
