#include <gtest/gtest.h>

#include "bus/cli/command_line.hpp"
#include "bus/json/writer.hpp"
#include "tests/tools/tail/tail_fixture.hpp"
#include "tools/tail/coloured.hpp"
#include "tools/tail/cowsay.hpp"

namespace fedmsg::tools {
namespace {

using test::Keys;
using test::TestTail;

const std::string kTopic = "org.fedoraproject.dev.logger.log";

std::string message(const std::string& fields) {
    return R"({"topic":"org.fedoraproject.dev.logger.log","username":"ann",)" + fields + "}";
}

// ---- which messages ------------------------------------------------------------------------------------------------

TEST(ATailsFilter, LeavesHeartbeatsOutByDefault) {
    const TestTail tail(Keys{});
    EXPECT_TRUE(tail.show("a.b", "{}"));
    EXPECT_FALSE(tail.show("a._heartbeat", "{}"));
}

TEST(ATailsFilter, StillHidesHeartbeatsWhenOnlyExcludeIsGiven) {
    const TestTail tail(Keys{{"exclusive_regexp", R"("x")"}});
    EXPECT_FALSE(tail.show("a._heartbeat", "{}"));
    EXPECT_FALSE(tail.show("a.x", "{}"));
    EXPECT_TRUE(tail.show("a.y", "{}"));
}

TEST(ATailsFilter, SearchesAnywhereInTheTopic) {
    const TestTail tail(Keys{{"inclusive_regexp", R"("git|wiki")"}});
    EXPECT_TRUE(tail.show("org.x.git.push", "{}"));
    EXPECT_TRUE(tail.show("wiki", "{}"));
    EXPECT_FALSE(tail.show("org.x.bodhi", "{}"));
}

TEST(ATailsFilter, RefusesABadExpressionAndSaysWhere) {
    try {
        const TestTail tail(Keys{{"inclusive_regexp", R"("a(b")"}});
        FAIL() << "not refused";
    } catch (const cli::Failure& failure) {
        const std::string text = failure.what();
        EXPECT_NE(text.find("--include: regular expression \"a(b\""), std::string::npos) << text;
        EXPECT_NE(text.find("at character"), std::string::npos) << text;
    }
}

TEST(ATailsFilter, KnowsTheUsersOfLoggerAndAnnounceMessages) {
    const TestTail tail(Keys{{"users", R"(" ann , bob")"}});
    EXPECT_TRUE(tail.show(kTopic, message(R"("msg":{})")));
    EXPECT_TRUE(tail.show("x", R"({"topic":"org.fedoraproject.stg.announce.x","username":"bob"})"));
    EXPECT_FALSE(tail.show("x", R"({"topic":"org.fedoraproject.dev.logger.log","username":"cat"})"));
    EXPECT_FALSE(tail.show("x", R"({"topic":"org.fedoraproject.dev.git.push","username":"ann"})"));
    EXPECT_FALSE(tail.show("x", R"({"topic":"org.fedoraproject.dev.logger.log"})"));
    EXPECT_FALSE(tail.show("x", "5"));
}

TEST(ATailsRegex, ReadsDollarAndDotAsPythonDoes) {
    EXPECT_TRUE(Regex::compile("log$")->is_found_in("a.log\n"));
    EXPECT_FALSE(Regex::compile("a.b")->is_found_in("a\nb"));
    EXPECT_TRUE(Regex::compile("^.$")->is_found_in("\xC3\xA9"));
    EXPECT_TRUE(Regex::compile("\\w+")->is_found_in("\xC3\xA9"));
    EXPECT_FALSE(Regex::compile(".")->is_found_in("\xFF"));
    EXPECT_TRUE(Regex::compile("a.b")->is_found_in("a\rb"));
    EXPECT_TRUE(Regex::compile("log\\Z")->is_found_in("a.log"));
    EXPECT_FALSE(Regex::compile("log\\Z")->is_found_in("a.log\n"));
    EXPECT_TRUE(Regex::compile("^\\\\Z$")->is_found_in("\\Z"));
}

TEST(ATailsRegex, GivesUpOnAPatternThatExplodes) {
    const std::string many(200, 'a');
    EXPECT_FALSE(Regex::compile("(a+)+$")->is_found_in(many + "!"));
}

// ---- how -----------------------------------------------------------------------------------------------------------

TEST(ATailsText, IsPythonsFormByDefault) {
    EXPECT_EQ(TestTail(Keys{}).show("t", R"({"b":[1,null,true],"a":"x'y"})"), R"({'b': [1, None, True], 'a': "x'y"})");
}

TEST(ATailsText, ShowsABareStringAsItIs) {
    EXPECT_EQ(TestTail(Keys{}).show("t", R"("it's")"), "it's");
}

TEST(ATailsText, IsSortedAndWithoutCredentialsWhenPretty) {
    EXPECT_EQ(TestTail(Keys{{"pretty", "true"}})
                  .show("t", R"({"b":1,"a":2,"signature":"s","certificate":"c","crypto":"x509"})"),
              "\n{'a': 2, 'b': 1, 'crypto': 'x509'}");
}

TEST(ATailsText, ShowsTheTimeInWordsWhenPretty) {
    const TestTail tail(Keys{{"pretty", "true"}});
    EXPECT_EQ(tail.show("t", R"({"timestamp":1400000000.9})"), "\n{'timestamp': 'Tue May 13 16:53:20 2014'}");
    EXPECT_EQ(tail.show("t", R"({"timestamp":0})"), "\n{'timestamp': 'Thu Jan  1 00:00:00 1970'}");
    for (const auto* odd : {R"("x")", "null", "1e400", "-1e300", "NaN", "[]"})
        EXPECT_TRUE(tail.show("t", std::string(R"({"timestamp":)") + odd + "}")) << odd;
}

TEST(ATailsText, LetsLaterModesOverrideEarlierOnes) {
    const auto wire = message(R"("timestamp":0,"msg":{"log":"hi"})");
    EXPECT_EQ(TestTail(Keys{{"pretty", "true"}, {"terse", "true"}}).show(kTopic, wire), "\nlogger.log -- hi (ann) ");
    EXPECT_EQ(TestTail(Keys{{"really_pretty", "true"}, {"query", R"("timestamp")"}}).show(kTopic, wire), "0");
    EXPECT_EQ(TestTail(Keys{{"pretty", "true"}, {"query", R"("timestamp")"}}).show(kTopic, wire),
              "Thu Jan  1 00:00:00 1970");
    EXPECT_EQ(TestTail(Keys{{"query", R"("i")"}, {"terse", "true"}}).show(kTopic, wire), "\nlogger.log -- hi (ann) ");
}

TEST(AQuery, WalksObjectsAndShowsValuesBare) {
    const auto wire = R"({"a":{"b":"text","c":[1,"x"],"d":null},"e":1.0})";
    const auto ask = [&](const std::string& query) {
        return TestTail(Keys{{"query", '"' + query + '"'}}).show("t", wire);
    };
    EXPECT_EQ(ask("a.b"), "text");
    EXPECT_EQ(ask("a.c"), "[1, 'x']");
    EXPECT_EQ(ask("a.d"), "None");
    EXPECT_EQ(ask("a.x.y"), "None");
    EXPECT_EQ(ask("a.b.c"), "None");
    EXPECT_EQ(ask(" e , a.b "), "1.0, text");
    EXPECT_EQ(ask("e,e,a.b,e"), "1.0, text");
}

TEST(AQuery, WhoseAnswerIsEmptyPrintsNothing) {
    EXPECT_FALSE(TestTail(Keys{{"query", R"("a")"}}).show("t", R"({"a":""})"));
}

TEST(ATerseLine, UsesTheBuiltInRules) {
    const TestTail tail(Keys{{"terse", "true"}});
    const auto line = [&](const std::string& topic, const std::string& rest) {
        return *tail.show("t", R"({"topic":")" + topic + "\"" + rest + "}");
    };
    EXPECT_EQ(line("org.fedoraproject.dev.logger.log", R"(,"msg":{"log":"x"})"), "\nlogger.log -- x (none) ");
    EXPECT_EQ(line("org.fedoraproject.dev.logger.log", R"(,"username":"ann","msg":{"a":1})"),
              "\nlogger.log -- <custom JSON message> (ann) ");
    EXPECT_EQ(line("org.fedoraproject.dev.logger.other", ""), "\nlogger.other -- <unhandled log message> ");
    EXPECT_EQ(line("org.fedoraproject.dev.announce.a", R"(,"msg":{"message":"m","link":"l"})"), "\nannounce.a -- m l");
    EXPECT_EQ(line("org.fedoraproject.dev.git.receive", ""), "\ngit.receive --  ");
    EXPECT_EQ(line("/topic/VirtualTopic.eng.x", ""), "\n/topic/VirtualTopic.eng.x --  ");
    EXPECT_EQ(line("a.b", ""), "\n --  ");
}

// KF-044 (tail): bodies that are no object, or objects with odd fields, in every mode; nothing ends, each is shown.
TEST(KnownFailures, KF_044_OddBodiesAreShownInEveryMode) {
    for (const auto* mode : {"", "pretty", "really_pretty", "terse"}) {
        std::vector<std::pair<std::string, std::string>> keys;
        if (*mode != '\0') keys.emplace_back(mode, "true");
        const TestTail tail(keys);
        for (const auto* body : {"\"x\"", "5", "null", "true", "[]", "[{}]", "{}", R"({"topic":5})",
                                 R"({"msg":"text"})", R"({"msg":null})"})
            EXPECT_TRUE(tail.show("t", body)) << mode << " " << body;
    }
}

// KF-045 (tail): lone surrogate escapes are carried and shown escaped, never an exception out of the writer.
TEST(KnownFailures, KF_045_LoneSurrogatesAreShownEscaped) {
    EXPECT_EQ(TestTail(Keys{}).show("t", R"({"a":"\ud800","b":"\udc00\ud800"})"),
              R"({'a': '\ud800', 'b': '\udc00\ud800'})");
}

TEST(ColouredJson, ColoursStringsAndNumbersAndNotTheMinusSign) {
    const auto value = json::parse(R"({"a":-1,"b":[],"c":{},"d":null})").value();
    EXPECT_EQ(coloured(value),
              "{\x1b[37m\x1b[39;49;00m\n\x1b[37m  \x1b[39;49;00m\x1b[33m\"a\"\x1b[39;49;00m:\x1b[37m \x1b[39;49;00m-"
              "\x1b[34m1\x1b[39;49;00m,\x1b[37m\x1b[39;49;00m\n\x1b[37m  \x1b[39;49;00m\x1b[33m\"b\"\x1b[39;49;00m:"
              "\x1b[37m \x1b[39;49;00m[],\x1b[37m\x1b[39;49;00m\n\x1b[37m  \x1b[39;49;00m\x1b[33m\"c\"\x1b[39;49;00m:"
              "\x1b[37m \x1b[39;49;00m{},\x1b[37m\x1b[39;49;00m\n\x1b[37m  \x1b[39;49;00m\x1b[33m\"d\"\x1b[39;49;00m:"
              "\x1b[37m \x1b[39;49;00m\x1b[34mnull\x1b[39;49;00m\x1b[37m\x1b[39;49;00m\n}\x1b[37m\x1b[39;49;00m");
}

TEST(ColouredJson, IsGivenUpWhereIndentationWouldFillTheMemory) {
    std::string wire(400, '[');
    for (int i = 0; i < 100'000; ++i) wire += "1,";
    wire += "1" + std::string(400, ']');
    const auto value = json::parse(wire).value();
    EXPECT_EQ(coloured(value), json::relayed(value));
}

TEST(ASpeechBubble, GivesTheTextToTheProgramAsOneArgumentWithoutAShell) {
    EXPECT_EQ(cowsay("$(id) `id`; 'x'", "echo"), "-- $(id) `id`; 'x'\n");
}

TEST(ASpeechBubble, ShowsWhyTheProgramCannotBeRun) {
    EXPECT_EQ(cowsay("x", "no-such-program-here"), "no-such-program-here: No such file or directory\n");
}

TEST(ASpeechBubble, PrefersTheErrorOutput) {
    EXPECT_NE(cowsay("/nonexistent", "ls").find("cannot access"), std::string::npos);
}

}  // namespace
}  // namespace fedmsg::tools
