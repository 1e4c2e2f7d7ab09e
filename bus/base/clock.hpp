// Time as the code sees it, so that tests can set it. Any thread.
#pragma once

#include <chrono>

namespace fedmsg {

class Clock {
public:
    using Wall = std::chrono::system_clock::time_point;
    using Steady = std::chrono::steady_clock::time_point;

    virtual ~Clock() = default;
    virtual Wall wall() const = 0;
    virtual Steady steady() const = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
public:
    Wall wall() const override { return std::chrono::system_clock::now(); }
    Steady steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace fedmsg
