// From the tree of one file to flat keys: nested spellings of declared keys become flat ones, keys that come twice are
// found (architecture.md "Configuration").
#pragma once

#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "bus/config/yaml_node.hpp"

namespace fedmsg::config {

struct Entry {
    std::string key;
    int line = 0;
    Node value;
};

// A key that stands twice in one map of the file, at any depth.
void find_duplicates(const Node& node, const std::string& file, std::vector<Problem>& problems);

// The file's top-level entries under their flat names; a name that comes in both spellings is a problem.
std::vector<Entry> flatten(Node root, const Schema& schema, const std::string& file, std::vector<Problem>& problems);

// All keys of a value's maps, joined by dots below `name`, with their lines.
void list_spellings(const std::string& name, const Node& value, std::vector<std::pair<std::string, int>>& spellings);

}  // namespace fedmsg::config
