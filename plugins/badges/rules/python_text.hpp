// How Python writes values: repr. (json.dumps is in any_json.hpp.) Any thread.
#pragma once

#include <string>
#include <string_view>

#include "badges/rules/any.hpp"

namespace badges {

// A text longer than `max_bytes` is cut off somewhere behind that.
std::string python_repr(const Any& value, std::size_t max_bytes = std::size_t{1} << 20);
std::string python_repr(double number);  // "1.0", "1e-05", "inf"

}  // namespace badges
