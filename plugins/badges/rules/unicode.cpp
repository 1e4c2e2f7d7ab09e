#include "badges/rules/unicode.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace badges {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

icu::UnicodeString unicode(std::string_view text) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

// Bytes that the first byte of a sequence announces; 1 for what begins none.
std::size_t announced(unsigned char first) {
    if (first >= 0xF0 && first <= 0xF4) return 4;
    if (first >= 0xE0 && first < 0xF0) return 3;
    return first >= 0xC2 && first < 0xE0 ? 2 : 1;
}

}  // namespace

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::optional<std::string> code_point_at(std::string_view text, std::int64_t position) {
    if (position < 0) position += static_cast<std::int64_t>(code_points(text));
    if (position < 0) return std::nullopt;
    while (!text.empty()) {
        const std::size_t bytes = first_code_point(text).bytes;
        if (position-- == 0) return std::string(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return std::nullopt;
}

CodePoint first_code_point(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t bytes = announced(first);
    if (bytes == 1 || bytes > text.size()) return {first, 1};
    char32_t value = first & (0xFFU >> (bytes + 1));
    for (std::size_t at = 1; at < bytes; ++at) {
        if (!is_continuation(text[at])) return {first, 1};
        value = (value << 6U) | (static_cast<unsigned char>(text[at]) & 0x3FU);
    }
    return {value, bytes};
}

void append_utf8(std::string& out, char32_t code_point) {
    const auto add = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (code_point < 0x80) return add(code_point);
    if (code_point < 0x800) {
        add(0xC0U | (code_point >> 6U));
    } else if (code_point < 0x10000) {
        add(0xE0U | (code_point >> 12U));
        add(0x80U | ((code_point >> 6U) & 0x3FU));
    } else {
        add(0xF0U | (code_point >> 18U));
        add(0x80U | ((code_point >> 12U) & 0x3FU));
        add(0x80U | ((code_point >> 6U) & 0x3FU));
    }
    add(0x80U | (code_point & 0x3FU));
}

bool is_space(char32_t code_point) {
    if (code_point < 0x80)
        return (code_point >= 0x09 && code_point <= 0x0D) || (code_point >= 0x1C && code_point <= 0x20);
    return code_point == 0x85 || code_point == 0xA0 || code_point == 0x1680 ||
           (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x2028 || code_point == 0x2029 ||
           code_point == 0x202F || code_point == 0x205F || code_point == 0x3000;
}

std::string lower_case(std::string_view text) {
    return is_ascii(text) ? ascii_lower_case(text) : utf8(unicode(text).toLower(icu::Locale::getRoot()));
}

std::string upper_case(std::string_view text) {
    if (!is_ascii(text)) return utf8(unicode(text).toUpper(icu::Locale::getRoot()));
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), &ascii_upper);
    return out;
}

std::string ascii_lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), &ascii_lower);
    return out;
}

}  // namespace badges
