// Budget: what one evaluation may still use. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "badges/rules/any.hpp"
#include "badges/rules/limits.hpp"

namespace badges::expression {

// All but the accounting throw an EvaluationError when a limit is exceeded.
class Budget final : public WorkMeter {
public:
    explicit Budget(const Limits& limits);

    void spend(std::uint64_t steps = 1);
    void work(std::size_t units) override { spend(units); }
    // For work that is linear in a text's or list's size.
    void spend_on(std::size_t bytes) { spend(1 + bytes / 64); }
    void check_text(std::size_t bytes) const;
    void check_list(std::size_t items) const;
    std::size_t text_bytes() const noexcept { return limits_.text_bytes; }
    // A row of the history has come: its work is paid for apart.
    void grant_row() { steps_left_ += limits_.steps_per_row; }

    // The time between the two is the history's. They nest: rows arrive in the middle of it.
    void pause();
    void resume();

private:
    void check_time() const;

    const Limits& limits_;
    std::uint64_t steps_left_;
    std::uint64_t until_clock_;  // steps until the clock is looked at again
    std::chrono::steady_clock::duration used_{};
    std::chrono::steady_clock::time_point since_;
};

// Calls resume when a row is done or has thrown, and so on: pauses for as long as it lives.
class Pause {
public:
    explicit Pause(Budget& budget) : budget_(budget) { budget_.pause(); }
    ~Pause() { budget_.resume(); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

private:
    Budget& budget_;
};

class Work {
public:
    explicit Work(Budget& budget) : budget_(budget) { budget_.resume(); }
    ~Work() { budget_.pause(); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

private:
    Budget& budget_;
};

}  // namespace badges::expression
