#include "bus/config/checks.hpp"

#include <fmt/format.h>

#include <array>

#include "bus/base/text.hpp"
#include "bus/config/loader.hpp"
#include "bus/config/values.hpp"

namespace fedmsg::config {
namespace {

struct DeadKey {
    std::string_view name;
    std::string_view only_value;  // empty: any value that is not null, false, 0 or empty
    std::string_view reason;
};

constexpr std::string_view kStomp = "STOMP is not supported: remove the key and use endpoints (tcp://HOST:PORT)";
constexpr std::string_view kAmqp =
    "the AMQP extension amqp_broker is not supported: remove the key and list the broker in "
    "endpoints (amqp://HOST)";
constexpr std::string_view kWebsocket =
    "the websocket server is not supported: remove the key and use /events of the HTTP "
    "pages (http: {listen: ...}), its successor";

constexpr std::array kDeadKeys{
    DeadKey{"stomp_uri", "", kStomp},
    DeadKey{"stomp_broker", "", kStomp},
    DeadKey{"amqp_broker", "", kAmqp},
    DeadKey{"moksha.livesocket.backend", "websocket", kWebsocket},
    DeadKey{"moksha.livesocket.websocket.port", "", kWebsocket},
};

bool switches_on(const DeadKey& key, const json::Value& value) {
    if (key.only_value.empty()) return json::is_truthy(value);
    return json::text_of(value) == key.only_value;
}

std::string hint_for_map(const KeySpec& spec, const json::Value& value, const Schema& schema) {
    if (!value.IsObject() || !schema.has_below(spec.name)) return {};
    return fmt::format("; keys like {}.X have no nested spelling: write them at the left margin", spec.name);
}

std::string described(const KeySpec& spec) {
    return spec.help.empty() ? std::string() : fmt::format(" ({})", spec.help);
}

}  // namespace

void refuse_dead_keys(const Configuration& configuration, std::vector<Problem>& problems) {
    for (const DeadKey& key : kDeadKeys) {
        const json::Value* value = configuration.find(key.name);
        if (value == nullptr || !switches_on(key, *value)) continue;
        problems.push_back({configuration.origin(key.name), fmt::format("{}: {}", key.name, key.reason)});
    }
}

void check_types(Merger& merger, Configuration& configuration, const Schema& schema, std::vector<Problem>& problems) {
    for (const KeySpec& spec : schema.keys()) {
        json::Value* value = merger.find(spec.name);
        if (value == nullptr || spec.name == "endpoints") continue;  // endpoints have a standard text of their own
        const auto status = convert(spec, *value, merger.written({spec.name}), configuration.pool());
        if (status) continue;
        problems.push_back(
            {configuration.origin(spec.name), fmt::format("{} {}{}{}", spec.name, status.error().text,
                                                          hint_for_map(spec, *value, schema), described(spec))});
    }
}

void check_own_prefixes(const Configuration& configuration, const Schema& schema, std::vector<Problem>& problems) {
    for (const auto& member : configuration.root().GetObject()) {
        const std::string name(json::text_of(member.name));
        if (schema.find(name) != nullptr) continue;
        const std::string owner = schema.owner_of(name);
        if (owner.empty()) continue;
        const std::string map = name.substr(0, name.find('.'));
        const KeySpec* above = schema.find(map);
        const std::string near = text::nearest(name, schema.names());
        std::string text = fmt::format("{} is no key of {}", name, owner);
        if (above != nullptr && above->type == Type::map)
            text += fmt::format(": entries of {} are written below it, {}: {{{}: ...}}", map, map,
                                name.substr(map.size() + 1));
        else if (!near.empty())
            text += fmt::format(": did you mean {}?", near);
        problems.push_back({configuration.origin(name), std::move(text)});
    }
}

}  // namespace fedmsg::config
