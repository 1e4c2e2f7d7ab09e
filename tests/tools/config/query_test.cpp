#include "tools/config/query.hpp"

#include <gtest/gtest.h>

namespace fedmsg::tools {
namespace {

class AQuery : public ::testing::Test {
protected:
    AQuery()
        : root_(json::parse(
                    R"({"a": {"b": {"c": 1}, "n": null, "b.c": 2, "l": [1, "two", [3, []], null, true]}, "a.b": "flat",
                                "x.y.z": {"w": "deep"}, "zero": 0, "no": false, "empty": [], "text": "it's",
                                "lone": "\ud800", "map": {}})")
                    .value()) {}

    std::string ask(std::string_view query) {
        const auto found = look_up(root_, query);
        return found ? printed(*found->value) : "missing";
    }

    json::Document root_;
};

TEST_F(AQuery, FollowsNestedMapsBeforeKeysWithDots) {
    EXPECT_EQ(ask("a.b.c"), "1\n");
}

TEST_F(AQuery, PrefersTheWholeFlatKey) {
    EXPECT_EQ(ask("a.b"), "flat\n");
}
TEST_F(AQuery, FindsKeysWithDotsInTheMiddle) {
    EXPECT_EQ(ask("x.y.z.w"), "deep\n");
}
TEST_F(AQuery, DoesNotFindWhatIsNotThere) {
    EXPECT_EQ(ask("nope"), "missing");
    EXPECT_EQ(ask("a.nope"), "missing");
    EXPECT_EQ(ask("a.b.c.d"), "missing");
    EXPECT_EQ(ask("text.x"), "missing");
    EXPECT_EQ(ask("a.l.0"), "missing");
    EXPECT_EQ(ask("."), "missing");
    EXPECT_EQ(ask("a."), "missing");
}
TEST_F(AQuery, TakesNullForMissing) {
    EXPECT_EQ(ask("a.n"), "missing");
}
TEST_F(AQuery, TakesCommasAndBlanksAsPartOfAKey) {
    EXPECT_EQ(ask("zero,no"), "missing");
    EXPECT_EQ(ask(" zero"), "missing");
}
TEST_F(AQuery, FindsFalseAndZero) {
    EXPECT_EQ(ask("zero"), "0\n");
    EXPECT_EQ(ask("no"), "false\n");
}
TEST_F(AQuery, PrintsAListOneItemPerLineInPythonsForm) {
    EXPECT_EQ(ask("a.l"), "1\ntwo\n[3, []]\nNone\nTrue\n");
}
TEST_F(AQuery, PrintsNothingForAnEmptyList) {
    EXPECT_EQ(ask("empty"), "");
}
TEST_F(AQuery, PrintsAStringBare) {
    EXPECT_EQ(ask("text"), "it's\n");
}
TEST_F(AQuery, PrintsALoneSurrogateAsItsEscape) {
    EXPECT_EQ(ask("lone"), "\\ud800\n");
}
TEST_F(AQuery, PrintsAMapAsPrettyJson) {
    EXPECT_EQ(ask("a.b.c"), "1\n");
    EXPECT_EQ(ask("x.y.z"), "{\n  \"w\": \"deep\"\n}\n");
    EXPECT_EQ(ask("map"), "{}\n");
}
TEST_F(AQuery, TellsThePathItTook) {
    EXPECT_EQ(look_up(root_, "x.y.z.w")->path, (std::vector<std::string>{"x.y.z", "w"}));
    EXPECT_EQ(look_up(root_, "a.b.c")->path, (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace fedmsg::tools
