// A shell glob over a whole topic: '*' any text (dots included), '?' one code point, '[a-z]' and '[!a-z]' one code
// point of a set. An unclosed '[' is literal. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fedmsg::topics {

class Glob {
public:
    explicit Glob(std::string_view pattern);

    // Time at most length of the topic times length of the pattern: a star never makes it start over more than once.
    bool matches(std::string_view topic) const;

    // The text before the first wildcard, and how many wildcards there are.
    const std::string& literal_prefix() const { return literal_prefix_; }
    std::size_t wildcards() const { return wildcards_; }
    // The longest literal texts between wildcards; a topic that lacks one of them cannot match.
    std::vector<std::string> pieces() const;
    // The pattern is its literal prefix and one '*' behind it.
    bool is_prefix_star() const;

private:
    enum class Kind : std::uint8_t { literal, any, star, set };
    struct Range {
        std::uint32_t first, last;
    };
    struct Token {
        Kind kind;
        bool negated = false;
        std::uint32_t code_point = 0;
        std::vector<Range> ranges;
        bool accepts(std::uint32_t other) const;
    };

    bool take_set(std::string_view& rest);

    std::vector<Token> tokens_;
    std::string literal_prefix_;
    std::size_t wildcards_ = 0;
};

}  // namespace fedmsg::topics
