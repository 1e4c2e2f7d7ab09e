#include "genacls/debounce.hpp"

#include <algorithm>

namespace genacls {

void Debounce::wait_until(double time) {
    state_ = State::waiting;
    deadline_ = time;
}

void Debounce::message(double now) {
    if (is_running())
        state_ = State::running_dirty;
    else if (state_ == State::idle)
        wait_until(now + options_.delay);
    else if (failures_ > 0)  // may shorten a back-off, to no less than the delay
        deadline_ = std::min(deadline_, now + options_.delay);
}

void Debounce::demand(double now) {
    if (is_running())
        state_ = State::running_dirty;
    else
        wait_until(now);
}

bool Debounce::begin(double now) {
    if (state_ != State::waiting || now < deadline_) return false;
    state_ = State::running;
    return true;
}

void Debounce::succeeded(double now) {
    failures_ = 0;
    if (state_ == State::running_dirty)
        wait_until(now + options_.delay);
    else
        state_ = State::idle;
}

void Debounce::failed(double now, double chance) {
    wait_until(now + options_.backoff.delay(failures_, chance).count());
    ++failures_;
}

}  // namespace genacls
