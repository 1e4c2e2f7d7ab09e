// How much one evaluation, one expression and one rule file may use. Source: badges.md 3.6.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace badges {

struct Limits {
    int nesting = 64;
    std::size_t source_bytes = 4096;       // of one expression
    std::uint64_t steps = 1'000'000;       // per evaluation
    std::uint64_t steps_per_row = 1'000;   // more for each row that the history streams: the work is done row by row
    std::chrono::milliseconds time{1000};  // per evaluation, without the time that the history takes
    std::size_t text_bytes = std::size_t{1} << 20;
    std::size_t list_items = 1'000'000;
    std::size_t file_bytes = std::size_t{256} * 1024;
    std::size_t files = 10'000;  // in a rule directory
    // For `time`; replaced in tests.
    std::function<std::chrono::steady_clock::time_point()> clock = &std::chrono::steady_clock::now;
};

}  // namespace badges
