#include "bus/config/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "bus/base/text.hpp"

namespace fedmsg::config {
namespace {

using std::chrono::milliseconds;

constexpr double kMost = 10.0 * 365 * 86400 * 1000;  // ms

struct Unit {
    std::string_view name;
    double factor;  // ms
};

constexpr std::array kUnits{Unit{"ms", 1},     Unit{"s", 1e3},    Unit{"sec", 1e3},   Unit{"m", 60e3},
                            Unit{"min", 60e3}, Unit{"h", 3600e3}, Unit{"d", 86400e3}, Unit{"w", 7 * 86400e3}};

Error not_a_duration(std::string_view text) {
    return failure(
        fmt::format("\"{}\" is no span of time: write a number of seconds, or a text like \"10 ms\", "
                    "\"90 s\", \"15 min\", \"2 h\" or \"7 d\"",
                    text));
}

std::string_view take_blanks(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

// Takes a number from the front; negative and absent ones are refused.
bool take_number(std::string_view& text, double& number) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(number) || number < 0) return false;
    text = take_blanks(text.substr(static_cast<std::size_t>(rest - text.data())));
    return true;
}

bool take_unit(std::string_view& text, double& factor) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto length = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin());
    const auto found = std::find_if(kUnits.begin(), kUnits.end(),
                                    [&](const Unit& unit) { return unit.name == text.substr(0, length); });
    if (found == kUnits.end()) return false;
    factor = found->factor;
    text = take_blanks(text.substr(length));
    return true;
}

Result<milliseconds> rounded_up(double count) {
    if (!(count >= 0) || count > kMost) return failure("a span of time must be between 0 and ten years");
    return milliseconds(static_cast<milliseconds::rep>(std::ceil(count - 1e-6)));
}

}  // namespace

Result<milliseconds> parse_duration(std::string_view text) {
    std::string_view rest = text::trim(text);
    double sum = 0;
    double number = 0;
    if (!take_number(rest, number)) return not_a_duration(text);
    if (rest.empty()) return rounded_up(number * 1e3);
    for (;;) {
        double factor = 0;
        if (!take_unit(rest, factor)) return not_a_duration(text);
        sum += number * factor;
        if (rest.empty()) return rounded_up(sum);
        if (!take_number(rest, number)) return not_a_duration(text);
    }
}

Result<milliseconds> duration_of(const json::Value& value) {
    if (json::is_text(value)) return parse_duration(json::text_of(value));
    if (!value.IsNumber()) return failure("a span of time is a number of seconds or a text like \"10 ms\"");
    return rounded_up(value.GetDouble() * 1e3);
}

}  // namespace fedmsg::config
