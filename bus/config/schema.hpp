// Which keys exist, of which type, with which default: config.md 5, architecture.md, and what plugins declare.
//
// A Schema is a value: built once at start, enlarged by what plugins declare, read from any thread after that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fedmsg::config {

enum class Type { boolean, integer, number, string, list, map, string_or_list, any };

// What a type alone does not say.
enum class Form {
    plain,
    word,      // boolean of the hub's kind: also y/t/1 and n/f/0, and other values by their truth (config.md 5.4)
    truth,     // switch of a consumer: any scalar, kept as it is and read with Configuration::is_enabled()
    duration,  // seconds as a number, or a text like "10 ms" or "7 d"; read with Configuration::duration()
    address,   // one endpoint address, or a list of them
};

struct KeySpec {
    std::string name;  // flat key
    Type type = Type::any;
    // JSON text of the value that the programs work with when the key is absent; empty: none.
    std::string default_json;
    std::string help;
    bool nullable = false;
    bool secret = false;
    std::string declared_by;  // "fedmsg-hub", or a consumer's name
    std::optional<double> minimum;

    Form form = Form::plain;
    // A string: the only texts allowed. A number: texts allowed beside numbers.
    std::vector<std::string> words = {};
    // The default is part of the configuration itself ("cmd" column of config.md 5) and so printed by fedmsg-config.
    // Other defaults only stand behind the typed access of the programs.
    bool laid_under = false;
};

class Schema {
public:
    // Later declarations of a name replace earlier ones.
    void add(KeySpec key);
    // Every configured key below `prefix` + "." must be declared.
    void own_prefix(std::string prefix, std::string owner);

    const KeySpec* find(std::string_view name) const;
    const std::vector<KeySpec>& keys() const { return keys_; }
    std::vector<std::string> names() const;
    // The owner of the longest own prefix that `key` lies below, or empty.
    std::string owner_of(std::string_view key) const;

    // Some declared name lies below `name` + ".".
    bool has_below(std::string_view name) const;
    // One declared name is a dotted prefix of another: only the flat spelling exists for both (architecture.md
    // "Configuration"). Gives the other name, or null.
    const KeySpec* entangled_with(std::string_view name) const;

private:
    std::vector<KeySpec> keys_;
    std::map<std::string, std::size_t, std::less<>> positions_;
    std::vector<std::pair<std::string, std::string>> prefixes_;
};

// The keys of config.md 5 and of architecture.md (state_dir, runtime_dir, plugin_dirs, consumers, plugins, durability,
// stop_timeout, http, topic_match, hub_publisher, strict_plugins, ...).
Schema built_in_schema();

}  // namespace fedmsg::config
