// One line on its way to the handlers. Views are valid during the call that passes it. Any thread.
#pragma once

#include <chrono>
#include <span>
#include <string_view>

#include "bus/log/log.hpp"

namespace fedmsg::log {

struct Record {
    Level level = Level::info;
    std::string_view logger;
    std::string_view id;
    std::string_view text;
    std::span<const Field> fields;
    std::chrono::system_clock::time_point time;
};

// "DEBUG" ... "CRITICAL", as Python writes them.
std::string_view level_name(Level level);

}  // namespace fedmsg::log
