// How Python writes values: repr. (json.dumps is in any_json.hpp.) Any thread.
#pragma once

#include <string>
#include <string_view>

#include "badges/rules/any.hpp"

namespace badges {

std::string python_repr(const Any& value);
std::string python_repr(double number);  // "1.0", "1e-05", "inf"

}  // namespace badges
