// Which topics a route takes. Three kinds of pattern (consumers/twitterbot.md 3):
//     fedbadges            a word: the topic contains it
//     fedoratagger.tag.*   with *: whole segments. A segment * stands for one or more segments, a * inside one for any
//                          letters of that segment. It must cover the topic, or all of it behind the environment;
//                          a leading *. takes what ends so
//     re:\.tag\.create$    a regular expression, searched in the topic
// Immutable; any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twitterbot/filter/regex.hpp"

namespace twitterbot {

class TopicPattern {
public:
    // Throws std::invalid_argument: an empty pattern, a bad regular expression.
    explicit TopicPattern(const std::string& text);

    bool matches(std::string_view topic) const;
    const std::string& text() const { return text_; }

private:
    using Word = std::string;
    using Segments = std::vector<std::string>;

    std::string text_;
    std::variant<Word, Segments, Regex> rule_;
};

// The first pattern that matches, or null.
const TopicPattern* first_match(const std::vector<TopicPattern>& patterns, std::string_view topic);

}  // namespace twitterbot
