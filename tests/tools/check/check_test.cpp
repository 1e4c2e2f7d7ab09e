#include <gtest/gtest.h>

#include "tools/check/options.hpp"
#include "tools/check/verdict.hpp"

namespace fedmsg::check {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
    try {
        parse(arguments);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "none";
}

TEST(CheckOptions, AreReadInBothForms) {
    const auto options = parse({"--timeout=3", "-c", "A", "--consumer=B", "--consumer", "C", "-p", "P"});
    EXPECT_EQ(options.timeout_seconds, 3);
    EXPECT_EQ(options.consumers, (std::vector<std::string>{"A", "B", "C"}));
    EXPECT_EQ(options.producers, (std::vector<std::string>{"P"}));
    EXPECT_EQ(parse({"-cA", "-pP"}).consumers, (std::vector<std::string>{"A"}));
    EXPECT_EQ(parse({"-cA", "-pP"}).producers, (std::vector<std::string>{"P"}));
    EXPECT_EQ(parse({}).timeout_seconds, 10);
    EXPECT_TRUE(parse({"--help"}).help);
}

TEST(CheckOptions, AreNotAbbreviated) {
    EXPECT_EQ(error_of({"--cons", "A"}), "No such option: --cons");
    EXPECT_EQ(error_of({"-x"}), "No such option: -x");
}

TEST(CheckOptions, SayWhatIsWrong) {
    EXPECT_EQ(error_of({"--timeout", "x"}), "Invalid value for '--timeout': 'x' is not a valid integer.");
    EXPECT_EQ(error_of({"--timeout", "1.5"}), "Invalid value for '--timeout': '1.5' is not a valid integer.");
    EXPECT_EQ(error_of({"-c"}), "Option '-c' requires an argument.");
    EXPECT_EQ(error_of({"stray"}), "Got unexpected extra argument (stray)");
}

class AVerdict : public testing::Test {
protected:
    Verdict judged(const Options& options) { return judge(report, options); }

    json::Document report = json::parse(R"({"producers": [{"name": "P", "initialized": false}],
        "consumers": [{"name": "A", "initialized": true}, {"name": "U", "initialized": false}]})")
                                .value();
};

TEST_F(AVerdict, ShowsEverythingIfNothingIsAskedFor) {
    const auto verdict = judged({});
    EXPECT_EQ(verdict.exit_code, 0);
    EXPECT_EQ(verdict.out, R"(No consumers or producers specified so all will be shown.
{
  "consumers": [
    {
      "initialized": true,
      "name": "A"
    },
    {
      "initialized": false,
      "name": "U"
    }
  ],
  "producers": [
    {
      "initialized": false,
      "name": "P"
    }
  ]
}
)");
}

TEST_F(AVerdict, IsGoodIfAllAreActive) {
    const auto verdict = judged({.consumers = {"A"}});
    EXPECT_EQ(verdict.exit_code, 0);
    EXPECT_TRUE(verdict.out.starts_with("All consumers and producers are active!\n{"));
    EXPECT_EQ(verdict.err, "");
}

TEST_F(AVerdict, NamesWhatIsMissing) {
    const auto verdict = judged({.consumers = {"X", "A"}, .producers = {"Y"}});
    EXPECT_EQ(verdict.exit_code, 1);
    EXPECT_EQ(verdict.out, "");
    EXPECT_EQ(verdict.err,
              "\"X\" is not active!\n\"Y\" is not active!\nError: Some consumers and/or producers are missing!\n");
}

TEST_F(AVerdict, NamesWhatIsNotInitialized) {
    EXPECT_EQ(judged({.consumers = {"U"}, .producers = {"P"}}).err,
              "\"U\" is not initialized!\n\"P\" is not initialized!\n"
              "Error: Some consumers and/or producers are uninitialized!\n");
}

TEST_F(AVerdict, EndsWithMissingIfBothOccur) {
    EXPECT_EQ(judged({.consumers = {"U", "X"}}).err,
              "\"U\" is not initialized!\n\"X\" is not active!\nError: Some consumers and/or producers are missing!\n");
}

TEST_F(AVerdict, SurvivesAReportOfAnotherShape) {
    for (const auto* text : {"null", "[]", R"({"consumers": 5})", R"({"consumers": [5, {"name": 7}]})"}) {
        report = json::parse(text).value();
        EXPECT_EQ(judged({.consumers = {"A"}}).exit_code, 1) << text;
    }
}

}  // namespace
}  // namespace fedmsg::check
