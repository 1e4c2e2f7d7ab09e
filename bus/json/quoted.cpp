#include "bus/json/quoted.hpp"

#include <algorithm>
#include <cstdint>

#include "bus/base/utf8.hpp"
#include "bus/json/printable.hpp"

namespace fedmsg::json {
namespace {

bool is_surrogate(std::uint32_t code_point) {
    return code_point >= 0xD800 && code_point <= 0xDFFF;
}

void append_hex(std::string& out, char letter, std::uint32_t code_point, int digits) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out.append(1, '\\').append(1, letter);
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kHex[code_point >> shift & 15U];
}

void append_escaped(std::string& out, std::uint32_t code_point) {
    if (code_point == '\n')
        out += "\\n";
    else if (code_point == '\r')
        out += "\\r";
    else if (code_point == '\t')
        out += "\\t";
    else if (code_point < 0x100)
        append_hex(out, 'x', code_point, 2);
    else if (code_point < 0x10000)
        append_hex(out, 'u', code_point, 4);
    else
        append_hex(out, 'U', code_point, 8);
}

}  // namespace

void append_quoted(std::string& out, std::string_view wtf8) {
    const bool has_single = wtf8.find('\'') != std::string_view::npos;
    const char quote = has_single && wtf8.find('"') == std::string_view::npos ? '"' : '\'';
    out += quote;
    while (!wtf8.empty()) {
        const std::string_view before = wtf8;
        const std::uint32_t code_point = utf8::take(wtf8);
        if (code_point == '\\' || code_point == static_cast<unsigned char>(quote))
            out.append(1, '\\').append(1, before.front());
        else if (is_printable(code_point))
            out += before.substr(0, before.size() - wtf8.size());
        else
            append_escaped(out, code_point);
    }
    out += quote;
}

void append_bare(std::string& out, std::string_view wtf8) {
    while (!wtf8.empty()) {
        const auto ascii = std::find_if(wtf8.begin(), wtf8.end(), [](char c) { return c < 0; });
        out.append(wtf8.begin(), ascii);
        wtf8.remove_prefix(static_cast<std::size_t>(ascii - wtf8.begin()));
        if (wtf8.empty()) break;
        const std::string_view before = wtf8;
        const std::uint32_t code_point = utf8::take(wtf8);
        if (is_surrogate(code_point))
            append_escaped(out, code_point);
        else
            out += before.substr(0, before.size() - wtf8.size());
    }
}

std::size_t columns_of(std::string_view wtf8) {
    return static_cast<std::size_t>(std::count_if(
        wtf8.begin(), wtf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace fedmsg::json
