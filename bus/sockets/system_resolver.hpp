// The parts of resolve_with_system() (resolver.hpp) that tests look at. Any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace fedmsg::sockets {

inline constexpr std::chrono::milliseconds kSystemLookUpLimit{3000};

// Runs the program (`argv`, absolute path first) and returns what it writes to standard output. Throws
// std::runtime_error if it cannot be run, does not end within the limit (it is killed then), or writes over 64 KiB.
std::string output_of(const std::vector<std::string>& argv, std::chrono::milliseconds limit);

// The addresses in the output of `getent ahosts`: first column, each once, in order.
std::vector<std::string> addresses_in(std::string_view getent_output);

}  // namespace fedmsg::sockets
