#include "bus/config/core_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace fedmsg::config {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> kInfinity{".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> kNan{".nan", ".NaN", ".NAN"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// -1: no digit of that base.
int digit_value(char c, int base) {
    int value = -1;
    if (is_digit(c)) value = c - '0';
    if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
    return value < base ? value : -1;
}

// Decimal digits of a number in another base, least significant first.
std::string to_decimal(std::string_view digits, int base) {
    std::string decimal = "0";
    for (const char c : digits) {
        int carry = digit_value(c, base);
        for (char& digit : decimal) {
            carry += (digit - '0') * base;
            digit = static_cast<char>('0' + carry % 10);
            carry /= 10;
        }
        for (; carry > 0; carry /= 10) decimal += static_cast<char>('0' + carry % 10);
    }
    std::reverse(decimal.begin(), decimal.end());
    return decimal;
}

// An integer's JSON text, or nothing if the scalar is none.
std::optional<std::string> integer_text(std::string_view text) {
    const int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 10;
    if (base != 10) {
        const std::string_view digits = text.substr(2);
        const auto fits = [&](char c) { return digit_value(c, base) >= 0; };
        if (digits.empty() || !std::all_of(digits.begin(), digits.end(), fits)) return std::nullopt;
        if (digits.size() > json::kMaxIntegerDigits) return std::string(digits);  // refused later for its length
        return to_decimal(digits, base);
    }
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || count_digits(text) != text.size()) return std::nullopt;
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
    return (negative ? "-" : "") + std::string(text);
}

// Sign, digits with at most one point and at least one digit, optional exponent.
bool is_float(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const std::size_t whole = count_digits(text);
    text.remove_prefix(whole);
    std::size_t fraction = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = count_digits(text);
        text.remove_prefix(fraction);
    }
    if (whole + fraction == 0) return false;
    if (text.empty()) return true;
    if (text[0] != 'e' && text[0] != 'E') return false;
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && count_digits(text) == text.size();
}

double to_double(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    (void)end;
    if (error != std::errc::result_out_of_range) return number;
    // Too large or too small for a double: the C library rounds both ways as JSON's readers do.
    return std::strtod(std::string(text).c_str(), nullptr);
}

std::optional<double> float_of(std::string_view text) {
    if (is_float(text)) return to_double(text);
    if (is_one_of(text, kNan)) return std::numeric_limits<double>::quiet_NaN();
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (!is_one_of(text, kInfinity)) return std::nullopt;
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

json::Value integer_value(const Node& scalar, const std::string& digits, json::Pool& pool) {
    if (digits.size() > json::kMaxIntegerDigits)
        throw SyntaxError(scalar.line,
                          fmt::format("the number has over {} digits: put quotes around it if it is meant as text",
                                      json::kMaxIntegerDigits));
    const auto parsed = json::parse(digits);
    return json::copy(parsed.value(), pool);
}

}  // namespace

json::Value resolve_scalar(const Node& scalar, json::Pool& pool) {
    if (scalar.quoted) return json::make_text(scalar.text, pool);
    if (is_one_of(scalar.text, kNulls)) return {};
    if (is_one_of(scalar.text, kTrue)) return json::Value(true);
    if (is_one_of(scalar.text, kFalse)) return json::Value(false);
    if (const auto digits = integer_text(scalar.text)) return integer_value(scalar, *digits, pool);
    if (const auto number = float_of(scalar.text)) return json::Value(*number);
    return json::make_text(scalar.text, pool);
}

}  // namespace fedmsg::config
