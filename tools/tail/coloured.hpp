// Pretty JSON with the colours of `fedmsg-tail --really-pretty` (cli.md 4.4). Any thread.
#pragma once

#include <string>

#include "bus/json/document.hpp"

namespace fedmsg::tools {

// A text that would exceed json::kMaxPrettyBytes comes on one line and without colours.
std::string coloured(const json::Value& value);

}  // namespace fedmsg::tools
