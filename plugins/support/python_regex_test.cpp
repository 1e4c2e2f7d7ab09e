#include "support/python_regex.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace {

using fedmsg_plugins::PythonRegex;

std::string refusal(std::string_view pattern) {
    try {
        const PythonRegex regex(pattern);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

TEST(APythonRegex, MatchesAtTheBeginningAnywhereOrAsAWhole) {
    const PythonRegex regex("b+");
    EXPECT_TRUE(regex.matches_begin("bba"));
    EXPECT_FALSE(regex.matches_begin("abb"));
    EXPECT_TRUE(regex.is_found_in("abba"));
    EXPECT_FALSE(regex.matches_all("bba"));
    EXPECT_TRUE(regex.matches_all("bbb"));
}

TEST(APythonRegex, TakesTheEndBeforeALastLineBreakAsPythonDoes) {
    EXPECT_TRUE(PythonRegex("a$").is_found_in("a\n"));
    EXPECT_FALSE(PythonRegex("a$").is_found_in("a\nb"));
    EXPECT_FALSE(PythonRegex("a\\Z").is_found_in("a\n"));
    EXPECT_FALSE(PythonRegex("a$").matches_all("a\n"));
}

TEST(APythonRegex, KnowsTheClassesOfUnicode) {
    EXPECT_TRUE(PythonRegex("\\w+").matches_all("Zo\xC3\xAB"));
    EXPECT_TRUE(PythonRegex("[\\w.-]+").matches_all("zo\xC3\xAB.b-1"));
    EXPECT_TRUE(PythonRegex("\\d").matches_all("\xD9\xA3"));  // an Arabic three
    EXPECT_TRUE(
        PythonRegex("a\\sb").matches_all("a\xC2\xA0"
                                         "b"));
    EXPECT_FALSE(PythonRegex("\\W").is_found_in("\xC3\xAB"));
}

TEST(APythonRegex, ReadsPythonsNotation) {
    EXPECT_TRUE(PythonRegex("x{,2}").matches_all("xx"));
    EXPECT_FALSE(PythonRegex("x{,2}").matches_all("xxx"));
    EXPECT_TRUE(PythonRegex("[[]").matches_all("["));
    EXPECT_TRUE(PythonRegex("[]a]+").matches_all("]a"));
    EXPECT_TRUE(PythonRegex("[^]]").matches_all("a"));
    EXPECT_TRUE(PythonRegex("(?P<year>[0-9]{4})-(?:a|b)").matches_all("2014-b"));
    EXPECT_TRUE(PythonRegex("(?i)abc").matches_all("ABC"));
    EXPECT_TRUE(PythonRegex("\\u00eb\\x41")
                    .matches_all("\xC3\xAB"
                                 "A"));
    EXPECT_TRUE(PythonRegex(R"(\.\-\"\/)").matches_all(".-\"/"));
}

TEST(APythonRegex, RefusesWhatCannotBeDoneInLinearTime) {
    EXPECT_EQ(refusal("(a)\\1"), "the regular expression has a back reference, which is not supported");
    EXPECT_NE(refusal("a(?=b)").find("looks ahead or behind"), std::string::npos);
    EXPECT_NE(refusal("(?<!b)a").find("looks ahead or behind"), std::string::npos);
    EXPECT_NE(refusal("(a").find("is not understood"), std::string::npos);
    EXPECT_NE(refusal("\\q").find("unknown escape"), std::string::npos);
    EXPECT_NE(refusal("[\\W]").find("in brackets"), std::string::npos);
    EXPECT_NE(refusal(std::string(5000, 'a')).find("longer than"), std::string::npos);
    EXPECT_NE(refusal("a\\").find("backslash"), std::string::npos);
}

TEST(APythonRegex, DoesNotBacktrack) {
    const PythonRegex regex("(a+)+b");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(regex.is_found_in(std::string(50'000, 'a')));  // a backtracking engine would need 2^50000 steps
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
