#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <string>
#include <vector>

namespace {

using fedmsg_hub::ParsedJson;
using fedmsg_hub::Type;
using fedmsg_hub::Value;
using fedmsg_hub::ValueError;
using fedmsg_hub::testing::json_functions;

class AValue : public testing::Test {
protected:
    Value operator[](std::string_view key) const { return json_.root()[key]; }

    // The text of the ValueError that the call throws.
    template <class Call>
    static std::string error_of(Call call) {
        try {
            call();
        } catch (const ValueError& error) {
            return error.what();
        }
        return "(nothing was thrown)";
    }

    ParsedJson json_{json_functions(), R"({"name": "Ada", "none": null, "yes": true, "count": 17, "ratio": 0.5,
        "list": [1, "two", [3]], "map": {"z": 1, "a": 2}, "huge": 123456789012345678901234567890})"};
};

TEST_F(AValue, KnowsItsType) {
    EXPECT_TRUE((*this)["name"].is_string());
    EXPECT_TRUE((*this)["none"].is_null());
    EXPECT_TRUE((*this)["yes"].is_boolean());
    EXPECT_TRUE((*this)["count"].is_integer());
    EXPECT_TRUE((*this)["huge"].is_integer());
    EXPECT_FALSE((*this)["ratio"].is_integer());
    EXPECT_TRUE((*this)["ratio"].is_number());
    EXPECT_TRUE((*this)["list"].is_array());
    EXPECT_TRUE((*this)["map"].is_object());
    EXPECT_EQ((*this)["nothing"].type(), Type::missing);
}

TEST_F(AValue, GivesMissingValuesForWhatIsNotThere) {
    EXPECT_FALSE((*this)["a"]["b"][3]["c"].exists());
    EXPECT_EQ((*this)["a"]["b"][3]["c"].text_or("?"), "?");
    EXPECT_FALSE((*this)["name"]["first"].exists());
    EXPECT_FALSE((*this)["list"][3].exists());
    EXPECT_FALSE((*this)["list"][-1].exists());
    EXPECT_FALSE((*this)["map"][0].exists());
    EXPECT_FALSE(Value()["a"][0].exists());
    EXPECT_TRUE((*this)["none"].exists());
}

TEST_F(AValue, FindsElementsAndMembers) {
    EXPECT_EQ((*this)["list"][0].integer(), 1);
    EXPECT_EQ((*this)["list"][2][0].integer(), 3);
    EXPECT_EQ((*this)["map"]["a"].integer(), 2);
    EXPECT_TRUE((*this)["map"].contains("z"));
    EXPECT_FALSE((*this)["map"].contains("y"));
    EXPECT_EQ((*this)["list"].size(), 3u);
    EXPECT_EQ((*this)["map"].size(), 2u);
    EXPECT_EQ((*this)["name"].size(), 0u);
}

TEST_F(AValue, GivesWhatItIs) {
    EXPECT_EQ((*this)["name"].text(), "Ada");
    EXPECT_EQ((*this)["count"].integer(), 17);
    EXPECT_EQ((*this)["count"].number(), 17.0);
    EXPECT_EQ((*this)["ratio"].number(), 0.5);
    EXPECT_TRUE((*this)["yes"].boolean());
}

TEST_F(AValue, FallsBackOnWhatIsAskedForInsteadOfThrowing) {
    EXPECT_EQ((*this)["count"].text_or("?"), "?");
    EXPECT_EQ((*this)["name"].integer_or(-1), -1);
    EXPECT_EQ((*this)["huge"].integer_or(-1), -1);
    EXPECT_EQ((*this)["name"].number_or(0.25), 0.25);
    EXPECT_TRUE((*this)["none"].boolean_or(true));
    EXPECT_EQ((*this)["name"].text_or("?"), "Ada");
    EXPECT_EQ((*this)["count"].integer_or(-1), 17);
    EXPECT_EQ((*this)["count"].number_or(-1), 17.0);
}

TEST_F(AValue, SaysWhatItFoundInPlaceOfWhatWasAskedFor) {
    EXPECT_EQ(error_of([&] { (*this)["count"].text(); }), "expected a string, found an integer (17)");
    EXPECT_EQ(error_of([&] { (*this)["name"].integer(); }), "expected an integer, found a string (\"Ada\")");
    EXPECT_EQ(error_of([&] { (*this)["none"].number(); }), "expected a number, found null");
    EXPECT_EQ(error_of([&] { (*this)["list"].boolean(); }), "expected true or false, found an array ([1,\"two\",[3]])");
    EXPECT_EQ(error_of([&] { (*this)["nothing"].text(); }), "expected a string, found nothing: there is no such value");
    EXPECT_EQ(error_of([&] { (*this)["huge"].integer(); }),
              "expected an integer of 64 bits, found an integer (123456789012345678901234567890)");
}

TEST_F(AValue, CutsLongTextsInErrors) {
    const ParsedJson json(json_functions(), '"' + std::string(1000, 'x') + '"');
    EXPECT_LT(error_of([&] { json.root().integer(); }).size(), 120u);
}

TEST_F(AValue, IsWalkedInReceivedOrder) {
    std::string walked;
    for (const Value element : (*this)["list"].elements()) walked += element.json() + ";";
    for (const auto& [key, value] : (*this)["map"].members()) walked += std::string(key) + "=" + value.json() + ";";
    EXPECT_EQ(walked, "1;\"two\";[3];z=1;a=2;");
}

TEST_F(AValue, IsEmptyToWalkIfItIsNoContainer) {
    for (const Value value : {Value(), (*this)["name"], (*this)["map"]}) EXPECT_EQ(value.elements().size(), 0u);
    for (const Value value : {Value(), (*this)["name"], (*this)["list"]}) EXPECT_EQ(value.members().size(), 0u);
}

TEST_F(AValue, IsWrittenInThreeForms) {
    EXPECT_EQ((*this)["map"].json(), R"({"a":2,"z":1})");
    EXPECT_EQ((*this)["map"].pretty(), "{\n  \"z\": 1,\n  \"a\": 2\n}");
    EXPECT_EQ((*this)["list"].python(), "[1, 'two', [3]]");
    EXPECT_EQ((*this)["huge"].json(), "123456789012345678901234567890");
    EXPECT_EQ(Value().json(), "");
}

TEST_F(AValue, IsShownToPeopleWithoutQuotes) {
    EXPECT_EQ((*this)["name"].display(), "Ada");
    EXPECT_EQ((*this)["list"].display(), R"([1,"two",[3]])");
}

TEST(AParsedJson, SaysWhereATextIsWrong) {
    try {
        const ParsedJson json(json_functions(), "{\"a\": tru}");
        FAIL() << "it was accepted";
    } catch (const ValueError& error) {
        EXPECT_STREQ(error.what(), "this is not JSON: expected a value (byte 6)");
    }
}

TEST(AParsedJson, OwnsItsValueWhenMoved) {
    ParsedJson first(json_functions(), R"({"a": 1})");
    ParsedJson second(std::move(first));
    ParsedJson third(json_functions(), "2");
    third = std::move(second);
    EXPECT_EQ(third["a"].integer(), 1);
}

}  // namespace
