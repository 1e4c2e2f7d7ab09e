// What a monitoring report says of the consumers and producers that were asked for (the table of cli.md 8). Any thread.
#pragma once

#include <string>
#include <vector>

#include "bus/json/document.hpp"
#include "tools/check/options.hpp"

namespace fedmsg::check {

struct Verdict {
    int exit_code = 0;
    std::string out;  // for stdout
    std::string err;  // for stderr
};

// `report`: hub-and-consumers.md 9.
Verdict judge(const json::Value& report, const Options& options);

}  // namespace fedmsg::check
