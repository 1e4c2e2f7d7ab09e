#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

KeySpec declared(const char* name, Type type) {
    KeySpec spec;
    spec.name = name;
    spec.type = type;
    spec.declared_by = "badges";
    return spec;
}

// What a plugin "badges" declares.
void declare_badges(Schema& schema) {
    schema.add(declared("badges.enabled", Type::boolean));
    schema.add(declared("badges.title", Type::string));
    schema.add(declared("badges.rules", Type::map));
    schema.own_prefix("badges", "badges");
}

class AKey : public Machine {
protected:
    // Loads without the plugin's keys, then declares them: what the daemon does.
    std::vector<std::string> problems_after_declaring() {
        loaded_ = load_all();
        declare_badges(schema);
        std::vector<Problem> problems;
        apply_schema(loaded_.configuration, schema, problems);
        return lines(problems);
    }

    Loaded loaded_;
};

TEST_F(AKey, OfTheSchemaMayBeSpelledNested) {
    const auto configuration = load_text(with_endpoints(
        "fedmsg:\n  consumers:\n    gateway: {port: 1234}\n    relay.enabled: true\nmoksha: {threadpool_size: 3}\n"));
    EXPECT_EQ(configuration.integer("fedmsg.consumers.gateway.port", 0), 1234);
    EXPECT_TRUE(configuration.is_enabled("fedmsg.consumers.relay.enabled"));
    EXPECT_EQ(configuration.integer("moksha.threadpool_size", 0), 3);
    EXPECT_FALSE(configuration.has("fedmsg"));
    EXPECT_EQ(configuration.origin("fedmsg.consumers.gateway.port").line, 4);
}

TEST_F(AKey, MergesAcrossFilesWhateverItsSpelling) {
    etc("1.yaml", with_endpoints("fedmsg: {consumers: {gateway: {port: 1}}}\n"));
    etc("2.yaml", "fedmsg.consumers.gateway.port: 2\n");
    EXPECT_EQ(load_all().configuration.integer("fedmsg.consumers.gateway.port", 0), 2);
    etc("3.yaml", "fedmsg: {consumers: {gateway: {port: 3}}}\n");
    EXPECT_EQ(load_all().configuration.integer("fedmsg.consumers.gateway.port", 0), 3);
}

TEST_F(AKey, TwiceInOneFileIsRefusedInAnySpelling) {
    EXPECT_THAT(problem_lines(with_endpoints("own: 1\nother: 2\nown: 3\n")),
                ElementsAre(HasSubstr("a.yaml:4: own is set twice in this map, here and in line 2")));
    EXPECT_THAT(
        problem_lines("endpoints: {}\nmoksha: {threadpool_size: 1}\nmoksha.threadpool_size: 2\n"),
        ElementsAre(HasSubstr("a.yaml:3: moksha.threadpool_size is set twice in this file, here and in line 2")));
    EXPECT_THAT(problem_lines("endpoints:\n  a: tcp://h:1\n  b: tcp://h:2\n  a: tcp://h:3\n"),
                ElementsAre(HasSubstr("a.yaml:4: a is set twice in this map, here and in line 2")));
    EXPECT_THAT(problem_lines(with_endpoints("own: [{x: 1, x: 2}]\n")),
                ElementsAre(HasSubstr("a.yaml:2: x is set twice")));
}

TEST_F(AKey, ThatIsAPrefixOfAnotherHasOnlyTheFlatSpelling) {
    EXPECT_THAT(
        load_text(with_endpoints("moksha.monitoring.socket: ipc:///run/x\nmoksha.monitoring.socket.mode: '770'\n"))
            .text("moksha.monitoring.socket.mode", ""),
        "770");
    EXPECT_THAT(problem_lines(with_endpoints("moksha:\n  monitoring:\n    socket: ipc:///run/x\n")),
                ElementsAre(HasSubstr("a.yaml:4: moksha.monitoring.socket has no nested spelling")));
    EXPECT_THAT(problem_lines(with_endpoints("moksha:\n  monitoring.socket.mode: '770'\n")),
                ElementsAre(HasSubstr("a.yaml:3: moksha.monitoring.socket.mode has no nested spelling")));
    EXPECT_THAT(problem_lines(with_endpoints("moksha.monitoring.socket: {mode: '770'}\n")),
                ElementsAre(HasSubstr("write them at the left margin")));
}

TEST_F(AKey, WithinAValueIsNeverSplit) {
    const auto configuration = load_text("endpoints: {relay_outbound: 'tcp://h:1', a.b: 'tcp://h:2'}\nown: {x.y: 1}\n");
    EXPECT_EQ(json_of(configuration, "endpoints"), R"({"a.b":["tcp://h:2"],"relay_outbound":["tcp://h:1"]})");
    EXPECT_EQ(json_of(configuration, "own"), R"({"x.y":1})");
}

TEST_F(AKey, ThatIsAnEntryOfAMapIsRefusedAsAKey) {
    EXPECT_THAT(
        problem_lines(with_endpoints("endpoints.relay_outbound: tcp://h:1\nconsumers.badges.topics: x\n")),
        ElementsAre(HasSubstr("a.yaml:2: endpoints.relay_outbound is no key of fedmsg-hub: entries of endpoints are "
                              "written below it, endpoints: {relay_outbound: ...}"),
                    HasSubstr("a.yaml:3: consumers.badges.topics")));
}

TEST_F(AKey, ThatIsNotKnownIsKeptAndNoted) {
    etc("a.yaml", with_endpoints("badges.enabled: true\nmy_own: [1]\nbadges_db: {x: 1}\n"));
    const Loaded loaded = load_all();
    EXPECT_EQ(json_of(loaded.configuration, "my_own"), "[1]");
    EXPECT_THAT(loaded.warnings, IsEmpty());
    EXPECT_THAT(loaded.notes, Contains(HasSubstr("a.yaml:3: nothing that is installed declares the key my_own")));
}

TEST_F(AKey, NearAKnownOneGetsAWarning) {
    etc("a.yaml", with_endpoints("enviroment: prod\nzmq_tcp_keepalive_count: 3\nmoksha: {monitoring.sockt: x}\n"));
    EXPECT_THAT(
        lines(load_all().warnings),
        ElementsAre("a.yaml:2: the key enviroment is not known; did you mean environment?",
                    "a.yaml:3: the key zmq_tcp_keepalive_count is not known; did you mean zmq_tcp_keepalive_cnt?",
                    "a.yaml:4: the key moksha.monitoring.sockt is not known; did you mean moksha.monitoring.socket?"));
}

TEST_F(AKey, ThatIsNotKnownIsRefusedWhenStrict) {
    etc("a.yaml", with_endpoints("enviroment: prod\nmy_own: 1\n"));
    request.strict = true;
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("a.yaml:2: the key enviroment"), HasSubstr("a.yaml:3: ")));
    request.more_keys_follow = true;
    EXPECT_THAT(problem_lines(), IsEmpty());
}

TEST_F(AKey, OfAPluginIsTakenInBothSpellingsOnceDeclared) {
    etc("1.yaml", with_endpoints("badges:\n  enabled: yes\n  rules: {a: 1, b: {x.y: 2}}\n"));
    etc("2.yaml", "badges.title: 1.10\nbadges: {rules: {b: {z: 3}}}\n");
    EXPECT_THAT(problems_after_declaring(), IsEmpty());
    EXPECT_TRUE(loaded_.configuration.boolean("badges.enabled", false));
    EXPECT_EQ(loaded_.configuration.text("badges.title", ""), "1.10");
    EXPECT_EQ(json_of(loaded_.configuration, "badges.rules"), R"({"a":1,"b":{"x.y":2,"z":3}})");
    EXPECT_FALSE(loaded_.configuration.has("badges"));
    EXPECT_EQ(loaded_.configuration.origin("badges.enabled").line, 3);
    EXPECT_EQ(loaded_.configuration.origin({"badges.rules", "b", "z"}).line, 2);
}

TEST_F(AKey, OfAPluginIsTakenFromTheLaterFileWhateverItsSpelling) {
    etc("1.yaml", with_endpoints("badges.title: one\nbadges: {rules: {a: 1, b: 1}}\n"));
    etc("2.yaml", "badges: {title: two}\nbadges.rules: {b: 2}\n");
    EXPECT_THAT(problems_after_declaring(), IsEmpty());
    EXPECT_EQ(loaded_.configuration.text("badges.title", ""), "two");
    EXPECT_EQ(json_of(loaded_.configuration, "badges.rules"), R"({"a":1,"b":2})");
}

TEST_F(AKey, OfAPluginTwiceInOneFileIsFoundWhenItIsDeclared) {
    etc("1.yaml", with_endpoints("badges: {title: one}\nbadges.title: two\n"));
    etc("2.yaml", "badges.title: three\n");
    EXPECT_THAT(problems_after_declaring(),
                ElementsAre(HasSubstr("1.yaml:3: badges.title is set twice in this file, here and in line 2")));
}

TEST_F(AKey, OfAPluginIsCheckedWhenItIsDeclared) {
    etc("a.yaml", with_endpoints("badges:\n  enabled: perhaps\n  titel: x\nbadges.rules: 5\n"));
    const auto found = problems_after_declaring();
    EXPECT_THAT(found, ::testing::UnorderedElementsAre(
                           HasSubstr("a.yaml:3: badges.enabled must be true or false, not \"perhaps\""),
                           HasSubstr("a.yaml:4: badges.titel is no key of badges: did you mean badges.title?"),
                           HasSubstr("a.yaml:5: badges.rules must be a map, not 5")));
}

TEST_F(AKey, OfAPluginKeepsLiteralDollars) {
    etc("a.yaml", with_endpoints("badges: {title: '$${host}'}\n"));
    EXPECT_THAT(problems_after_declaring(), IsEmpty());
    EXPECT_EQ(loaded_.configuration.text("badges.title", ""), "${host}");
}

TEST_F(AKey, WithoutAnythingBelowItIsNoUnknownKey) {
    declare_badges(schema);
    EXPECT_THAT(problem_lines(with_endpoints("badges:\n  # enabled: true\n")), IsEmpty());
    EXPECT_FALSE(load_all().configuration.has("badges"));
}

TEST(ASchema, FindsKeysOwnersAndWhatLiesBelow) {
    Schema schema;
    declare_badges(schema);
    schema.own_prefix("badges.rules", "rules");
    EXPECT_EQ(schema.find("badges.title")->type, Type::string);
    EXPECT_EQ(schema.find("badges"), nullptr);
    EXPECT_TRUE(schema.has_below("badges"));
    EXPECT_FALSE(schema.has_below("badge"));
    EXPECT_FALSE(schema.has_below("badges.title"));
    EXPECT_EQ(schema.owner_of("badges.x"), "badges");
    EXPECT_EQ(schema.owner_of("badges.rules.x"), "rules");
    EXPECT_EQ(schema.owner_of("badgesx"), "");
    schema.add(declared("badges.title", Type::integer));
    EXPECT_EQ(schema.find("badges.title")->type, Type::integer);
    EXPECT_EQ(schema.keys().size(), 3U);
}

TEST(TheBuiltInSchema, HasSoundDefaults) {
    const Schema schema = built_in_schema();
    for (const KeySpec& spec : schema.keys()) {
        EXPECT_FALSE(spec.help.empty()) << spec.name;
        if (spec.default_json.empty()) continue;
        EXPECT_TRUE(json::parse(spec.default_json)) << spec.name;
    }
    EXPECT_GT(schema.keys().size(), 100U);
}

}  // namespace
}  // namespace fedmsg::config
