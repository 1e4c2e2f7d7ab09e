// Doubles as Python writes them (wire-and-crypto.md 4.1).
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

// The value is 0.d1d2...dn times ten to the power of `point`.
struct Decimal {
    std::array<char, 17> digits;
    std::size_t count;
    int point;

    std::string_view first(std::size_t n) const { return {digits.data(), n}; }
    std::string_view from(std::size_t n) const { return {digits.data() + n, count - n}; }
};

// The shortest digits that read back as `number`, which is positive and finite: taken from "d.ddde[+-]xx".
Decimal shortest(double number) {
    std::array<char, 32> text;
    const auto [end, problem] =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific);
    const std::string_view scientific(text.data(), static_cast<std::size_t>(end - text.data()));
    const std::size_t exponent_at = scientific.find('e');
    Decimal decimal{};
    for (const char c : scientific.substr(0, exponent_at))
        if (c != '.') decimal.digits[decimal.count++] = c;
    const std::size_t plus = scientific[exponent_at + 1] == '+' ? 1 : 0;  // from_chars takes no '+'
    std::from_chars(scientific.data() + exponent_at + 1 + plus, end, decimal.point);
    ++decimal.point;
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') --decimal.count;
    return decimal;
}

void append_exponent_form(std::string& out, const Decimal& decimal) {
    out += decimal.digits[0];
    if (decimal.count > 1) out.append(1, '.').append(decimal.from(1));
    const int exponent = decimal.point - 1;
    const int size = exponent < 0 ? -exponent : exponent;
    out += exponent < 0 ? "e-" : "e+";
    if (size < 10) out += '0';
    out += std::to_string(size);
}

void append_positional(std::string& out, const Decimal& decimal) {
    if (decimal.point <= 0) {
        out.append("0.").append(static_cast<std::size_t>(-decimal.point), '0').append(decimal.first(decimal.count));
        return;
    }
    const auto whole = static_cast<std::size_t>(decimal.point);
    if (decimal.count <= whole) {
        out.append(decimal.first(decimal.count)).append(whole - decimal.count, '0').append(".0");
    } else {
        out.append(decimal.first(whole)).append(1, '.').append(decimal.from(whole));
    }
}

}  // namespace

void append_number(std::string& out, double number) {
    if (std::isnan(number)) {
        out += "NaN";
        return;
    }
    if (std::signbit(number)) out += '-';
    if (std::isinf(number)) {
        out += "Infinity";
    } else if (number == 0.0) {
        out += "0.0";
    } else {
        const Decimal decimal = shortest(std::fabs(number));
        if (decimal.point > -4 && decimal.point <= 16)
            append_positional(out, decimal);
        else
            append_exponent_form(out, decimal);
    }
}

}  // namespace fedmsg::json
