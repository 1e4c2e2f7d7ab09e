// Turning host names into numeric addresses.
//
// libzmq would look names up inside its I/O thread and stall every connection of the process meanwhile, so it only ever
// sees numeric addresses (architecture.md "source").
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fedmsg {

// Answers a name with numeric addresses (IPv6 without brackets); called on a look-up thread. Throws std::runtime_error
// with the reason. Must come back within a bounded time, since whoever asked waits for it before it goes away.
using Resolver = std::function<std::vector<std::string>(const std::string& host)>;

// Asks the system (files, DNS, whatever nsswitch.conf says) and answers or throws within kSystemLookUpLimit.
//
// getaddrinfo() knows no time limit and cannot be cancelled: with an unreachable name server it takes 10 to 30 s, with
// a hanging name service module for ever, and the thread inside cannot be ended. Therefore the look-up is done by a
// child process, getent(1) of libc-bin, which can. Any thread.
std::vector<std::string> resolve_with_system(const std::string& host);

}  // namespace fedmsg
