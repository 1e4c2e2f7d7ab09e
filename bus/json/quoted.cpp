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

// Moves bytes from the text to `out` up to the first special one.
template <class Special>
void append_run(std::string& out, std::string_view& text, Special special) {
    const auto stop = std::find_if(text.begin(), text.end(), special);
    out.append(text.begin(), stop);
    text.remove_prefix(static_cast<std::size_t>(stop - text.begin()));
}

}  // namespace

void append_quoted(std::string& out, std::string_view wtf8) {
    const bool has_single = wtf8.find('\'') != std::string_view::npos;
    const char quote = has_single && wtf8.find('"') == std::string_view::npos ? '"' : '\'';
    const auto special = [quote](char c) {
        return static_cast<signed char>(c) < 0x20 || c == 0x7F || c == '\\' || c == quote;
    };
    out += quote;
    for (;;) {
        append_run(out, wtf8, special);
        if (wtf8.empty()) break;
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
    for (;;) {
        append_run(out, wtf8, [](char c) { return static_cast<signed char>(c) < 0; });
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
