// Replaces ${...} in texts (architecture.md "Configuration"). Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bus/base/result.hpp"
#include "bus/config/configuration.hpp"
#include "bus/config/yaml_node.hpp"

namespace fedmsg::config {

// What stands for a name between the braces. An error says why there is nothing; an empty optional: not known.
using Variables = std::function<Result<std::optional<std::string>>(std::string_view name)>;

// `$${` becomes `${`; an unknown name is an error that lists `known`.
Result<std::string> substitute(std::string_view text, const Variables& variables, std::string_view known);

// All texts and keys of a file's tree. In topic patterns (`topics` of an entry of `consumers`) the names that are known
// only after loading, and `$${`, stay for expand_pattern(). Problems are added with the file's name.
void substitute_all(Node& root, const Variables& variables, const std::string& file, std::vector<Problem>& problems);

}  // namespace fedmsg::config
