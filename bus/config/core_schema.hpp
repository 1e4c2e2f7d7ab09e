// What a YAML scalar means: the core schema of YAML 1.2. Any thread.
#pragma once

#include "bus/config/yaml_node.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::config {

// null, booleans, integers of any length, floats; everything else, and everything quoted, is a string. Throws
// SyntaxError for an integer that is too long to be one (json::kMaxIntegerDigits).
json::Value resolve_scalar(const Node& scalar, json::Pool& pool);

}  // namespace fedmsg::config
