#include "bus/config/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bus/base/text.hpp"
#include "bus/config/duration.hpp"
#include "bus/config/merger.hpp"

namespace fedmsg::config {
namespace {

std::string all_lines(const std::vector<Problem>& problems) {
    std::string lines;
    for (const Problem& problem : problems) {
        if (!lines.empty()) lines += '\n';
        const std::string origin = problem.origin.text();
        lines += origin.empty() ? problem.text : origin + ": " + problem.text;
    }
    return lines;
}

[[noreturn]] void wrong_type(std::string_view key, std::string_view type) {
    throw std::logic_error(fmt::format("configuration key {} is read as {}, but not declared so", key, type));
}

std::vector<std::string> texts_of(const json::Value& value) {
    std::vector<std::string> texts;
    if (json::is_text(value)) texts.emplace_back(json::text_of(value));
    if (!value.IsArray()) return texts;
    for (const json::Value& item : value.GetArray())
        if (json::is_text(item)) texts.emplace_back(json::text_of(item));
    return texts;
}

}  // namespace

std::string Origin::text() const {
    return line > 0 ? fmt::format("{}:{}", file, line) : file;
}

ConfigError::ConfigError(std::vector<Problem> problems)
    : std::runtime_error(all_lines(problems)), problems_(std::move(problems)) {}

Configuration::Configuration() {
    root_.SetObject();
}

const json::Value* Configuration::find(std::string_view key) const {
    return json::find(root_, key);
}

bool Configuration::boolean(std::string_view key, bool fallback) const {
    const json::Value* value = find(key);
    if (value == nullptr || value->IsNull()) return fallback;
    if (!value->IsBool()) wrong_type(key, "a boolean");
    return value->GetBool();
}

std::int64_t Configuration::integer(std::string_view key, std::int64_t fallback) const {
    const json::Value* value = find(key);
    if (value == nullptr || value->IsNull()) return fallback;
    if (!value->IsInt64()) wrong_type(key, "an integer");
    return value->GetInt64();
}

double Configuration::number(std::string_view key, double fallback) const {
    const json::Value* value = find(key);
    if (value == nullptr || value->IsNull()) return fallback;
    if (!value->IsNumber()) wrong_type(key, "a number");
    return value->GetDouble();
}

std::string Configuration::text(std::string_view key, std::string_view fallback) const {
    const json::Value* value = find(key);
    if (value == nullptr || value->IsNull()) return std::string(fallback);
    if (!json::is_text(*value)) wrong_type(key, "a string");
    return std::string(json::text_of(*value));
}

std::vector<std::string> Configuration::texts(std::string_view key) const {
    const json::Value* value = find(key);
    if (value == nullptr || value->IsNull()) return {};
    if (!value->IsArray() && !json::is_text(*value)) wrong_type(key, "a list of strings");
    return texts_of(*value);
}

std::chrono::milliseconds Configuration::duration(std::string_view key, std::chrono::milliseconds fallback) const {
    const json::Value* value = find(key);
    if (value == nullptr || value->IsNull()) return fallback;
    const auto duration = duration_of(*value);
    if (!duration) wrong_type(key, "a span of time");
    return *duration;
}

bool Configuration::is_on(const json::Value* value) {
    if (value == nullptr) return false;
    if (!json::is_text(*value)) return json::is_truthy(*value);
    constexpr std::array<std::string_view, 5> kOff{"", "false", "no", "off", "0"};
    const std::string word = text::lower_ascii(text::trim(json::text_of(*value)));
    return std::find(kOff.begin(), kOff.end(), word) == kOff.end();
}

bool Configuration::is_enabled(std::string_view config_key) const {
    return is_on(find(config_key));
}

std::vector<std::pair<std::string, std::vector<std::string>>> Configuration::endpoints() const {
    std::vector<std::pair<std::string, std::vector<std::string>>> endpoints;
    const json::Value* value = find("endpoints");
    if (value == nullptr || !value->IsObject()) return endpoints;
    for (const auto& member : value->GetObject())
        endpoints.emplace_back(std::string(json::text_of(member.name)), texts_of(member.value));
    return endpoints;
}

Origin Configuration::origin(const std::vector<std::string>& path) const {
    for (Path at = path; !at.empty(); at.pop_back())
        if (const auto found = leaves_.find(at); found != leaves_.end()) return found->second.origin;
    return {};
}

void Configuration::set(std::string_view key, json::Value value, const Origin& origin) {
    Merger(*this).replace(key, std::move(value), origin);
}

void Configuration::set_text(std::string_view key, std::string_view value, const Origin& origin) {
    set(key, json::make_text(value, pool()), origin);
}

}  // namespace fedmsg::config
