// The command line of fedmsg-hub-plugin-run, taken in two parts: the program's own options, and what is for the plugin.
// One thread.
#pragma once

#include <string>
#include <vector>

#include "bus/cli/command_line.hpp"

namespace fedmsg::hub {

// fedmsg-hub-plugin-run [OPTION...] PLUGIN [OPTION...] [COMMAND ARGUMENT...]
// With --plugin PLUGIN the first word is the command already; that is how fedmsg-badges and its like call it.
struct RunArguments {
    std::vector<std::string> own;      // argv[0] and the options
    std::string plugin;                // name of a consumer, or path of a file; empty: none given
    std::vector<std::string> command;  // the plugin's; empty: none

    static RunArguments split(const std::vector<std::string>& argv, const cli::CommandLine& line);
};

cli::CommandLine plugin_run_command_line();

}  // namespace fedmsg::hub
