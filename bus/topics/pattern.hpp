// What a pattern's text says, for the matcher and for subscriptions. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "bus/topics/matcher.hpp"

namespace fedmsg::topics {

inline constexpr std::string_view kWords = "words:";

// The text of Rule::prefix: the pattern without its stars (wire-and-crypto.md 2.2).
std::string without_stars(std::string_view pattern);

}  // namespace fedmsg::topics
