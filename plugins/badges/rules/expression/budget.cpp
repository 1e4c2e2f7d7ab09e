#include "badges/rules/expression/budget.hpp"

#include <string>

#include "badges/rules/any.hpp"

namespace badges::expression {
namespace {

constexpr std::uint64_t kStepsBetweenLooks = 256;

[[noreturn]] void refuse(const std::string& what) {
    throw EvaluationError(what + ": the limit of one evaluation");
}

}  // namespace

Budget::Budget(const Limits& limits)
    : limits_(limits), steps_left_(limits.steps), until_clock_(kStepsBetweenLooks), since_(limits.clock()) {}

void Budget::spend(std::uint64_t steps) {
    if (steps > steps_left_) refuse("more than " + std::to_string(limits_.steps) + " steps");
    steps_left_ -= steps;
    if (steps < until_clock_) {
        until_clock_ -= steps;
    } else {
        until_clock_ = kStepsBetweenLooks;
        check_time();
    }
}

void Budget::check_text(std::size_t bytes) const {
    if (bytes > limits_.text_bytes) refuse("a text longer than " + std::to_string(limits_.text_bytes) + " bytes");
}

void Budget::check_list(std::size_t items) const {
    if (items > limits_.list_items) refuse("a list of more than " + std::to_string(limits_.list_items) + " elements");
}

void Budget::check_time() const {
    if (used_ + (limits_.clock() - since_) > limits_.time)
        refuse("longer than " + std::to_string(limits_.time.count()) + " ms");
}

void Budget::pause() {
    used_ += limits_.clock() - since_;
}

void Budget::resume() {
    since_ = limits_.clock();
}

}  // namespace badges::expression
