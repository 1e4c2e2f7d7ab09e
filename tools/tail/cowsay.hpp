// The speech bubble of `fedmsg-tail --cowsay`: the program cowsay, run without a shell. One thread.
#pragma once

#include <string>

namespace fedmsg::tools {

// What the program prints for the text: its error output if there is any, or why it could not be run. Ends it after a
// few seconds; takes at most 64 kB of it.
std::string cowsay(const std::string& text, const std::string& program = "cowsay");

}  // namespace fedmsg::tools
