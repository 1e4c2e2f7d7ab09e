// Python's text forms of a JSON value (cli.md 4.2 and 4.3): what fedmsg-tail prints. All are UTF-8. Any thread.
#pragma once

#include <string>

#include "bus/json/document.hpp"

namespace fedmsg::json {

// cli.md 4.2 "Python text form", keys as received. A string inside containers is quoted; at top level it is too:
// use python_bare for values that are shown by themselves.
std::string python_text(const Value& value);

// As python_text, but a string at top level is printed bare; its unpaired surrogates, which UTF-8 cannot hold, as
// \udxxx.
std::string python_bare(const Value& value);

// cli.md 4.3: width 80, keys sorted. On one line if it would exceed kMaxPrettyBytes (writer.hpp).
std::string python_pretty(const Value& value);

}  // namespace fedmsg::json
