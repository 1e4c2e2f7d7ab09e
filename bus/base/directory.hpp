// Directories that the programs make for themselves. Any thread.
#pragma once

#include <string>

#include "bus/base/result.hpp"

namespace fedmsg {

// Makes a directory and its parents, mode 0750 for the last. The error says which and why.
Status make_directory(const std::string& path);

}  // namespace fedmsg
