#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {

using fedmsg_hub::Json;
using fedmsg_hub::ParsedJson;
using fedmsg_hub::ValueError;
using fedmsg_hub::testing::json_functions;

TEST(Json, WritesScalars) {
    EXPECT_EQ(Json().text(), "null");
    EXPECT_EQ(Json(nullptr).text(), "null");
    EXPECT_EQ(Json(true).text(), "true");
    EXPECT_EQ(Json(false).text(), "false");
    EXPECT_EQ(Json(-17).text(), "-17");
    EXPECT_EQ(Json(18446744073709551615ULL).text(), "18446744073709551615");
    EXPECT_EQ(Json("text").text(), "\"text\"");
    EXPECT_EQ(Json(std::string("text")).text(), "\"text\"");
    EXPECT_EQ(Json(std::string_view("text")).text(), "\"text\"");
}

TEST(Json, WritesObjectsAndArrays) {
    EXPECT_EQ(Json::object({{"user", "ada"}, {"files", Json::array({"a.c", 2, nullptr})}, {"ok", true}}).text(),
              R"({"user":"ada","files":["a.c",2,null],"ok":true})");
    EXPECT_EQ(Json::object().text(), "{}");
    EXPECT_EQ(Json::array().text(), "[]");
    EXPECT_EQ(Json::array_of(std::vector<std::string>{"a", "b"}).text(), R"(["a","b"])");
    EXPECT_EQ(Json::array_of(std::vector<int>{1, 2}).text(), "[1,2]");
}

TEST(Json, ReplacesAMemberThatIsSetTwice) {
    Json json = Json::object({{"a", 1}, {"b", 2}});
    json.set("a", Json::array().add("new"));
    EXPECT_EQ(json.text(), R"({"a":["new"],"b":2})");
}

TEST(Json, EscapesWhatMustBeEscaped) {
    EXPECT_EQ(Json("\"\\/\b\f\n\r\t").text(), R"("\"\\/\b\f\n\r\t")");
    EXPECT_EQ(Json(std::string("\0\x1f\x7f", 3)).text(), R"("\u0000\u001f\u007f")");
    EXPECT_EQ(Json("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80").text(), R"("caf\u00e9 \u20ac \ud83d\ude00")");
    EXPECT_EQ(Json::object({{"\n", 1}}).text(), R"({"\n":1})");
}

TEST(Json, KeepsUnpairedSurrogates) {
    EXPECT_EQ(Json("\xED\xA0\x80x").text(), R"("\ud800x")");
}

TEST(Json, RefusesTextsThatAreNotUtf8) {
    for (const char* text : {"caf\xe9", "\xC0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80", "\xF0\x8F\xBF\xBF"})
        EXPECT_THROW(Json{text}, ValueError) << text;
    try {
        const Json json("caf\xe9");
        FAIL() << "it was accepted";
    } catch (const ValueError& error) {
        EXPECT_STREQ(error.what(), "a JSON string must be UTF-8; byte 3 of \"caf\xEF\xBF\xBD\" is not");
    }
}

struct Number {
    double value;
    const char* text;
};

class ANumber : public testing::TestWithParam<Number> {};

TEST_P(ANumber, IsSpeltAsTheBusSpellsIt) {
    EXPECT_EQ(Json(GetParam().value).text(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Json, ANumber,
                         testing::Values(Number{0, "0.0"}, Number{-0.0, "-0.0"}, Number{1, "1.0"}, Number{-1.5, "-1.5"},
                                         Number{0.1, "0.1"}, Number{100000, "100000.0"}, Number{0.0001, "0.0001"},
                                         Number{0.00001, "1e-05"}, Number{0.000015, "1.5e-05"},
                                         Number{1234567890123456.8, "1234567890123456.8"},
                                         Number{9999999999999998, "9999999999999998.0"}, Number{1e16, "1e+16"},
                                         Number{1.25e22, "1.25e+22"}, Number{1e100, "1e+100"}, Number{5e-324, "5e-324"},
                                         Number{1.7976931348623157e308, "1.7976931348623157e+308"},
                                         Number{1.0 / 3, "0.3333333333333333"}, Number{123.456, "123.456"},
                                         Number{std::numeric_limits<double>::infinity(), "Infinity"},
                                         Number{-std::numeric_limits<double>::infinity(), "-Infinity"},
                                         Number{std::numeric_limits<double>::quiet_NaN(), "NaN"}));

TEST(Json, TakesValuesAsTheyAre) {
    const ParsedJson parsed(json_functions(), R"({"b": [1, 2.50], "a": 12345678901234567890123})");
    EXPECT_EQ(Json(parsed.root()).text(), R"({"a":12345678901234567890123,"b":[1,2.5]})");
    EXPECT_EQ(Json(parsed["nothing"]).text(), "null");
}

TEST(Json, TakesReadyMadeText) {
    EXPECT_EQ(Json::array({Json::from_text("{\"a\":1}")}).text(), R"([{"a":1}])");
}

TEST(Json, RefusesMembersInArraysAndElementsInObjects) {
    EXPECT_THROW(Json::array().set("a", 1), std::logic_error);
    EXPECT_THROW(Json::object().add(1), std::logic_error);
    EXPECT_THROW(Json(1).add(1), std::logic_error);
}

}  // namespace
