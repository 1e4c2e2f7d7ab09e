// Values that follow from others (config.md 3).
#pragma once

#include <vector>

#include "bus/config/loader.hpp"
#include "bus/config/merger.hpp"

namespace fedmsg::config {

// Defaults of the schema that are part of the configuration, one level deep: a key that is there keeps its whole value.
void lay_defaults_under(Configuration& configuration, const Schema& schema);

// `endpoints` is there, is a map, and its addresses are sound; srv_endpoints add to it.
void derive_endpoints(Merger& merger, Configuration& configuration, const Request& request, const SrvLookUp& look_up,
                      std::vector<Problem>& warnings, std::vector<Problem>& problems);

// topic_prefix_re from topic_prefix, if it is not given.
void derive_prefix_expression(Configuration& configuration);

}  // namespace fedmsg::config
