// Spans of time as configuration writes them: a number of seconds, or a text with units. Any thread.
#pragma once

#include <chrono>
#include <string_view>

#include "bus/base/result.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::config {

// "250 ms", "1.5 s", "15 min", "2 h", "7 d", "1 w", sums like "1 h 30 min"; a number alone is seconds. Milliseconds,
// rounded up; never negative, at most ten years.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// The same for a value: a number of seconds or such a text.
Result<std::chrono::milliseconds> duration_of(const json::Value& value);

}  // namespace fedmsg::config
