// A regular expression of the operator's (PCRE2 syntax, UTF-8), searched in foreign text: bounded in time, so that no
// message can hold up the lane. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace twitterbot {

class Regex {
public:
    // Throws std::invalid_argument that says what is wrong, and where in the pattern.
    explicit Regex(const std::string& pattern);

    // True if it matches anywhere. A search that takes too many steps, or a text that is not UTF-8, matches nothing.
    bool is_in(std::string_view text) const;
    const std::string& pattern() const { return pattern_; }

private:
    struct Code;
    std::string pattern_;
    std::shared_ptr<const Code> code_;
};

}  // namespace twitterbot
