#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AMergedConfiguration : public Machine {};

TEST_F(AMergedConfiguration, JoinsMapsToAnyDepth) {
    etc("1.yaml", with_endpoints("d: {x: {a: 1, b: {p: 1}}, y: 1}\n"));
    etc("2.yaml", "d: {x: {b: {q: 2}, c: 3}}\n");
    EXPECT_EQ(json_of(load_all().configuration, "d"), R"({"x":{"a":1,"b":{"p":1,"q":2},"c":3},"y":1})");
}

TEST_F(AMergedConfiguration, ReplacesListsScalarsAndMixedKinds) {
    etc("1.yaml", with_endpoints("l: [1, 2]\ns: {a: 1}\nm: 5\nn: {a: 1}\nt: x\n"));
    etc("2.yaml", "l: [3]\ns: 7\nm: {q: 1}\nn: null\nt: ''\n");
    const auto configuration = std::move(load_all().configuration);
    EXPECT_EQ(json_of(configuration, "l"), "[3]");
    EXPECT_EQ(json_of(configuration, "s"), "7");
    EXPECT_EQ(json_of(configuration, "m"), R"({"q":1})");
    EXPECT_EQ(json_of(configuration, "n"), "null");
    EXPECT_EQ(json_of(configuration, "t"), R"("")");
}

TEST_F(AMergedConfiguration, KeepsAMapWhenAnEmptyOneComes) {
    etc("1.yaml", "endpoints: {a: 'tcp://h:1'}\n");
    etc("2.yaml", "endpoints: {}\n");
    EXPECT_EQ(json_of(load_all().configuration, "endpoints"), R"({"a":["tcp://h:1"]})");
}

TEST_F(AMergedConfiguration, TellsWhereEachValueCameFrom) {
    etc("1.yaml", "endpoints:\n  a: tcp://h:1\n  b: tcp://h:2\nown: [1,\n  2]\n");
    etc("2.yaml", "# second\nendpoints:\n  b: ['tcp://h:3']\n");
    const auto configuration = std::move(load_all().configuration);
    const auto origin = [&](const std::vector<std::string>& path) {
        const std::string text = configuration.origin(path).text();
        return text.substr(text.rfind('/') + 1);
    };
    EXPECT_EQ(origin({"endpoints", "a"}), "1.yaml:2");
    EXPECT_EQ(origin({"endpoints", "b"}), "2.yaml:3");
    EXPECT_EQ(origin({"endpoints", "b", "0"}), "2.yaml:3");
    EXPECT_EQ(origin({"own"}), "1.yaml:4");
    EXPECT_EQ(origin({"own", "1"}), "1.yaml:5");
    EXPECT_EQ(origin({"topic_prefix"}), "built-in default");
    EXPECT_EQ(origin({"endpoints", "a", "deeper"}), "1.yaml:2") << "the nearest thing that is known";
    EXPECT_EQ(configuration.origin("nowhere").text(), "");
}

TEST_F(AMergedConfiguration, ListsTheFilesThatWereRead) {
    etc("b.yaml", with_endpoints(""));
    etc("a.yaml", "");
    const auto files = load_all().configuration.files();
    EXPECT_THAT(files, ElementsAre(HasSubstr("etc/fedmsg.d/a.yaml"), HasSubstr("etc/fedmsg.d/b.yaml")));
}

TEST_F(AMergedConfiguration, MarksWhatItsOwnDirectorySays) {
    request.id = "hub@two";
    etc("a.yaml", with_endpoints("x: 1\ny: 1\n"));
    etc("hub@two.d/b.yaml", "y: 2\nz: {q: 2}\n");
    const auto configuration = std::move(load_all().configuration);
    EXPECT_EQ(json_of(configuration, "y"), "2");
    EXPECT_FALSE(configuration.origin("x").from_own_directory);
    EXPECT_TRUE(configuration.origin("y").from_own_directory);
    EXPECT_TRUE(configuration.origin(std::vector<std::string>{"z", "q"}).from_own_directory);
}

TEST_F(AMergedConfiguration, PutsTheCommandLineOverTheFiles) {
    etc("a.yaml", with_endpoints("io_threads: 2\nown: {a: 1}\n"));
    request.overrides = {{"io_threads", "4"}, {"own", R"({"b":2})"}, {"topic", R"("x")"}};
    const auto configuration = std::move(load_all().configuration);
    EXPECT_EQ(configuration.integer("io_threads", 0), 4);
    EXPECT_EQ(json_of(configuration, "own"), R"({"b":2})");
    EXPECT_EQ(configuration.origin("topic").text(), "command line");
    EXPECT_EQ(configuration.origin(std::vector<std::string>{"own", "b"}).text(), "command line");
}

TEST_F(AMergedConfiguration, ChecksTheCommandLineToo) {
    etc("a.yaml", with_endpoints(""));
    request.overrides = {{"io_threads", "-1"}};
    EXPECT_THAT(problem_lines(),
                ElementsAre(HasSubstr("command line: io_threads must be a whole number of at least 0")));
}

TEST_F(AMergedConfiguration, HasDefaultsOneLevelDeep) {
    const auto configuration = load_text(with_endpoints("logging: {version: 1}\nzmq_linger: 5\n"));
    EXPECT_EQ(json_of(configuration, "logging"), R"({"version":1})");
    EXPECT_EQ(configuration.integer("zmq_linger", 0), 5);
    EXPECT_EQ(configuration.integer("io_threads", 0), 1);
    EXPECT_EQ(configuration.number("post_init_sleep", 0), 0.5);
    EXPECT_EQ(json_of(configuration, "persistent_store"), "null");
}

// config.md 5 "cmd": only these; the rest is for the programs to assume.
TEST_F(AMergedConfiguration, HasOnlyTheDefaultsThatCommandsPrint) {
    const auto configuration = load_text(with_endpoints(""));
    std::vector<std::string> keys;
    for (const auto& member : configuration.root().GetObject()) keys.emplace_back(json::text_of(member.name));
    EXPECT_THAT(
        keys, ::testing::UnorderedElementsAre("endpoints", "topic_prefix", "environment", "active", "print_config",
                                              "timeout", "persistent_store", "logging", "io_threads", "high_water_mark",
                                              "post_init_sleep", "zmq_linger", "topic_prefix_re"));
}

TEST_F(AMergedConfiguration, WithoutDefaultsIsWhatTheFilesSay) {
    request.defaults = false;
    EXPECT_EQ(json::canonical(load_text("who: me\n").root()), R"({"who":"me"})");
}

TEST_F(AMergedConfiguration, ReadsEmptyFilesAsNoKeys) {
    etc("a.yaml", "");
    etc("b.yaml", "# nothing\n");
    etc("c.yaml", with_endpoints("own: 1\n"));
    EXPECT_EQ(json_of(load_all().configuration, "own"), "1");
}

TEST_F(AMergedConfiguration, ReportsAllProblemsOfAllFilesAtOnce) {
    etc("a.yaml", "active: maybe\nio_threads: many\n");
    etc("b.yaml", "x: [\n");
    etc("c.yaml", "y: 1\ny: 2\n");
    EXPECT_EQ(problems().size(), 2U) << "types wait until every file can be read";
    etc("b.yaml", "");
    EXPECT_THAT(problem_lines(),
                ::testing::UnorderedElementsAre(HasSubstr("a.yaml:1: active"), HasSubstr("a.yaml:2: io_threads"),
                                                HasSubstr("c.yaml:2: y is set twice"), HasSubstr("endpoints")));
}

TEST_F(AMergedConfiguration, PutsEachProblemOnALineOfTheErrorsText) {
    etc("a.yaml", with_endpoints("active: maybe\nmute: maybe\n"));
    try {
        load_all();
        FAIL() << "no error";
    } catch (const ConfigError& error) {
        EXPECT_THAT(error.what(),
                    ::testing::MatchesRegex("[^\n]*a.yaml:2: active [^\n]*\n[^\n]*a.yaml:3: mute [^\n]*"));
    }
}

TEST(AConfiguration, GivesFallbacksForAbsentAndNullKeys) {
    Configuration configuration;
    configuration.set("n", json::Value(), {"test"});
    for (const char* key : {"n", "absent"}) {
        EXPECT_TRUE(configuration.boolean(key, true));
        EXPECT_EQ(configuration.integer(key, 7), 7);
        EXPECT_EQ(configuration.number(key, 1.5), 1.5);
        EXPECT_EQ(configuration.text(key, "x"), "x");
        EXPECT_TRUE(configuration.texts(key).empty());
        EXPECT_EQ(configuration.duration(key, std::chrono::milliseconds(3)).count(), 3);
    }
    EXPECT_TRUE(configuration.has("n"));
    EXPECT_FALSE(configuration.has("absent"));
}

TEST(AConfiguration, CallsAWrongTypeABugOfTheProgram) {
    Configuration configuration;
    configuration.set_text("t", "x", {"test"});
    configuration.set("i", json::Value(5), {"test"});
    EXPECT_THROW(configuration.boolean("t", false), std::logic_error);
    EXPECT_THROW(configuration.integer("t", 0), std::logic_error);
    EXPECT_THROW(configuration.number("t", 0), std::logic_error);
    EXPECT_THROW(configuration.text("i", ""), std::logic_error);
    EXPECT_THROW(configuration.texts("i"), std::logic_error);
    EXPECT_THROW(configuration.duration("t", {}), std::logic_error);
}

TEST(AConfiguration, GivesTextsOfAListAndOfASingleText) {
    Configuration configuration;
    configuration.set_text("one", "x", {"test"});
    configuration.set("many", json::copy(json::parse(R"(["a","b"])").value(), configuration.pool()), {"test"});
    EXPECT_THAT(configuration.texts("one"), ElementsAre("x"));
    EXPECT_THAT(configuration.texts("many"), ElementsAre("a", "b"));
}

TEST(AConfiguration, TakesEnablingValuesByTheirTruth) {
    Configuration configuration;
    const auto enabled = [&](const std::string& value) {
        configuration.set("key", json::copy(json::parse(value).value(), configuration.pool()), {"test"});
        return configuration.is_enabled("key");
    };
    for (const char* on : {"true", "1", "0.5", R"("true")", R"("yes")", R"("anything")", R"([0])", R"({"a":1})"})
        EXPECT_TRUE(enabled(on)) << on;
    for (const char* off : {"false", "0", "null", R"("")", R"("False")", R"(" no ")", R"("off")", R"("0")", "[]", "{}"})
        EXPECT_FALSE(enabled(off)) << off;
    EXPECT_FALSE(configuration.is_enabled("absent"));
}

}  // namespace
}  // namespace fedmsg::config
