#include "daemon/app/control_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace fedmsg::hub {
namespace {

using std::chrono::milliseconds;

TEST(AControlLoop, ReturnsWhenItIsStoppedFromAnotherThread) {
    ControlLoop loop;
    std::thread other([&] {
        loop.stop();
        loop.stop();
    });
    loop.run();
    other.join();
}

TEST(AControlLoop, CallsATaskEveryPeriodUntilItIsStopped) {
    ControlLoop loop;
    int calls = 0;
    loop.every(milliseconds(1), [&] {
        if (++calls == 5) loop.stop();
    });
    loop.run();
    EXPECT_EQ(calls, 5);
}

// Due times are fixed from the start, so a task that is late once does not move all later ones.
TEST(AControlLoop, DoesNotDrift) {
    ControlLoop loop;
    std::vector<std::chrono::steady_clock::time_point> at;
    const auto start = std::chrono::steady_clock::now();
    loop.every(milliseconds(20), [&] {
        at.push_back(std::chrono::steady_clock::now());
        if (at.size() == 1)
            while (std::chrono::steady_clock::now() - start < milliseconds(70)) {
            }
        if (at.size() == 5) loop.stop();
    });
    loop.run();
    // The 2nd and 3rd were due while the first ran and follow at once; the 5th is due at 100 ms all the same.
    EXPECT_LT(at[2] - start, milliseconds(80 + 50));
    EXPECT_GE(at[4] - start, milliseconds(100));
}

TEST(AControlLoop, StopsOnSigtermAndGoesOnAfterSighup) {
    ControlLoop loop;
    int hangups = 0;
    loop.watch_signals([&] {
        ++hangups;
        std::raise(SIGTERM);
    });
    std::raise(SIGHUP);
    loop.run();
    EXPECT_EQ(hangups, 1);
}

}  // namespace
}  // namespace fedmsg::hub
