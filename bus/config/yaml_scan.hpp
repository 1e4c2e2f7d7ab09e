// Looks over a YAML text before yaml-cpp sees it and refuses what that parser takes badly: too large, not UTF-8, tabs
// as indentation, quotes that are never closed (it accepts them), brackets nested so deep that it fills the memory.
//
// Along the way it finds anchors, aliases and a second document, whose messages are better given here. In odd corners
// of the language (a plain text over several lines in brackets) it may see less than yaml-cpp does; the reader checks
// nesting and aliases again on the events. Time and memory are linear in the text.
#pragma once

#include <string_view>

#include "bus/config/yaml_node.hpp"

namespace fedmsg::config {

inline constexpr std::size_t kMaxFileBytes = std::size_t{256} * 1024;
inline constexpr int kMaxNesting = 64;

// Throws SyntaxError. A byte order mark must have been removed: see without_byte_order_mark.
void scan_yaml(std::string_view text);

// Refuses UTF-16 and UTF-32 by their marks, and drops the mark of UTF-8.
std::string_view without_byte_order_mark(std::string_view text);

// Size, encoding and control characters. Throws SyntaxError.
void check_bytes(std::string_view text);

}  // namespace fedmsg::config
