// The matcher against the plain reading of the rules, on random patterns and topics from a small alphabet, where they
// meet often.
#include <gtest/gtest.h>

#include <random>

#include "bus/base/utf8.hpp"
#include "bus/topics/matcher.hpp"

namespace fedmsg::topics {
namespace {

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string topic() { return join({"a", "b", "ab", "\xC3\xA9", "", "git"}, 5); }
    std::string pattern() {
        switch (below(4)) {
            case 0:
                return "words:" + join({"a", "b", "ab", "*", "#", "git"}, 5);
            case 1:
                return join({"a", "b", "*", "\xC3\xA9", "a*", "?"}, 5);
            case 2:
                return join({"[ab]", "[!a]", "[a-c]b", "[", "[]", "a]", "*", "[\xC3\xA9-\xC3\xBF]", "[b-a]"}, 4);
            default:
                return topic();
        }
    }
    Rule rule() { return std::array{Rule::glob, Rule::glob, Rule::prefix, Rule::prefix_strict}[below(4)]; }

private:
    std::string join(const std::vector<std::string>& pieces, std::size_t most) {
        std::string joined;
        for (std::size_t left = below(most + 1); left > 0; --left) {
            joined += pieces[below(pieces.size())];
            if (left > 1) joined += '.';
        }
        return joined;
    }

    std::minstd_rand random_;
};

TEST(AMatcherProperty, AgreesWithThePlainReadingOfTheRules) {
    Generator generator(20260101);
    std::size_t matched = 0;
    for (int round = 0; round < 400; ++round) {
        std::vector<Matcher::Pattern> patterns;
        for (ConsumerIndex i = 0; i < 30; ++i) {
            const Rule rule = generator.rule();
            patterns.push_back({generator.pattern(), rule, static_cast<ConsumerIndex>(generator.below(10))});
        }
        const Matcher matcher(patterns);
        for (int i = 0; i < 40; ++i) {
            const auto topic = generator.topic();
            std::vector<ConsumerIndex> expected;
            for (ConsumerIndex consumer = 0; consumer < 10; ++consumer)
                if (std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) {
                        return pattern.consumer == consumer && matches(pattern.text, pattern.rule, topic);
                    }))
                    expected.push_back(consumer);
            matched += expected.size();
            ASSERT_EQ(matcher.match(topic), expected) << topic;
        }
    }
    EXPECT_GT(matched, 10000U);
}

TEST(AMatcherProperty, SubscribesToEverythingItMatches) {
    Generator generator(7);
    std::size_t matched = 0;
    for (int round = 0; round < 200000; ++round) {
        const auto pattern = generator.pattern();
        const auto topic = generator.topic();
        const Rule rule = generator.rule();
        if (!matches(pattern, rule, topic)) continue;
        ++matched;
        ASSERT_TRUE(topic.starts_with(subscription_prefix(pattern, rule))) << pattern << " on " << topic;
    }
    EXPECT_GT(matched, 5000U);
}

}  // namespace
}  // namespace fedmsg::topics
