// The command line of fedmsg-check (cli.md 8): a small option set of its own, without abbreviations.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace fedmsg::check {

struct Options {
    int timeout_seconds = 10;
    std::vector<std::string> consumers{};
    std::vector<std::string> producers{};
    bool help = false;
};

// A command line that cannot be read; what() is the text behind "Error: ".
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Options parse(const std::vector<std::string>& arguments);
std::string help_text();

}  // namespace fedmsg::check
