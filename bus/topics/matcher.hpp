// Which consumers want a topic: the table of architecture.md "Topics".
//
// A Matcher is immutable: build it at (re)load, then share it. A Memo in front of it belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bus/base/result.hpp"

namespace fedmsg::topics {

// Position of a consumer in the list that the matcher was built for.
using ConsumerIndex = std::uint32_t;

enum class Rule {
    glob,           // architecture.md "Topics"
    prefix,         // topic_match: prefix, zmq_strict false: every '*' deleted, the rest a byte prefix
    prefix_strict,  // the same with zmq_strict true: the rest must be the whole topic
};

inline constexpr std::size_t kMaxPatternBytes = 1024;
inline constexpr std::size_t kMaxWildcards = 32;

// Why a pattern is refused (too long, too many wildcards, not UTF-8), or nothing.
Status check_pattern(std::string_view pattern, Rule rule);

// One pattern against one topic, by the plain reading of the rules. Slow and simple: the reference of the tests.
bool matches(std::string_view pattern, Rule rule, std::string_view topic);

// The ZeroMQ prefix subscription that covers all topics the pattern can match; empty = everything.
std::string subscription_prefix(std::string_view pattern, Rule rule);

class Matcher {
public:
    struct Pattern {
        std::string text;
        Rule rule;
        ConsumerIndex consumer;
    };
    // Patterns must have passed check_pattern.
    explicit Matcher(const std::vector<Pattern>& patterns);
    ~Matcher();
    Matcher(Matcher&&) noexcept;
    Matcher& operator=(Matcher&&) noexcept;

    // The consumers that want the topic, ascending, each once.
    std::vector<ConsumerIndex> match(std::string_view topic) const;

private:
    struct Tables;
    std::unique_ptr<const Tables> tables_;
};

// Remembers recent answers of one matcher, bounded to kCapacity topics. One thread.
class Memo {
public:
    static constexpr std::size_t kCapacity = 4096;
    static constexpr std::size_t kLongestTopic = 512;  // bytes; longer ones are matched each time: memory stays bounded

    explicit Memo(std::shared_ptr<const Matcher> matcher);

    // Valid until the next call.
    const std::vector<ConsumerIndex>& match(std::string_view topic);

    // Forgets everything and asks another matcher from now on.
    void reset(std::shared_ptr<const Matcher> matcher);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Known = std::unordered_map<std::string, std::vector<ConsumerIndex>, Hash, std::equal_to<>>;

    std::shared_ptr<const Matcher> matcher_;
    // Two halves: when `recent_` is full it becomes `older_`, whose topics move back when they are asked for again.
    Known recent_;
    Known older_;
    std::vector<ConsumerIndex> unremembered_;
};

}  // namespace fedmsg::topics
