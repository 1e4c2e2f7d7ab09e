// Which keys exist, of which type, with which default: config.md 5, architecture.md, and what plugins declare.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fedmsg::config {

enum class Type { boolean, integer, number, string, list, map, string_or_list, any };

struct KeySpec {
    std::string name;           // flat key
    Type type = Type::any;
    std::string default_json;   // JSON text; empty: absent unless configured
    std::string help;
    bool nullable = false;
    bool secret = false;
    std::string declared_by;    // "fedmsg-hub", or a consumer's name
    std::optional<double> minimum;
};

class Schema {
public:
    // Later declarations of a name replace earlier ones.
    void add(KeySpec key);
    // Every configured key below `prefix` + "." must be declared.
    void own_prefix(std::string prefix, std::string owner);

    const KeySpec* find(std::string_view name) const;
    const std::vector<KeySpec>& keys() const { return keys_; }
    // The owner of the longest own prefix that `key` lies below, or empty.
    std::string owner_of(std::string_view key) const;

private:
    std::vector<KeySpec> keys_;
    std::vector<std::pair<std::string, std::string>> prefixes_;
};

// The keys of config.md 5 and of architecture.md (state_dir, runtime_dir, plugin_dirs, consumers, plugins, durability,
// stop_timeout, http, topic_match, hub_publisher, strict_plugins, ...).
Schema built_in_schema();

}  // namespace fedmsg::config
