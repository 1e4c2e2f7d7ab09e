#include "bus/topics/matcher.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace fedmsg::topics {
namespace {

// The matcher's answer for one pattern; the reference must agree.
bool match(const std::string& pattern, const std::string& topic, Rule rule = Rule::glob) {
    const Matcher matcher({{pattern, rule, 0}});
    const bool matched = !matcher.match(topic).empty();
    EXPECT_EQ(matched, matches(pattern, rule, topic)) << "the reference differs: " << pattern << " on " << topic;
    return matched;
}

TEST(APattern, OfAStarOrNothingMatchesEverything) {
    for (const auto* pattern : {"*", ""})
        for (const auto* topic : {"", "a", "org.example.prod.git"}) EXPECT_TRUE(match(pattern, topic));
}

TEST(APattern, WithoutWildcardsMatchesItsTopicAndAllBelowAtADot) {
    EXPECT_TRUE(match("org.example.prod.git", "org.example.prod.git"));
    EXPECT_TRUE(match("org.example.prod.git", "org.example.prod.git.receive"));
    EXPECT_FALSE(match("org.example.prod.git", "org.example.prod.github.push"));
    EXPECT_FALSE(match("org.example.prod.git", "org.example.prod"));
    EXPECT_FALSE(match("org.example.prod.git", "org.example.prod.gi"));
}

TEST(AGlobPattern, LetsStarsCrossDots) {
    EXPECT_TRUE(match("org.*.git.receive", "org.example.prod.git.receive"));
    EXPECT_TRUE(match("org.example.prod.git.*", "org.example.prod.git.a.b"));
    EXPECT_FALSE(match("org.example.prod.git.*", "org.example.prod.git"));
    EXPECT_TRUE(match("*.git.receive", "org.example.prod.git.receive"));
    EXPECT_FALSE(match("*.git.receive", "org.example.prod.git.receive.x"));
}

TEST(AGlobPattern, TakesOneCodePointForAQuestionMark) {
    EXPECT_TRUE(match("a?c", "abc"));
    EXPECT_TRUE(match("a?c",
                      "a\xC3\xA9"
                      "c"));
    EXPECT_TRUE(match("a?c",
                      "a\xF0\x9F\x98\x80"
                      "c"));
    EXPECT_FALSE(match("a?c", "ac"));
    EXPECT_FALSE(match("a?c", "abbc"));
}

TEST(AGlobPattern, KnowsSetsRangesAndTheirNegation) {
    EXPECT_TRUE(match("x[a-c]y", "xby"));
    EXPECT_FALSE(match("x[a-c]y", "xdy"));
    EXPECT_TRUE(match("x[!a-c]y", "xdy"));
    EXPECT_FALSE(match("x[!a-c]y", "xby"));
    EXPECT_TRUE(match("x[]]y", "x]y"));
    EXPECT_TRUE(match("x[a-]y", "x-y"));
    EXPECT_TRUE(match("x[\xC3\xA9]y", "x\xC3\xA9y"));
    EXPECT_FALSE(match("x[c-a]y", "xby"));
}

TEST(AGlobPattern, TakesAnUnclosedBracketLiterally) {
    EXPECT_TRUE(match("a[b*", "a[bc"));
    EXPECT_TRUE(match("a[!", "a[!"));
    EXPECT_TRUE(match("a[", "a[.below"));
    EXPECT_FALSE(match("a[b", "ab"));
}

TEST(AWordsPattern, TakesOneWordForAStarAndAnyNumberForAHash) {
    EXPECT_TRUE(match("words:org.*.*.git.#", "org.example.prod.git"));
    EXPECT_TRUE(match("words:org.*.*.git.#", "org.example.prod.git.a.b.c"));
    EXPECT_FALSE(match("words:org.*.*.git.#", "org.example.git.a"));
    EXPECT_TRUE(match("words:#", ""));
    EXPECT_TRUE(match("words:#.receive", "org.git.receive"));
    EXPECT_TRUE(match("words:#.receive", "receive"));
    EXPECT_TRUE(match("words:a.#.b.#.c", "a.b.c"));
    EXPECT_TRUE(match("words:a.#.b.#.c", "a.x.b.y.z.c"));
    EXPECT_FALSE(match("words:a.#.b.#.c", "a.x.c"));
    EXPECT_FALSE(match("words:a*", "ab"));
    EXPECT_TRUE(match("words:#.#", "a.b"));
}

TEST(ThePrefixRule, DeletesStarsAndComparesBytes) {
    EXPECT_TRUE(match("*", "x", Rule::prefix));
    EXPECT_TRUE(match("org.example.prod.git.*", "org.example.prod.git.x", Rule::prefix));
    EXPECT_FALSE(match("org.example.prod.git.*", "org.example.prod.git", Rule::prefix));
    EXPECT_TRUE(match("org.example.prod.git", "org.example.prod.github.x", Rule::prefix));
    EXPECT_TRUE(match("org.*.git", "org..git.x", Rule::prefix));
    EXPECT_FALSE(match("org.*.git", "org.example.git", Rule::prefix));
}

TEST(TheStrictPrefixRule, WantsTheWholeTopic) {
    EXPECT_TRUE(match("org.git.*", "org.git.", Rule::prefix_strict));
    EXPECT_FALSE(match("org.git.*", "org.git.x", Rule::prefix_strict));
    EXPECT_TRUE(match("*", "", Rule::prefix_strict));
    EXPECT_FALSE(match("*", "x", Rule::prefix_strict));
}

TEST(AMatcher, ListsEachConsumerOnceInOrder) {
    const Matcher matcher({{"org.*", Rule::glob, 3},
                           {"words:org.#", Rule::glob, 1},
                           {"*", Rule::glob, 3},
                           {"org.example", Rule::glob, 0},
                           {"com.*", Rule::glob, 2}});
    EXPECT_EQ(matcher.match("org.example.x"), (std::vector<ConsumerIndex>{0, 1, 3}));
}

TEST(AMatcher, KF_011_OverlappingTopicsOfOneConsumerCountOnce) {
    const Matcher matcher({{"org.example.*", Rule::glob, 0},
                           {"org.example.dev.*", Rule::glob, 0},
                           {"org.example.dev.git.push", Rule::glob, 0}});
    EXPECT_EQ(matcher.match("org.example.dev.git.push"), (std::vector<ConsumerIndex>{0}));
}

TEST(APatternCheck, RefusesWhatIsTooLongOrTooWild) {
    EXPECT_TRUE(check_pattern(std::string(kMaxPatternBytes, 'a'), Rule::glob));
    EXPECT_FALSE(check_pattern(std::string(kMaxPatternBytes + 1, 'a'), Rule::glob));
    EXPECT_TRUE(check_pattern(std::string(kMaxWildcards, '*'), Rule::glob));
    const auto status = check_pattern(std::string(kMaxWildcards + 1, '*'), Rule::glob);
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("33 wildcards"), std::string::npos);
    EXPECT_TRUE(check_pattern(std::string(kMaxWildcards + 1, '*'), Rule::prefix));
    EXPECT_FALSE(check_pattern("a\xFF", Rule::glob));
}

TEST(ASubscriptionPrefix, CoversEveryTopicOfItsPattern) {
    EXPECT_EQ(subscription_prefix("*", Rule::glob), "");
    EXPECT_EQ(subscription_prefix("", Rule::glob), "");
    EXPECT_EQ(subscription_prefix("org.git", Rule::glob), "org.git");
    EXPECT_EQ(subscription_prefix("org.*.git", Rule::glob), "org.");
    EXPECT_EQ(subscription_prefix("org.[ab]", Rule::glob), "org.");
    EXPECT_EQ(subscription_prefix("org.[ab", Rule::glob), "org.[ab");
    EXPECT_EQ(subscription_prefix("words:org.*.git.#", Rule::glob), "org.");
    EXPECT_EQ(subscription_prefix("words:org.git.#", Rule::glob), "org.git");
    EXPECT_EQ(subscription_prefix("words:#.git", Rule::glob), "");
    EXPECT_EQ(subscription_prefix("words:org.git", Rule::glob), "org.git");
    EXPECT_EQ(subscription_prefix("org.*.git.*", Rule::prefix), "org..git.");
}

TEST(AMemo, RemembersAndStaysBounded) {
    Memo memo(std::make_shared<Matcher>(std::vector<Matcher::Pattern>{{"a.*", Rule::glob, 0}}));
    for (std::size_t i = 0; i < Memo::kCapacity * 3; ++i) {
        const auto topic = "a." + std::to_string(i);
        EXPECT_EQ(memo.match(topic).size(), 1U);
        EXPECT_EQ(memo.match(topic).size(), 1U);
    }
    EXPECT_TRUE(memo.match("b").empty());
    memo.reset(std::make_shared<Matcher>(std::vector<Matcher::Pattern>{{"b", Rule::glob, 5}}));
    EXPECT_EQ(memo.match("b"), (std::vector<ConsumerIndex>{5}));
    EXPECT_TRUE(memo.match("a.1").empty());
}

TEST(AMemo, MatchesTopicsThatAreTooLongToBeRemembered) {
    Memo memo(std::make_shared<Matcher>(std::vector<Matcher::Pattern>{{"a.*", Rule::glob, 0}}));
    const std::string tail(Memo::kLongestTopic, 'x');
    EXPECT_EQ(memo.match("a." + tail), (std::vector<ConsumerIndex>{0}));
    EXPECT_TRUE(memo.match("b." + tail).empty());
}

TEST(AMemo, KeepsTopicsThatAreAskedForAgainAndAgain) {
    Memo memo(std::make_shared<Matcher>(std::vector<Matcher::Pattern>{{"a.*", Rule::glob, 7}}));
    const auto* first = &memo.match("a.often");
    for (std::size_t i = 0; i < Memo::kCapacity * 2; ++i) {
        memo.match("other." + std::to_string(i));
        ASSERT_EQ(&memo.match("a.often"), first);  // the very answer that was made at first
    }
    EXPECT_EQ(*first, (std::vector<ConsumerIndex>{7}));
}

// Thousands of patterns over other services, and topics made to cost much: the answer comes in no time all the same.
TEST(AMatcher, IsQuickWithManyPatternsAndHostileTopics) {
    std::vector<Matcher::Pattern> patterns;
    for (ConsumerIndex i = 0; i < 10000; ++i)
        patterns.push_back({"org.*.svc" + std::to_string(i) + ".*", Rule::glob, i});
    patterns.push_back({"*a*a*a*a*a*a*a*a*a*a*b", Rule::glob, 10000});
    patterns.push_back({"words:#.a.#.a.#.a.#.a.#.a.#.b", Rule::glob, 10001});
    const Matcher matcher(patterns);
    const auto start = std::chrono::steady_clock::now();
    std::string dots;
    for (int i = 0; i < 5000; ++i) dots += "a.";
    EXPECT_TRUE(matcher.match(dots).empty());
    EXPECT_TRUE(matcher.match(std::string(20000, 'a')).empty());
    for (int i = 0; i < 1000; ++i)
        EXPECT_EQ(matcher.match("org.example.svc" + std::to_string(i) + ".push"),
                  (std::vector<ConsumerIndex>{static_cast<ConsumerIndex>(i)}));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace fedmsg::topics
