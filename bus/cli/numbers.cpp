#include "bus/cli/numbers.hpp"

#include <charconv>

#include "bus/base/text.hpp"
#include "bus/json/document.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::cli {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The text without the underscores that may stand between digits; nothing if one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            plain += text[i];
        } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
            return std::nullopt;
        }
    }
    return plain;
}

// Removes a sign; true if it was a minus.
bool take_sign(std::string& digits) {
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.erase(0, 1);
    return negative;
}

}  // namespace

std::optional<std::string> integer_json(std::string_view text) {
    auto digits = without_underscores(text::trim(text));
    if (!digits) return std::nullopt;
    const bool negative = take_sign(*digits);
    if (digits->empty() || digits->find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    if (digits->size() > json::kMaxIntegerDigits) return std::nullopt;
    digits->erase(0, std::min(digits->find_first_not_of('0'), digits->size() - 1));
    return (negative && *digits != "0" ? "-" : "") + *digits;
}

std::optional<std::string> number_json(std::string_view text) {
    auto digits = without_underscores(text::trim(text));
    if (!digits) return std::nullopt;
    const bool negative = take_sign(*digits);
    if (digits->empty() || (!is_digit(digits->front()) && digits->front() != '.')) return std::nullopt;
    double number = 0;
    const char* end = digits->data() + digits->size();
    const auto [stop, error] = std::from_chars(digits->data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    std::string out;
    json::append_number(out, negative ? -number : number);
    return out;
}

}  // namespace fedmsg::cli
