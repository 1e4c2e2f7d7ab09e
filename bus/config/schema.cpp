#include "bus/config/schema.hpp"

namespace fedmsg::config {
namespace {

bool lies_below(std::string_view key, std::string_view prefix) {
    return key.size() > prefix.size() && key[prefix.size()] == '.' && key.substr(0, prefix.size()) == prefix;
}

}  // namespace

void Schema::add(KeySpec key) {
    const auto [found, is_new] = positions_.emplace(key.name, keys_.size());
    if (is_new)
        keys_.push_back(std::move(key));
    else
        keys_[found->second] = std::move(key);
}

void Schema::own_prefix(std::string prefix, std::string owner) {
    prefixes_.emplace_back(std::move(prefix), std::move(owner));
}

const KeySpec* Schema::find(std::string_view name) const {
    const auto found = positions_.find(name);
    return found == positions_.end() ? nullptr : &keys_[found->second];
}

std::vector<std::string> Schema::names() const {
    std::vector<std::string> names;
    for (const KeySpec& key : keys_) names.push_back(key.name);
    return names;
}

std::string Schema::owner_of(std::string_view key) const {
    const std::pair<std::string, std::string>* longest = nullptr;
    for (const auto& own : prefixes_)
        if (lies_below(key, own.first) && (longest == nullptr || own.first.size() > longest->first.size()))
            longest = &own;
    return longest == nullptr ? std::string() : longest->second;
}

bool Schema::has_below(std::string_view name) const {
    const std::string first = std::string(name) + '.';
    const auto found = positions_.lower_bound(first);
    return found != positions_.end() && lies_below(found->first, name);
}

const KeySpec* Schema::entangled_with(std::string_view name) const {
    for (const KeySpec& key : keys_)
        if (lies_below(key.name, name) || lies_below(name, key.name)) return &key;
    return nullptr;
}

}  // namespace fedmsg::config
