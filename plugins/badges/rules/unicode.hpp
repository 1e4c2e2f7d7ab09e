// Texts as Python sees them: sequences of code points. All take and give UTF-8; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace badges {

std::size_t code_points(std::string_view text);
// The code point at a position, counted from the end if negative; nothing if there is none.
std::optional<std::string> code_point_at(std::string_view text, std::int64_t position);

// One code point and its length in bytes (at least 1); a byte that is no UTF-8 stands for itself.
struct CodePoint {
    char32_t value;
    std::size_t bytes;
};
CodePoint first_code_point(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);

bool is_space(char32_t code_point);  // as str.isspace of Python

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);
std::string ascii_lower_case(std::string_view text);

}  // namespace badges
