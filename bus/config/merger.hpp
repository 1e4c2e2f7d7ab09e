// Lays values into a Configuration and keeps account of where each came from. Used by the loader while it builds one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bus/config/configuration.hpp"
#include "bus/config/yaml_node.hpp"

namespace fedmsg::config {

class Merger {
public:
    using Path = std::vector<std::string>;

    explicit Merger(Configuration& configuration) : configuration_(configuration) {}

    // Origins name files by their place in this list: later ones win.
    void begin_file(const std::string& file) { configuration_.files_.push_back(file); }

    // Maps merge key by key to any depth; everything else replaces what was there (config.md 2).
    // Throws SyntaxError for a scalar that cannot be resolved.
    void lay_over(const std::string& key, const Node& value, const Origin& origin);

    // Puts a value in place of an earlier one, whatever both are.
    void replace(std::string_view key, json::Value value, const Origin& origin);

    // A key of an undeclared map, for find_double_spelling().
    void note_spelling(std::string name, const Origin& origin);

    // Undeclared maps above declared keys become flat keys: `badges: {enabled: true}` once badges.enabled is declared.
    void fold_nested(const Schema& schema, std::vector<Problem>& problems);

    // A file that sets the key in both spellings: one problem each.
    void find_double_spelling(const std::string& key, std::vector<Problem>& problems) const;

    // The plain scalar at a path as it was written, if it is no string; else null.
    const std::string* written(const Path& path) const;

    json::Value* find(std::string_view key);
    void remove(std::string_view key);

private:
    json::Value build(const Node& node, const Path& path, const Origin& origin);
    json::Value build_scalar(const Node& node, const Path& path, const Origin& origin);
    void lay_over_member(json::Value& map, const std::string& name, const Node& value, Path& path,
                         const Origin& origin);
    void record(const Path& path, const Origin& origin, std::string written = {});
    void record_below(const json::Value& value, Path& path, const Origin& origin);
    void forget_below(const Path& path);

    void fold(const std::string& name, json::Value value, const Path& from, const Schema& schema,
              std::vector<Problem>& problems);
    void unite(const Path& to, json::Value& target, json::Value& value, const Path& from);
    void move_leaves(const Path& from, const Path& to);
    std::size_t rank(const Path& path) const;

    Configuration& configuration_;
};

// What is wrong with the nested spelling of a key that has only the flat one.
std::string only_flat(const std::string& name, const KeySpec& other);

}  // namespace fedmsg::config
