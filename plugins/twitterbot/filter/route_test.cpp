#include "twitterbot/filter/route.hpp"

#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <string>
#include <vector>

namespace {

using namespace twitterbot;

constexpr char kTagged[] = R"({"topic": "org.example.prod.fedoratagger.tag.create", "i": 2, "timestamp": 1407487000.0,
    "msg_id": "2014-a", "username": "web", "msg": {"user": {"username": "@ralph"}, "votes": 3, "empty": "",
    "list": [1], "tag": {"package": "nethack & co", "tag": "dungeon"}}})";

class ARoute : public testing::Test {
protected:
    fedmsg_hub::Value value(const std::string& text) {
        parsed_.emplace_back(fedmsg_hub::testing::json_functions(), text);
        return parsed_.back().root();
    }
    Event event(const std::string& text = kTagged) { return event_of(value(text)); }
    Route route(const std::string& text) {
        problems_.clear();
        return parse_route(value(text), "routes[0]", [this](const std::string& where, const std::string& what) {
            problems_.push_back(where + ": " + what);
        });
    }
    bool takes_it(const std::string& text) { return takes(route(text), event()); }
    BuiltPost built(const std::string& text) {
        const BuiltPost out = build_post(route(text), event());
        EXPECT_EQ(problems_, std::vector<std::string>());
        return out;
    }

    std::vector<fedmsg_hub::ParsedJson> parsed_;
    std::vector<std::string> problems_;
};

TEST_F(ARoute, TakesTopicsByWordSegmentsAndExpression) {
    EXPECT_TRUE(takes_it(R"({"topics": ["fedoratagger"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["tagger.tag"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["fedoratagger.tag.*"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["fedoratagger.*"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["*.tag.create"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["fedora*.tag.create"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["*"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["re:\\.tag\\.(create|update)$"]})"));
    EXPECT_FALSE(takes_it(R"({"topics": ["fedbadges"]})"));
    EXPECT_FALSE(takes_it(R"({"topics": ["tagger.*"]})"));
    EXPECT_FALSE(takes_it(R"({"topics": ["tag.*"]})"));
    EXPECT_FALSE(takes_it(R"({"topics": ["fedoratagger.tag.create.*"]})"));
    EXPECT_FALSE(takes_it(R"({"topics": ["re:^fedoratagger"]})"));
}

TEST_F(ARoute, LeavesOutWhatIsExcluded) {
    EXPECT_FALSE(takes_it(R"({"topics": ["fedoratagger"], "exclude_topics": ["create"]})"));
    EXPECT_FALSE(takes_it(R"({"topics": ["fedoratagger"], "exclude_users": ["web"]})"));
    EXPECT_TRUE(takes_it(R"({"topics": ["fedoratagger"], "exclude_users": ["ann"]})"));
}

TEST_F(ARoute, LooksForUsersAndPackagesAtTheirPaths) {
    EXPECT_TRUE(takes_it(R"({"users": ["@ralph"]})"));
    EXPECT_FALSE(takes_it(R"({"users": ["ralph"]})"));
    EXPECT_TRUE(takes_it(R"({"packages": ["nethack & co"]})"));
    EXPECT_FALSE(takes_it(R"({"users": ["@ralph"], "users_from": ["msg.owner"]})"));
}

TEST_F(ARoute, SearchesTheBodyAndTestsValues) {
    EXPECT_TRUE(takes_it(R"({"body_regex": "\"tag\":\"dun"})"));
    EXPECT_FALSE(takes_it(R"({"body_regex": "castle"})"));
    EXPECT_TRUE(takes_it(R"({"match": {"path": "msg.votes", "ge": 3}})"));
    EXPECT_FALSE(takes_it(R"({"match": {"path": "msg.votes", "gt": 3}})"));
    EXPECT_FALSE(takes_it(R"({"match": {"path": "msg.nothing", "ne": 3}})"));
}

TEST_F(ARoute, MustNotTakeTheWholeBusByAccident) {
    route("{}");
    ASSERT_EQ(problems_.size(), 1u);
    EXPECT_NE(problems_[0].find("topics: [\"*\"]"), std::string::npos);
    route(R"({"exclude_topics": ["x"]})");
    EXPECT_EQ(problems_.size(), 1u);
    route(R"({"topics": ["*"]})");
    EXPECT_TRUE(problems_.empty());
}

TEST_F(ARoute, IsRefusedForWhatIsWrongInIt) {
    for (const char* text :
         {R"({"topics": ["re:("]})", R"({"topics": [""]})", R"({"topics": "x"})",
          R"({"topics": ["x"], "template": "{"})", R"({"topics": ["x"], "tepmlate": "y"})",
          R"({"topics": ["x"], "hashtags": ["a b"]})", R"({"topics": ["x"], "visibility": "secret"})",
          R"({"topics": ["x"], "picture": "both"})", R"({"topics": ["x"], "match": {"path": "a"}})",
          R"({"topics": ["x"], "users_from": ["a..b"]})", R"([])"}) {
        route(text);
        EXPECT_FALSE(problems_.empty()) << text;
    }
}

TEST_F(ARoute, MakesTextAndLinkFromTheMessage) {
    const BuiltPost post = built(R"({"topics": ["*"], "template": "{msg.user.username} tagged {msg.tag.package} {link}",
        "link": "https://example.org/{msg.tag.package}", "hashtags": ["#fedora"]})");
    EXPECT_EQ(post.problem, "");
    EXPECT_EQ(post.draft.whole(), "ralph tagged nethack & co https://example.org/nethack%20%26%20co #fedora");
}

TEST_F(ARoute, PutsTheLinkBehindATextThatDoesNotNameIt) {
    const BuiltPost post = built(R"({"topics": ["*"], "template": "hello", "link": "https://example.org/"})");
    EXPECT_EQ(post.draft.whole(), "hello https://example.org/");
}

TEST_F(ARoute, KeepsMentionsWhereTheOperatorWantsThem) {
    EXPECT_EQ(built(R"({"topics": ["*"], "template": "{msg.user.username}", "protect_mentions": false})").draft.whole(),
              "@ralph");
    EXPECT_EQ(built(R"({"topics": ["*"], "template": "@{msg.user.username}"})").draft.whole(), "@ralph");
}

TEST_F(ARoute, HasNoTextIfSomethingIsMissing) {
    for (const char* field :
         {"msg.nothing", "msg.empty", "msg.list", "msg.tag", "title", "subtitle", "link", "agent"}) {
        const BuiltPost post = built(R"({"topics": ["*"], "template": "x {)" + std::string(field) + "}\"}");
        EXPECT_NE(post.problem.find(std::string("{") + field + "} has no value"), std::string::npos) << field;
    }
}

TEST_F(ARoute, HasNoTextWithoutTheRendererByDefault) {
    EXPECT_NE(built(R"({"topics": ["*"]})").problem.find("renders no texts yet"), std::string::npos);
}

TEST_F(ARoute, RefusesLinksThatAreNone) {
    const std::string start = R"({"topics": ["*"], "template": "x", "link": )";
    EXPECT_NE(built(start + R"("{msg.tag.tag}"})").problem, "");
    EXPECT_NE(built(start + R"("javascript:{msg.tag.tag}"})").problem, "");
}

TEST_F(ARoute, FindsPictureAndItsDescription) {
    const BuiltPost post = built(R"({"topics": ["*"], "template": "x", "picture_alt": "the {msg.tag.tag}",
        "picture_url": "https://example.org/{msg.tag.tag}.png"})");
    EXPECT_EQ(post.picture_url, "https://example.org/dungeon.png");
    EXPECT_EQ(post.picture_alt, "the dungeon");
    EXPECT_EQ(
        built(R"({"topics": ["*"], "template": "x", "picture": "none", "picture_url": "https://e.org/a"})").picture_url,
        "");
    const BuiltPost without = built(R"({"topics": ["*"], "template": "x", "picture_url": "{msg.nothing}"})");
    EXPECT_EQ(without.problem + without.picture_url, "");
}

TEST_F(ARoute, SaysForEachTestWhatItFound) {
    const auto tests = tried(route(R"({"topics": ["tagger"], "users": ["ann"]})"), event());
    ASSERT_EQ(tests.size(), 2u);
    EXPECT_TRUE(tests[0].passed);
    EXPECT_FALSE(tests[1].passed);
    EXPECT_EQ(tests[1].found, "web, @ralph");
}

TEST_F(ARoute, CutsALongValueAndKeepsTheLinkWhole) {
    const std::string long_text = "{\"topic\": \"t\", \"msg\": {\"subtitle\": \"" + std::string(290, 'w') +
                                  " and the end\", \"url\": \"https://example.org/" + std::string(300, 'p') + "\"}}";
    const Event long_event = event(long_text);
    const BuiltPost post =
        build_post(route(R"({"topics": ["*"], "template": "{msg.subtitle} {link}", "link": "{msg.url}"})"), long_event);
    ASSERT_EQ(post.problem, "");
    const std::string text = fit(post.draft, LengthRule::x());
    // 280 - 23 for the link - 1 blank - 2 for the ellipsis
    EXPECT_EQ(text, std::string(254, 'w') + "\u2026 https://example.org/" + std::string(300, 'p'));
    EXPECT_EQ(length_of(text, LengthRule::x()), 280u);
}

TEST(AnExpression, EndsSoonWhateverItSearches) {
    const Regex regex("(x+x+)+[yz]");
    EXPECT_TRUE(regex.is_in("xxy"));
    EXPECT_FALSE(regex.is_in(std::string(5000, 'x')));  // unbounded, this takes longer than the test may
    EXPECT_FALSE(Regex("a").is_in("a\xff")) << "no UTF-8";
}

TEST(AnEvent, WithoutAnIdGetsOneOfItsContent) {
    const fedmsg_hub::ParsedJson a(fedmsg_hub::testing::json_functions(), R"({"topic": "t", "i": 1, "msg": {"a": 1}})");
    const fedmsg_hub::ParsedJson b(fedmsg_hub::testing::json_functions(), R"({"topic": "t", "i": 2, "msg": {"a": 1}})");
    EXPECT_EQ(event_of(a.root()).msg_id, event_of(a.root()).msg_id);
    EXPECT_NE(event_of(a.root()).msg_id, event_of(b.root()).msg_id);
    EXPECT_EQ(event_of(a.root()).msg_id.rfind("sha256-", 0), 0u);
}

}  // namespace
