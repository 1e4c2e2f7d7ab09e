// Texts on their way across the plugin edge: views, UTF-8, and the spelling of JSON strings and numbers.
// Any thread. Errors: only std::bad_alloc, except where said.
#ifndef FEDMSG_HUB_SDK_TEXT_HPP
#define FEDMSG_HUB_SDK_TEXT_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "../plugin_abi.h"

// Whatever flags a plugin is built with, these must never be shared between two plugins, or two versions of one.
#define FEDMSG_HUB_DETAIL_HIDDEN __attribute__((visibility("hidden")))

namespace fedmsg_hub::detail {

inline std::string_view view(fedmsg_hub_text text) noexcept {
    return text.size == 0 ? std::string_view() : std::string_view(text.data, static_cast<std::size_t>(text.size));
}

inline fedmsg_hub_text text(std::string_view view) noexcept {
    return {view.data(), view.size()};
}

// Takes the texts that a host function hands to a fedmsg_hub_text_fn. Nothing may be thrown there, since the host
// stands in between; so running out of memory is remembered and thrown by take().
class Collector {
public:
    static void append(void* self, fedmsg_hub_text text) noexcept {
        auto& collector = *static_cast<Collector*>(self);
        try {
            collector.text_.append(view(text));
        } catch (...) {
            collector.out_of_memory_ = true;
        }
    }

    std::string take() {
        if (out_of_memory_) throw std::bad_alloc();
        return std::move(text_);
    }

private:
    std::string text_;
    bool out_of_memory_ = false;
};

// One code point of generalised UTF-8 (which may hold unpaired surrogates), or kInvalid.
struct CodePoint {
    static constexpr std::uint32_t kInvalid = 0xFFFFFFFF;
    std::uint32_t value = kInvalid;
    std::size_t size = 1;  // bytes; 1 if invalid

    bool is_valid() const noexcept { return value != kInvalid; }
    bool is_surrogate() const noexcept { return value >= 0xD800 && value <= 0xDFFF; }
};

inline std::size_t sequence_size(unsigned char lead) noexcept {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

// The code point at the beginning of a text that is not empty.
inline CodePoint decode(std::string_view text) noexcept {
    static constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = sequence_size(lead);
    if (size == 0 || size > text.size()) return {};
    std::uint32_t value = size == 1 ? lead : lead & (0x7Fu >> size);
    for (std::size_t at = 1; at < size; ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte & 0xC0) != 0x80) return {};
        value = (value << 6) | (byte & 0x3Fu);
    }
    if (value < kSmallest[size] || value > 0x10FFFF) return {};
    return {value, size};
}

inline void append_utf8(std::string& out, std::uint32_t code) {
    const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
    const auto tail = [&byte](std::uint32_t value) { byte(0x80 | (value & 0x3F)); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) return byte(0xC0 | (code >> 6)), tail(code);
    if (code < 0x10000) return byte(0xE0 | (code >> 12)), tail(code >> 6), tail(code);
    byte(0xF0 | (code >> 18)), tail(code >> 12), tail(code >> 6), tail(code);
}

// The text with U+FFFD in place of each byte that is not UTF-8, for log lines and reasons: those must never fail.
inline std::string readable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.is_valid() && !point.is_surrogate())
            out.append(text.substr(0, point.size));
        else
            out.append("\xEF\xBF\xBD");
        text.remove_prefix(point.size);
    }
    return out;
}

inline void append_unit(std::string& out, std::uint32_t unit) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[(unit >> shift) & 0xF]);
}

inline void append_escaped(std::string& out, std::uint32_t code) {
    if (code < 0x10000) return append_unit(out, code);
    append_unit(out, 0xD7C0 + (code >> 10));
    append_unit(out, 0xDC00 + (code & 0x3FF));
}

inline const char* short_escape(char character) noexcept {
    switch (character) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\b':
            return "\\b";
        case '\t':
            return "\\t";
        case '\n':
            return "\\n";
        case '\f':
            return "\\f";
        case '\r':
            return "\\r";
        default:
            return nullptr;
    }
}

// A quoted JSON string in ASCII. Returns the position of the first byte that is not UTF-8, or npos if all is well.
inline std::size_t append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text.substr(at));
        if (!point.is_valid()) return at;
        if (const char* escape = short_escape(text[at]))
            out += escape;
        else if (point.value >= 0x20 && point.value < 0x7F)
            out.push_back(text[at]);
        else
            append_escaped(out, point.value);
        at += point.size;
    }
    out.push_back('"');
    return std::string_view::npos;
}

// "d.ddde+xx" taken apart: the value is 0.DIGITS times ten to the power of `point`.
struct Decimal {
    std::string digits;
    int point = 0;
};

inline Decimal decimal_of(double magnitude) {
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::scientific).ptr;
    const std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
    const std::size_t exponent = shortest.find('e');
    Decimal decimal;
    for (const char character : shortest.substr(0, exponent))
        if (character != '.') decimal.digits.push_back(character);
    decimal.point = std::atoi(std::string(shortest.substr(exponent + 1)).c_str()) + 1;
    return decimal;
}

inline void append_positional(std::string& out, Decimal decimal) {
    if (decimal.point <= 0) {
        out.append("0.").append(static_cast<std::size_t>(-decimal.point), '0').append(decimal.digits);
        return;
    }
    const auto whole = static_cast<std::size_t>(decimal.point);
    if (decimal.digits.size() <= whole) decimal.digits.append(whole + 1 - decimal.digits.size(), '0');
    out.append(decimal.digits, 0, whole).append(".").append(decimal.digits, whole, std::string::npos);
}

inline void append_exponential(std::string& out, const Decimal& decimal) {
    const int exponent = decimal.point - 1;
    out.push_back(decimal.digits[0]);
    if (decimal.digits.size() > 1) out.append(".").append(decimal.digits, 1, std::string::npos);
    out.append(exponent < 0 ? "e-" : "e+");
    if (std::abs(exponent) < 10) out.push_back('0');
    out.append(std::to_string(std::abs(exponent)));
}

// A number as the bus spells it: shortest digits that read back to the same double, always with a point or an exponent,
// so that 1.0 and 1 stay different values.
inline void append_json_number(std::string& out, double number) {
    if (number != number) return static_cast<void>(out += "NaN");
    if (number < 0 || (number == 0 && 1 / number < 0)) {
        out.push_back('-');
        number = -number;
    }
    if (number > 1.7976931348623157e308) return static_cast<void>(out += "Infinity");
    if (number == 0) return static_cast<void>(out += "0.0");
    Decimal decimal = decimal_of(number);
    if (decimal.point > -4 && decimal.point <= 16) return append_positional(out, std::move(decimal));
    append_exponential(out, decimal);
}

}  // namespace fedmsg_hub::detail

#endif
