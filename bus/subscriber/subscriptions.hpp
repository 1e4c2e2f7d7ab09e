// Sets of ZeroMQ prefix subscriptions. Any thread.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace fedmsg {

using Subscriptions = std::set<std::string>;

// Without the prefixes that a shorter one covers.
Subscriptions minimal(const std::vector<std::string>& prefixes);

// Those of `wanted` that are not in `present`.
std::vector<std::string> missing(const Subscriptions& wanted, const Subscriptions& present);

}  // namespace fedmsg
