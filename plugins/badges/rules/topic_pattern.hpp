// A topic as rules write it. Whole dot-separated parts, right after prefix and environment unless it begins with "*.";
// a pattern that begins with an environment name ("prod.git.receive") is for that environment. Source: badges.md 3.3.
#pragma once

#include <string>
#include <string_view>

#include "badges/rules/envelope.hpp"
#include "badges/rules/topic_index.hpp"

namespace badges {

class TopicPattern {
public:
    explicit TopicPattern(std::string pattern);

    bool matches(const Envelope& message) const;
    // As the originals did: the topic's text ends with the pattern's.
    bool matched_before(std::string_view topic) const;
    TopicWish wish() const;
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::string environment_;  // empty: any
    std::string rest_;
    bool is_ending_ = false;
};

// Whole parts: "git.receive" ends "trac.git.receive" but not "legit.receive".
bool ends_with_parts(std::string_view topic, std::string_view ending);

}  // namespace badges
