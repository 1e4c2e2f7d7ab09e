// Paths into a message, as operators write them: msg.commit.stats.0.name. Segments are divided by dots; a segment of
// digits is the position in an array where the value is one. Pure functions, any thread.
#pragma once

#include <fedmsg_hub/sdk/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fedmsg_plugins {

// "a.b" to {"a", "b"}. Throws std::invalid_argument for an empty path or an empty segment.
std::vector<std::string> split_path(std::string_view path);

// The value there, or a missing one.
fedmsg_hub::Value at_path(fedmsg_hub::Value root, const std::vector<std::string>& segments);
fedmsg_hub::Value at_path(fedmsg_hub::Value root, std::string_view path);

}  // namespace fedmsg_plugins
