// YAML text to Node tree, with yaml-cpp behind it. Bounded in time, memory and depth whatever the text is (KF-031).
#pragma once

#include <string_view>

#include "bus/config/yaml_node.hpp"

namespace fedmsg::config {

// The text's one document, a map; an empty text is an empty map. Anchors, aliases, tags other than !!str, and keys that
// are lists or maps are refused. Throws SyntaxError.
Node read_yaml(std::string_view text);

}  // namespace fedmsg::config
