#include "support/structured_test.hpp"

#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <string>
#include <string_view>

namespace {

using fedmsg_hub::ParsedJson;
using fedmsg_plugins::Answer;
using fedmsg_plugins::Datum;
using fedmsg_plugins::datum_from;
using fedmsg_plugins::StructuredTest;
using fedmsg_plugins::StructuredTestError;
using fedmsg_plugins::ValueSubject;

constexpr char kMessage[] = R"({"topic": "org.x.prod.bodhi.update.comment", "msg": {
    "comment": {"karma": 1, "author": "ann", "update_submitter": "bob", "text": "works for me", "anonymous": false,
                "group": null, "weight": 1.0, "positive": true}, "tags": ["a", "b"], "a.b": "dotted"}})";

ParsedJson parsed(std::string_view json) {
    return {fedmsg_hub::testing::json_functions(), json};
}

Answer ask(std::string_view definition, std::string_view message = kMessage) {
    const auto subject = parsed(message);
    return StructuredTest::parse(datum_from(parsed(definition).root())).test(ValueSubject(subject.root()));
}

// The same for tests of one path below msg.comment.
Answer ask_about(const std::string& key, const std::string& test) {
    return ask(R"({"path": "msg.comment.)" + key + "\", " + test + "}");
}

std::string refusal(std::string_view definition) {
    try {
        StructuredTest::parse(datum_from(parsed(definition).root()));
    } catch (const StructuredTestError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(AStructuredTest, ComparesNumbersByValueButNotWithBooleans) {
    EXPECT_EQ(ask_about("karma", R"("eq": 1)"), Answer::yes);
    EXPECT_EQ(ask_about("weight", R"("eq": 1)"), Answer::yes);
    EXPECT_EQ(ask_about("positive", R"("eq": 1)"), Answer::no);
    EXPECT_EQ(ask_about("positive", R"("eq": true)"), Answer::yes);
    EXPECT_EQ(ask_about("karma", R"("ne": 1)"), Answer::no);
    EXPECT_EQ(ask_about("group", R"("eq": null)"), Answer::yes);
}

TEST(AStructuredTest, OrdersNumbersAndTexts) {
    EXPECT_EQ(ask_about("karma", R"("lt": 2)"), Answer::yes);
    EXPECT_EQ(ask_about("karma", R"("le": 1)"), Answer::yes);
    EXPECT_EQ(ask_about("karma", R"("gt": 1)"), Answer::no);
    EXPECT_EQ(ask_about("karma", R"("ge": 1.0)"), Answer::yes);
    EXPECT_EQ(ask_about("author", R"("lt": "bob")"), Answer::yes);
    EXPECT_EQ(ask_about("author", R"("lt": 3)"), Answer::error);
}

TEST(AStructuredTest, LooksIntoListsMappingsAndTexts) {
    EXPECT_EQ(ask_about("author", R"("in": ["ann", "zed"])"), Answer::yes);
    EXPECT_EQ(ask_about("author", R"("not_in": ["ann", "zed"])"), Answer::no);
    EXPECT_EQ(ask(R"({"path": "msg.tags", "contains": "b"})"), Answer::yes);
    EXPECT_EQ(ask(R"({"path": "msg.comment", "contains": "karma"})"), Answer::yes);
    EXPECT_EQ(ask_about("text", R"("contains": "for")"), Answer::yes);
    EXPECT_EQ(ask_about("karma", R"("contains": 1)"), Answer::error);
    EXPECT_EQ(ask(R"({"path": "msg.tags.1", "eq": "b"})"), Answer::yes);
    EXPECT_EQ(ask(R"({"path": ["msg", "a.b"], "eq": "dotted"})"), Answer::yes);
}

TEST(AStructuredTest, TestsTexts) {
    EXPECT_EQ(ask_about("text", R"("startswith": "works")"), Answer::yes);
    EXPECT_EQ(ask_about("text", R"("endswith": ["you", "me"])"), Answer::yes);
    EXPECT_EQ(ask_about("text", R"("regex": "works")"), Answer::no);
    EXPECT_EQ(ask_about("text", R"("regex": "works.*")"), Answer::yes);
    EXPECT_EQ(ask_about("text", R"("regex": "for", "search": true)"), Answer::yes);
    EXPECT_EQ(ask_about("karma", R"("regex": "1")"), Answer::error);
}

TEST(AStructuredTest, TestsLengthsTypesAndTruth) {
    EXPECT_EQ(ask(R"({"path": "msg.tags", "len_eq": 2})"), Answer::yes);
    EXPECT_EQ(ask(R"({"path": "msg.tags", "len_gt": 2})"), Answer::no);
    EXPECT_EQ(ask_about("author", R"("len_le": 3)"), Answer::yes);
    EXPECT_EQ(ask_about("author", R"("len_ge": 4)"), Answer::no);
    EXPECT_EQ(ask_about("author", R"("len_lt": 4)"), Answer::yes);
    EXPECT_EQ(ask_about("karma", R"("len_lt": 4)"), Answer::error);
    EXPECT_EQ(ask_about("karma", R"("type": "integer")"), Answer::yes);
    EXPECT_EQ(ask_about("weight", R"("type": "number")"), Answer::yes);
    EXPECT_EQ(ask_about("positive", R"("type": "int")"), Answer::no);
    EXPECT_EQ(ask_about("anonymous", R"("truthy": false)"), Answer::yes);
    EXPECT_EQ(ask_about("group", R"("truthy": true)"), Answer::no);
}

TEST(AStructuredTest, ComparesTwoFields) {
    EXPECT_EQ(ask_about("author", R"("ne": {"path": "msg.comment.update_submitter"})"), Answer::yes);
    EXPECT_EQ(ask_about("author", R"("eq": {"path": "msg.comment.author"})"), Answer::yes);
}

TEST(AMissingPath, MakesEveryTestFalse) {
    for (const char* test : {R"("eq": null)", R"("lt": 1)", R"("le": 1)", R"("gt": 1)", R"("ge": 1)", R"("in": [null])",
                             R"("contains": "a")", R"("startswith": "")", R"("endswith": "")", R"("regex": ".*")",
                             R"("len_eq": 0)", R"("len_gt": 0)", R"("len_ge": 0)", R"("len_lt": 9)", R"("len_le": 9)",
                             R"("exists": true)", R"("truthy": false)", R"("truthy": true)", R"("type": "null")"})
        EXPECT_EQ(ask_about("nothing", test), Answer::no) << test;
}

TEST(AMissingPath, IsFoundMissingAndIsNoDifference) {
    EXPECT_EQ(ask_about("nothing", R"("exists": false)"), Answer::yes);
    EXPECT_EQ(ask_about("group", R"("exists": false)"), Answer::no);
    EXPECT_EQ(ask_about("nothing", R"("ne": 1)"), Answer::error);
    EXPECT_EQ(ask_about("nothing", R"("not_in": [1])"), Answer::error);
    EXPECT_EQ(ask_about("author", R"("ne": {"path": "msg.comment.nothing"})"), Answer::error);
}

TEST(ACombination, HasThreeValues) {
    const std::string yes = R"({"path": "msg.comment.karma", "eq": 1})";
    const std::string no = R"({"path": "msg.comment.karma", "eq": 2})";
    const std::string error = R"({"path": "msg.comment.nothing", "ne": 2})";
    EXPECT_EQ(ask(R"({"all": [)" + yes + "," + error + "," + no + "]}"), Answer::no);
    EXPECT_EQ(ask(R"({"all": [)" + yes + "," + error + "]}"), Answer::error);
    EXPECT_EQ(ask(R"({"any": [)" + no + "," + error + "," + yes + "]}"), Answer::yes);
    EXPECT_EQ(ask(R"({"any": [)" + no + "," + error + "]}"), Answer::error);
    EXPECT_EQ(ask(R"({"not": )" + error + "}"), Answer::error);
    EXPECT_EQ(ask(R"({"not": )" + no + "}"), Answer::yes);
}

TEST(AStructuredTest, TellsWhatItFound) {
    const auto subject = parsed(kMessage);
    const auto test = StructuredTest::parse(datum_from(parsed(R"({"path": "msg.comment.karma", "gt": 4})").root()));
    std::string why;
    EXPECT_EQ(test.test(ValueSubject(subject.root()), why), Answer::no);
    EXPECT_EQ(why, "msg.comment.karma is 1, gt 4: false");
}

TEST(AStructuredTest, RefusesWhatMakesNoSense) {
    EXPECT_EQ(refusal(R"({"eq": 1})"), "path: it is missing");
    EXPECT_NE(refusal(R"({"path": "a"})").find("no test"), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a", "eq": 1, "ne": 2})").find("a second test"), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a", "equals": 1})").find("equals: no such test"), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a..b", "eq": 1})").find("path: "), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a", "regex": "("})").find("regex: "), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a", "type": "blob"})").find("type: blob"), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a", "exists": "yes"})").find("true or false"), std::string::npos);
    EXPECT_NE(refusal(R"({"path": "a", "eq": 1, "search": true})").find("belongs to regex"), std::string::npos);
    EXPECT_NE(refusal(R"({"all": []})").find("a list of tests"), std::string::npos);
    EXPECT_NE(refusal(R"({"all": [], "path": "a"})").find("stand alone"), std::string::npos);
    EXPECT_NE(refusal(R"("eq")").find("a mapping"), std::string::npos);
    std::string deep = R"({"path": "a", "eq": 1})";
    for (int level = 0; level < 100; ++level) deep = R"({"not": )" + deep + "}";
    EXPECT_NE(refusal(deep).find("nested deeper"), std::string::npos);
}

}  // namespace
