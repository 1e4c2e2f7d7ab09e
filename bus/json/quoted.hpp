// Python's repr() of a string (cli.md 4.2). Private to this folder. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace fedmsg::json {

// Appends the string in quotes, with everything escaped that cannot be printed. The result is UTF-8.
void append_quoted(std::string& out, std::string_view wtf8);

// Appends the string as it is, except that unpaired surrogates, which UTF-8 cannot hold, become \udxxx.
void append_bare(std::string& out, std::string_view wtf8);

// Number of code points.
std::size_t columns_of(std::string_view wtf8);

}  // namespace fedmsg::json
