#include <fmt/format.h>

#include <algorithm>

#include "bus/base/text.hpp"
#include "bus/config/loader.hpp"

namespace fedmsg::config {
namespace {

// Stricter than text::nearest: sites have many keys of their own, and most are no misspellings.
std::string misspelt(const std::string& key, const Schema& schema) {
    std::size_t best = key.size() < 6 ? 1 : 2;
    std::string near;
    for (const KeySpec& spec : schema.keys()) {
        const std::size_t longer = std::max(spec.name.size(), key.size());
        if (longer - std::min(spec.name.size(), key.size()) > best || spec.name.size() < 4) continue;
        const std::size_t distance = text::edit_distance(key, spec.name);
        if (distance > best || (distance == best && !near.empty())) continue;
        best = distance;
        near = spec.name;
    }
    return near;
}

}  // namespace

std::string UnknownKey::text() const {
    if (near.empty()) return fmt::format("nothing that is installed declares the key {}; it is kept", key);
    return fmt::format("the key {} is not known; did you mean {}?", key, near);
}

std::vector<UnknownKey> unknown_keys(const Configuration& configuration, const Schema& schema) {
    std::vector<UnknownKey> unknown;
    for (const auto& member : configuration.root().GetObject()) {
        const std::string key(json::text_of(member.name));
        if (schema.find(key) != nullptr) continue;
        unknown.push_back({key, configuration.origin(key), misspelt(key, schema)});
    }
    return unknown;
}

}  // namespace fedmsg::config
