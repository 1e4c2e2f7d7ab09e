// A YAML text as a tree with line numbers. Safe and bounded: no anchors, aliases or tags of one's own, one document,
// limited size and nesting, refused before yaml-cpp would fill memory or stack (KF-096). Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/any.hpp"
#include "support/datum.hpp"

namespace badges {

// What is wrong with a rule file, and where.
class FileError : public std::runtime_error {
public:
    FileError(int line, std::string key, const std::string& what)
        : std::runtime_error(what), line_(line), key_(std::move(key)) {}

    int line() const noexcept { return line_; }
    const std::string& key() const noexcept { return key_; }

private:
    int line_;
    std::string key_;
};

struct YamlNode {
    enum class Kind { scalar, list, map };
    struct Entry;

    Kind kind = Kind::scalar;
    int line = 0;
    std::string text;        // of scalars
    bool is_quoted = false;  // such a scalar is a text whatever it looks like
    std::vector<YamlNode> items;
    std::vector<Entry> entries;

    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_map() const { return kind == Kind::map; }
    const YamlNode* find(std::string_view key) const;
    bool is_null() const;
    // yes/no/on/off/true/false in any usual case, as YAML 1.1 has them whatever the file's header says.
    std::optional<bool> boolean() const;
    // With the types of YAML 1.2: null, true/false, integers, floats, texts.
    Any value() const;
    fedmsg_plugins::Datum datum() const;
};

struct YamlNode::Entry {
    std::string key;
    int line;
    YamlNode value;
};

// Throws FileError.
YamlNode parse_yaml(std::string_view text, std::size_t max_bytes);

}  // namespace badges
