#include "bus/config/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "bus/base/text.hpp"
#include "bus/config/core_schema.hpp"
#include "bus/config/duration.hpp"
#include "bus/config/masking.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::config {
namespace {

constexpr std::size_t kLongestShown = 60;

std::string shown(std::string_view text) {
    if (text.size() > kLongestShown) return fmt::format("a text of {} bytes", text.size());
    return fmt::format("\"{}\"", mask_passwords(text));
}

// What the value is, for error texts; the values of secret keys stay untold.
std::string description(const json::Value& value, bool is_secret) {
    if (value.IsNull()) return "null (no value)";
    if (value.IsArray()) return "a list";
    if (value.IsObject()) return "a map";
    if (is_secret) return "what is written there";
    if (json::is_text(value)) return shown(json::text_of(value));
    return json::canonical(value);
}

Error must_be(const std::string& wanted, const KeySpec& spec, const json::Value& value) {
    return failure(fmt::format("must be {}, not {}", wanted, description(value, spec.secret)));
}

template <std::size_t N>
bool is_one_of(const std::string& word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<bool> boolean_of_word(std::string_view text, bool is_hub_word) {
    constexpr std::array<std::string_view, 3> kYes{"true", "yes", "on"};
    constexpr std::array<std::string_view, 3> kNo{"false", "no", "off"};
    constexpr std::array<std::string_view, 3> kHubYes{"y", "t", "1"};
    constexpr std::array<std::string_view, 3> kHubNo{"n", "f", "0"};
    const std::string word = text::lower_ascii(text::trim(text));
    if (is_one_of(word, kYes) || (is_hub_word && is_one_of(word, kHubYes))) return true;
    if (is_one_of(word, kNo) || (is_hub_word && is_one_of(word, kHubNo))) return false;
    return std::nullopt;
}

Status convert_boolean(const KeySpec& spec, json::Value& value) {
    if (value.IsBool()) return {};
    const bool is_hub_word = spec.form == Form::word;
    std::optional<bool> boolean;
    if (json::is_text(value)) boolean = boolean_of_word(json::text_of(value), is_hub_word);
    if (!json::is_text(value) && is_hub_word) boolean = json::is_truthy(value);
    if (!boolean) return must_be("true or false", spec, value);
    value.SetBool(*boolean);
    return {};
}

// A text that holds nothing but a number becomes that number.
void read_number(json::Value& value, json::Pool& pool) {
    if (!json::is_text(value)) return;
    Node scalar;
    scalar.text = std::string(text::trim(json::text_of(value)));
    json::Value number = resolve_scalar(scalar, pool);
    if (number.IsNumber()) value = std::move(number);
}

bool is_extra_word(const KeySpec& spec, const json::Value& value) {
    return json::is_text(value) &&
           std::find(spec.words.begin(), spec.words.end(), json::text_of(value)) != spec.words.end();
}

std::string wanted_number(const KeySpec& spec, std::string_view kind) {
    std::string wanted(kind);
    if (spec.minimum) wanted += fmt::format(" of at least {}", *spec.minimum);
    for (const std::string& word : spec.words) wanted += fmt::format(" or {}", word);
    return wanted;
}

// 5.0 is as good as 5.
void drop_empty_fraction(json::Value& value) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (!value.IsDouble()) return;
    const double number = value.GetDouble();
    if (std::trunc(number) == number && std::fabs(number) <= kExact) value.SetInt64(static_cast<std::int64_t>(number));
}

Status convert_integer(const KeySpec& spec, json::Value& value, json::Pool& pool) {
    if (is_extra_word(spec, value)) return {};
    read_number(value, pool);
    drop_empty_fraction(value);
    const bool fits = value.IsInt64() && !(spec.minimum && static_cast<double>(value.GetInt64()) < *spec.minimum);
    if (!fits) return must_be(wanted_number(spec, "a whole number"), spec, value);
    return {};
}

Status convert_number(const KeySpec& spec, json::Value& value, json::Pool& pool) {
    if (is_extra_word(spec, value)) return {};
    read_number(value, pool);
    const bool fits =
        value.IsNumber() && std::isfinite(value.GetDouble()) && !(spec.minimum && value.GetDouble() < *spec.minimum);
    if (!fits) return must_be(wanted_number(spec, "a number"), spec, value);
    return {};
}

Status convert_string(const KeySpec& spec, json::Value& value, const std::string* written, json::Pool& pool) {
    const bool is_scalar = value.IsBool() || value.IsNumber() || json::is_big_integer(value);
    if (is_scalar) value = json::make_text(written != nullptr ? *written : json::canonical(value), pool);
    if (!json::is_text(value)) return must_be("a text", spec, value);
    if (spec.words.empty() || is_extra_word(spec, value)) return {};
    return must_be("one of " + text::join(spec.words, ", "), spec, value);
}

Status check_list_of_texts(const KeySpec& spec, const json::Value& value) {
    if (json::is_text(value)) return {};
    if (!value.IsArray()) return must_be("a text or a list of texts", spec, value);
    for (const json::Value& item : value.GetArray())
        if (!json::is_text(item)) return must_be("a list of texts", spec, item);
    return {};
}

Status convert_by_type(const KeySpec& spec, json::Value& value, const std::string* written, json::Pool& pool) {
    switch (spec.type) {
        case Type::boolean:
            return convert_boolean(spec, value);
        case Type::integer:
            return convert_integer(spec, value, pool);
        case Type::number:
            return convert_number(spec, value, pool);
        case Type::string:
            return convert_string(spec, value, written, pool);
        case Type::string_or_list:
            return check_list_of_texts(spec, value);
        case Type::list:
            if (!value.IsArray()) return must_be("a list", spec, value);
            return {};
        case Type::map:
            if (!value.IsObject()) return must_be("a map", spec, value);
            return {};
        case Type::any:
            return {};
    }
    return {};
}

Status check_addresses(const json::Value& value) {
    if (json::is_text(value)) return check_address(json::text_of(value));
    if (!value.IsArray()) return {};
    for (const json::Value& item : value.GetArray())
        if (const auto status = check_address(json::text_of(item)); !status) return status;
    return {};
}

Status check_form(const KeySpec& spec, const json::Value& value) {
    switch (spec.form) {
        case Form::plain:
        case Form::word:
            return {};
        case Form::address:
            return check_addresses(value);
        case Form::truth:
            if (value.IsArray() || value.IsObject()) return must_be("true or false", spec, value);
            return {};
        case Form::duration:
            if (const auto duration = duration_of(value); !duration)
                return failure("must be a span of time: " + duration.error().text);
            return {};
    }
    return {};
}

bool is_port(std::string_view port) {
    if (port == "*") return true;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc() && end == port.data() + port.size() && number <= 65535;
}

Status check_tcp(std::string_view address, std::string_view rest) {
    const auto example = [&](std::string_view why) {
        return failure(
            fmt::format("the address \"{}\" {}: write tcp://HOST:PORT, like tcp://127.0.0.1:4001", address, why));
    };
    const std::size_t bracket = rest.rfind(']');
    const std::size_t colon = rest.rfind(':');
    const bool has_colon = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    if (!has_colon || colon + 1 == rest.size()) return example("has no port");
    const std::string_view host = rest.substr(0, colon);
    if (host.empty()) return example("has no host");
    if (host[0] != '[' && host.find(':') != std::string_view::npos)
        return example("has an IPv6 address without brackets");
    if (host.find_first_of(" \t/@?#") != std::string_view::npos)
        return example("has a character that is in no host name");
    if (!is_port(rest.substr(colon + 1))) return example("has no port between 0 and 65535");
    return {};
}

}  // namespace

Status check_address(std::string_view address) {
    const std::size_t mark = address.find("://");
    const std::string_view transport = address.substr(0, mark == std::string_view::npos ? 0 : mark);
    const std::string_view rest = mark == std::string_view::npos ? std::string_view() : address.substr(mark + 3);
    if (transport == "tcp") return check_tcp(address, rest);
    const bool is_known = transport == "ipc" || transport == "inproc" || transport == "amqp" || transport == "amqps";
    if (!is_known)
        return failure(fmt::format("{} is no endpoint address: write tcp://HOST:PORT or ipc://PATH", shown(address)));
    if (rest.empty()) return failure(fmt::format("the address \"{}\" names nothing after ://", address));
    return {};
}

Status convert(const KeySpec& spec, json::Value& value, const std::string* written, json::Pool& pool) {
    if (value.IsNull() && spec.nullable) return {};
    if (auto status = convert_by_type(spec, value, written, pool); !status) return status;
    return check_form(spec, value);
}

}  // namespace fedmsg::config
