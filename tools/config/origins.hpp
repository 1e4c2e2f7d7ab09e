// What `fedmsg-config --origin` prints: each value with the place it came from, one line per value, for example
//     /etc/fedmsg.d/base.yaml:4: endpoints.relay_outbound = ["tcp://127.0.0.1:4001"]
// Maps are taken apart, since their entries may come from different files; lists are not, since they are replaced as a
// whole. Any thread.
#pragma once

#include <string>

#include "bus/config/configuration.hpp"
#include "tools/config/query.hpp"

namespace fedmsg::tools {

// `shown` is a value to print (possibly masked) whose path is one of the configuration.
std::string origins(const config::Configuration& configuration, const Found& shown);

}  // namespace fedmsg::tools
