// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fedmsg::utf8 {

// True if the whole text is well-formed. An ASCII text is passed eight bytes at a time.
bool is_valid(std::string_view text);

// Appends one code point. Surrogates D800-DFFF are written as three bytes too (WTF-8): JSON escapes can hold them.
void append(std::string& out, std::uint32_t code_point);

// Removes one code point from the front of a well-formed (or WTF-8), non-empty text and returns it.
std::uint32_t take(std::string_view& text);

}  // namespace fedmsg::utf8
