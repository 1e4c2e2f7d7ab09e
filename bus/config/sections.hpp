// What stands inside the maps that the hub itself reads: consumers, plugins, hub_publisher, http, endpoints.
#pragma once

#include <vector>

#include "bus/config/merger.hpp"

namespace fedmsg::config {

// Checks and converts the entries of `consumers: {NAME: {...}}`, `plugins: {FILE_STEM: {...}}`, `hub_publisher` and
// `http`. Topic patterns are checked as the matcher will see them.
void check_sections(Merger& merger, Configuration& configuration, std::vector<Problem>& problems);

// The value of `endpoints` and `replay_endpoints`: every address is checked, single addresses of `endpoints` become
// lists (config.md 3).
void check_endpoints(Merger& merger, Configuration& configuration, std::vector<Problem>& problems);

}  // namespace fedmsg::config
