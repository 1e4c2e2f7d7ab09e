// What the awarder needs of its surroundings, and how it tells what it does. Lane thread only.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace badges {

struct Hooks {
    std::function<std::chrono::system_clock::time_point()> now;
    std::function<void(std::string_view counter)> count = [](std::string_view) {};
    std::function<void(const std::string& line)> info = [](const std::string&) {};
    std::function<void(const std::string& line)> alert = [](const std::string&) {};
};

}  // namespace badges
