#include "bus/config/masking.hpp"

#include <algorithm>
#include <array>

#include "bus/base/text.hpp"
#include "bus/config/configuration.hpp"

namespace fedmsg::config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\"'<>";

// "host:80/path@x": digits and a slash between colon and '@' are a port, not a password.
bool is_port(std::string_view between) {
    const std::size_t slash = between.find('/');
    return slash != std::string_view::npos && slash == between.find_first_not_of("0123456789");
}

// After "://" up to the "@" before the host: the part behind the first colon is the password. A password may hold
// anything but blanks and quotes, also '@' and '/'.
std::string mask_urls(std::string_view text) {
    std::string out;
    for (;;) {
        const std::size_t mark = text.find("://");
        if (mark == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, mark + 3));
        text.remove_prefix(mark + 3);
        const std::string_view url = text.substr(0, std::min(text.find_first_of(kBlanks), text.find(',')));
        const std::size_t at = url.rfind('@');
        const std::size_t colon = url.find(':');
        if (at == std::string_view::npos || colon == std::string_view::npos || colon > at ||
            is_port(url.substr(colon + 1, at - colon)))
            continue;
        out.append(url.substr(0, colon + 1)).append(kMask);
        text.remove_prefix(at);
    }
}

// `name=value` in connection strings and URL queries.
std::string mask_assignments(std::string_view text, std::string_view name) {
    std::string out;
    const std::string lowered = text::lower_ascii(text);
    std::size_t from = 0;
    for (;;) {
        const std::size_t at = lowered.find(name, from);
        if (at == std::string::npos) return out.append(text.substr(from));
        const std::size_t value = at + name.size();
        out.append(text.substr(from, value - from)).append(kMask);
        const std::size_t end = text.find_first_of(" \t\r\n;&,", value);
        from = std::min(end, text.size());
    }
}

bool is_secret_word(std::string_view word) {
    constexpr std::array<std::string_view, 10> kWords{"password", "passwd",  "passphrase", "pass",   "pwd",
                                                      "secret",   "secrets", "token",      "apikey", "credentials"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

json::Value masked_value(const json::Value& value, bool is_secret, json::Pool& pool) {
    if (is_secret && !value.IsNull() && !value.IsBool()) return json::make_text(kMask, pool);
    if (json::is_text(value)) return json::make_text(mask_passwords(json::text_of(value)), pool);
    if (!value.IsArray() && !value.IsObject()) return json::copy(value, pool);
    json::Value copy(value.GetType());
    if (value.IsArray()) {
        for (const json::Value& item : value.GetArray()) copy.PushBack(masked_value(item, false, pool), pool);
        return copy;
    }
    for (const auto& member : value.GetObject()) {
        const bool hidden = sounds_secret(json::text_of(member.name));
        json::Value inner = masked_value(member.value, hidden, pool);
        copy.AddMember(json::copy(member.name, pool), inner, pool);
    }
    return copy;
}

}  // namespace

std::string mask_passwords(std::string_view text) {
    std::string masked = mask_urls(text);
    for (const std::string_view name : {"password=", "passwd=", "secret=", "token="})
        masked = mask_assignments(masked, name);
    return masked;
}

bool sounds_secret(std::string_view key) {
    std::string lowered = text::lower_ascii(key);
    std::replace(lowered.begin(), lowered.end(), '.', '_');
    std::replace(lowered.begin(), lowered.end(), '-', '_');
    const auto words = text::split(lowered, '_');
    if (is_secret_word(words.back())) return true;
    const bool is_key = words.back() == "key" && words.size() > 1;
    const std::string before = is_key ? words[words.size() - 2] : std::string();
    return before == "api" || before == "access" || before == "secret" || before == "private";
}

json::Document masked(const Configuration& configuration, const Schema& schema) {
    json::Document copy;
    copy.SetObject();
    json::Pool& pool = copy.GetAllocator();
    for (const auto& member : configuration.root().GetObject()) {
        const std::string_view name = json::text_of(member.name);
        const KeySpec* spec = schema.find(name);
        const bool hidden = (spec != nullptr && spec->secret) || sounds_secret(name);
        json::Value value = masked_value(member.value, hidden, pool);
        copy.AddMember(json::copy(member.name, pool), value, pool);
    }
    return copy;
}

}  // namespace fedmsg::config
