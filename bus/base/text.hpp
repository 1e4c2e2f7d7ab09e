// Small text helpers that several folders need. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fedmsg::text {

// The text without ASCII white space (blank, tab, LF, CR, VT, FF) at both ends.
std::string_view trim(std::string_view text);

// The pieces between separators; an empty text gives one empty piece.
std::vector<std::string> split(std::string_view text, char separator);

std::string join(const std::vector<std::string>& pieces, std::string_view separator);

std::string lower_ascii(std::string_view text);

// Number of single-character edits between two texts: for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word` within a third of its length (at least 2 edits), or empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace fedmsg::text
