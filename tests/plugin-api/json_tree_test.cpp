// The reader that unit tests of plugins get must read as the hub does.
#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <string>

#include "tests/support/vectors.hpp"

namespace {

using fedmsg_hub::ParsedJson;
using fedmsg_hub::Value;
using fedmsg_hub::ValueError;
using fedmsg_hub::testing::json_functions;
using fedmsg_hub::testing::JsonReader;

std::string canonical(const std::string& text) {
    return ParsedJson(json_functions(), text).root().json();
}

TEST(TheTestReader, ReadsAllTypes) {
    EXPECT_EQ(canonical(" [null, true, false, 0, -0, -0.0, 1e2, 1E-7, \"a\", [], {}] \n"),
              R"([null,true,false,0,0,-0.0,100.0,1e-07,"a",[],{}])");
    EXPECT_EQ(canonical("[NaN, Infinity, -Infinity]"), "[NaN,Infinity,-Infinity]");
    EXPECT_EQ(canonical("1e400"), "Infinity");
    EXPECT_EQ(canonical("-1e-400"), "-0.0");
}

TEST(TheTestReader, KeepsIntegersOfAnyLength) {
    const std::string digits(4300, '7');
    EXPECT_EQ(canonical(digits), digits);
    EXPECT_THROW(canonical(digits + "7"), ValueError);
}

TEST(TheTestReader, LetsTheLastDuplicateWinInTheFirstPlace) {
    const ParsedJson json(json_functions(), R"({"a": 1, "b": 2, "a": 3})");
    EXPECT_EQ(json.root().python(), "{'a': 3, 'b': 2}");
}

TEST(TheTestReader, ReadsEscapes) {
    EXPECT_EQ(canonical(R"("\"\\\/\b\f\n\r\t\u0041\u00E9")"), R"("\"\\/\b\f\n\r\tA\u00e9")");
    EXPECT_EQ(canonical(R"("\ud83d\ude00")"), R"("\ud83d\ude00")");
    EXPECT_EQ(canonical(R"("\ud800")"), R"("\ud800")");
    EXPECT_EQ(canonical(R"("\ud800\u0041\udc00")"), R"("\ud800A\udc00")");
    EXPECT_EQ(canonical(R"("\ude00\ud83d")"), R"("\ude00\ud83d")");
}

TEST(TheTestReader, SortsKeysByCodePoint) {
    EXPECT_EQ(canonical(R"({"\uffff": 1, "\ud83d\ude00": 2, "z": 3, "\u00e9": 4})"),
              R"({"z":3,"\u00e9":4,"\uffff":1,"\ud83d\ude00":2})");
}

TEST(TheTestReader, WritesPythonText) {
    EXPECT_EQ(ParsedJson(json_functions(), R"([null, true, "it's", "\"both'", "\n\u0001\u007f\u00a0\u00e9", 1.0])")
                  .root()
                  .python(),
              "[None, True, \"it's\", '\"both\\'', '\\n\\x01\\x7f\\xa0\xC3\xA9', 1.0]");
}

class ABadText : public testing::TestWithParam<const char*> {};

TEST_P(ABadText, IsRefused) {
    EXPECT_THROW(canonical(GetParam()), ValueError);
}

INSTANTIATE_TEST_SUITE_P(TheTestReader, ABadText,
                         testing::Values("", " ", "nul", "Inf", "-Inf", "-NaN", "+1", "01", "-", "1.", ".5", "1e",
                                         "1e+", "[1,]", "[1 2]", "[", "{\"a\"}", "{\"a\":1,}", "{a:1}", "{", "\"",
                                         "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "1 2",
                                         "\xEF\xBB\xBF"
                                         "1",
                                         "\"\xff\"", "\"\xED\xA0\x80\"", "'a'", "[1]]", "\"\\", "\"\\ud800\\"));

TEST(TheTestReader, RefusesTextsThatAreNestedTooDeeply) {
    const std::string deep(500, '[');
    EXPECT_NO_THROW(canonical(deep + std::string(500, ']')));
    EXPECT_THROW(canonical(std::string(1'000'000, '[')), ValueError);
}

// The same vectors as those of bus/json, for the forms that plugins can ask for. (The Python form differs as
// testing/json_table.hpp says.)
TEST(TheTestReader, AgreesWithTheVectors) {
    const auto path = fedmsg::test::vector_path("encoding/encoding.jsonl");
    if (!path) GTEST_SKIP() << "no test data";
    const auto lines = fedmsg::test::lines_of(*path);
    EXPECT_FALSE(lines.empty());
    for (const std::string& line : lines) {
        const ParsedJson vector(json_functions(), line);
        const std::string input(vector["input"].text());
        if (vector["error"].exists()) {
            EXPECT_THROW(canonical(input), ValueError) << line;
            continue;
        }
        const ParsedJson parsed(json_functions(), input);
        EXPECT_EQ(parsed.root().json(), vector["canonical"].text()) << line;
        EXPECT_EQ(parsed.root().pretty(), vector["pretty"].text()) << line;
    }
}

}  // namespace
