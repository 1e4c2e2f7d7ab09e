#include "badges/rules/python_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

void append_repr(std::string& out, const Any& value, std::size_t max_bytes);

void append_hex(std::string& out, unsigned value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out.push_back("0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xFU]);
}

void append_quoted(std::string& out, std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    out.push_back(quote);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == quote || c == '\\') {
            out.append({'\\', c});
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out.append({'\\', c == '\n' ? 'n' : c == '\r' ? 'r' : 't'});
        } else if (byte < 0x20 || byte == 0x7F) {
            append_hex(out += "\\x", byte, 2);
        } else {
            out.push_back(c);
        }
    }
    out.push_back(quote);
}

void append_items(std::string& out, const List& items, std::size_t max_bytes) {
    const char* separator = "";
    for (const Any& item : items) {
        out += separator;
        separator = ", ";
        append_repr(out, item, max_bytes);
        if (out.size() > max_bytes) return;
    }
}

void append_table(std::string& out, const Any& value, std::size_t max_bytes) {
    const bool is_set = value.kind() == Kind::set;
    if (is_set && value.dict().empty()) return static_cast<void>(out += "set()");
    const char* separator = "{";
    if (value.dict().empty()) out += "{";
    for (const auto& [key, item] : value.dict()) {
        out += separator;
        separator = ", ";
        append_repr(out, key, max_bytes);
        if (!is_set) append_repr(out += ": ", item, max_bytes);
        if (out.size() > max_bytes) return;
    }
    out += "}";
}

void append_repr(std::string& out, const Any& value, std::size_t max_bytes) {
    switch (value.kind()) {
        case Kind::none:
            out += "None";
            break;
        case Kind::boolean:
            out += value.boolean() ? "True" : "False";
            break;
        case Kind::integer:
            out += std::to_string(value.integer());
            break;
        case Kind::real:
            out += python_repr(value.real());
            break;
        case Kind::text:
            append_quoted(out, value.text());
            break;
        case Kind::list:
            append_items(out += "[", value.items(), max_bytes);
            out += "]";
            break;
        case Kind::tuple:
            append_items(out += "(", value.items(), max_bytes);
            out += value.items().size() == 1 ? ",)" : ")";
            break;
        case Kind::dict:
        case Kind::set:
            append_table(out, value, max_bytes);
            break;
        case Kind::object:
            out.append("<").append(value.type_name()).append(">");
            break;
    }
}

}  // namespace

std::string python_repr(const Any& value, std::size_t max_bytes) {
    std::string out;
    append_repr(out, value, max_bytes);
    return out;
}

std::string python_repr(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    std::array<char, 400> buffer{};
    const double size = std::fabs(number);
    const bool is_scientific = size != 0 && (size < 1e-4 || size >= 1e16);
    const auto form = is_scientific ? std::chars_format::scientific : std::chars_format::fixed;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, form).ptr;
    std::string out(buffer.data(), end);
    if (!is_scientific && out.find('.') == std::string::npos) out += ".0";
    return out;
}

}  // namespace badges
