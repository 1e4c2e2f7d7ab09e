// What the readers of rule files share. All throw FileErrors with the line and the key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/expression/expression.hpp"
#include "badges/rules/limits.hpp"
#include "badges/rules/yaml_file.hpp"
#include "support/structured_test.hpp"

namespace badges {

// A text that is not empty; numbers are taken as they are written.
std::string read_text(const YamlNode& node, const std::string& key);
expression::Expression read_expression(const YamlNode& node, const std::string& key, const expression::NameSet& names,
                                       const Limits& limits);
fedmsg_plugins::StructuredTest read_test(const YamlNode& node, const std::string& key);

// The one entry of a node that is a mapping with exactly one key, which must be known.
const YamlNode::Entry& only_entry(const YamlNode& node, const std::string& key, const std::vector<std::string>& known);
// Refuses keys that are not known, with the nearest one that is.
void check_keys(const YamlNode& node, const std::string& key, const std::vector<std::string>& known);

// The beginning of a long text, for people.
std::string excerpt(std::string text);

}  // namespace badges
