// The checks of a merged configuration that are not about one value's type.
#pragma once

#include <vector>

#include "bus/config/merger.hpp"

namespace fedmsg::config {

// STOMP, the dead AMQP extension and the websocket server: keys that would switch them on (architecture.md "Layout").
void refuse_dead_keys(const Configuration& configuration, std::vector<Problem>& problems);

// Every declared key is of its type, or made so.
void check_types(Merger& merger, Configuration& configuration, const Schema& schema, std::vector<Problem>& problems);

// No undeclared key lies below a prefix that somebody declares as its own.
void check_own_prefixes(const Configuration& configuration, const Schema& schema, std::vector<Problem>& problems);

}  // namespace fedmsg::config
