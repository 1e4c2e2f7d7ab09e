// Looking values up in a configuration, and how fedmsg-config prints them (cli.md 2). Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bus/json/document.hpp"

namespace fedmsg::tools {

// Where a query leads: the value, and the keys on the way to it.
struct Found {
    const json::Value* value = nullptr;
    std::vector<std::string> path;
};

// Follows "a.b.c" through nested objects. Keys may hold dots themselves: at each object the whole rest is tried as a
// key first, then ever longer heads. Nothing is found where the value is null.
std::optional<Found> look_up(const json::Value& root, std::string_view query);

// A list: one item per line in Python's text form. A string: bare. Anything else: pretty JSON. With line ends.
std::string printed(const json::Value& value);

}  // namespace fedmsg::tools
