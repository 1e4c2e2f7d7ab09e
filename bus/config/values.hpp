// Is a value what its key is declared to be? Converts where the rules allow it (config.md 5 "Rule"). Any thread.
#pragma once

#include <string>

#include "bus/base/result.hpp"
#include "bus/config/configuration.hpp"
#include "bus/config/schema.hpp"

namespace fedmsg::config {

// Changes the value to its declared form, or says what it should be. `written`: the plain scalar as it stood in the
// file, or null; a key declared string takes it. The error begins with "must be ...".
Status convert(const KeySpec& spec, json::Value& value, const std::string* written, json::Pool& pool);

// Why an endpoint's address cannot be used; nothing if it can. "tcp://HOST:PORT" (HOST a name, an IPv4 address, an IPv6
// address in brackets or *), "ipc://PATH", "inproc://NAME", "amqp://..." and "amqps://...".
Status check_address(std::string_view address);

}  // namespace fedmsg::config
