// The pre-pass over a command line (cli.md 1.1): long options may be shortened to any unambiguous prefix, `--opt value`
// and `--opt=value` are the same. Its result leaves the parser nothing to guess. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bus/cli/command_line.hpp"

namespace fedmsg::cli {

// Arguments with full option names; a value is always an argument of its own behind its option; what no option accounts
// for stays as it is. Arguments behind --help are left out. Throws Failure with code 2 for ambiguous names, missing and
// superfluous values.
std::vector<std::string> expand(const std::vector<std::string>& arguments, const std::vector<OptionSpec>& options);

}  // namespace fedmsg::cli
