// The ways a JSON value is written as JSON on this bus: all are pure ASCII. Any thread.
//
// Recursive, like RapidJSON's own functions: a parsed value has at most kMaxDepth levels.
#pragma once

#include <string>

#include "bus/json/document.hpp"

namespace fedmsg::json {

// wire-and-crypto.md 4.1: sorted keys, no blanks. What is published and signed.
std::string canonical(const Value& value);
void append_canonical(std::string& out, const Value& value);

// 4.2: ", " and ": ", keys as received. What the relay and the monitoring socket emit.
std::string relayed(const Value& value);
void append_relayed(std::string& out, const Value& value);

// The indented forms of a small text can be huge: a deep one has up to a thousand blanks on each line. Beyond this size
// they are given up for the form on one line.
inline constexpr std::size_t kMaxPrettyBytes = std::size_t{64} << 20;

// 4.5: two-space indent; keys as received or sorted.
enum class Keys { as_received, sorted };
std::string pretty(const Value& value, Keys keys = Keys::as_received);

// The number's text by the rules of 4.1 (shortest digits, Python's layout).
void append_number(std::string& out, double number);
// A quoted, escaped string by the rules of 4.1.
void append_string(std::string& out, std::string_view wtf8);

}  // namespace fedmsg::json
