// Between Any and JSON. Any thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <string>
#include <string_view>

#include "badges/rules/any.hpp"

namespace badges {

// Deeper JSON than this is refused.
inline constexpr int kMaxJsonDepth = 500;

// Integers that do not fit into 64 bits become floats. Throw an EvaluationError that says what is wrong.
Any any_from_json(std::string_view text);
Any any_from(const fedmsg_hub::Value& value);

// Sorted keys, no blanks, UTF-8 as it is: the form that is compared, hashed and stored. any_from_json reads whatever
// this writes of a value that came out of a message.
std::string canonical_json(const Any& value);

// As json.dumps of Python has it by default: ", " and ": ", keys as they came, everything but ASCII escaped. Throws an
// EvaluationError for what has no JSON form (sets, rows), and for more than `max_bytes`.
std::string python_json(const Any& value, std::size_t max_bytes);

}  // namespace badges
