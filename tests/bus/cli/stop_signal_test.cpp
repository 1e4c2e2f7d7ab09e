#include "bus/cli/stop_signal.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include "tests/support/wait.hpp"

namespace fedmsg::cli {
namespace {

bool is_blocked(int signal) {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return sigismember(&mask, signal) == 1;
}

TEST(AStopSignal, CallsItsOwnerOnceForSigintAndSigterm) {
    for (const int signal : {SIGINT, SIGTERM}) {
        std::atomic<int> calls = 0;
        const StopSignal stop([&] { ++calls; });
        EXPECT_FALSE(stop.requested());
        ASSERT_EQ(::kill(::getpid(), signal), 0);
        EXPECT_TRUE(test::wait_for([&] { return calls == 1; }));
        EXPECT_TRUE(stop.requested());
    }
}

TEST(AStopSignal, EndsQuietlyIfNoSignalCame) {
    bool called = false;
    {
        const StopSignal stop([&] { called = true; });
    }
    EXPECT_FALSE(called);
}

TEST(AStopSignal, RestoresTheMask) {
    {
        const StopSignal stop([] {});
        EXPECT_TRUE(is_blocked(SIGTERM));
        EXPECT_TRUE(is_blocked(SIGINT));
    }
    EXPECT_FALSE(is_blocked(SIGTERM));
    EXPECT_FALSE(is_blocked(SIGINT));
}

TEST(AStopSignal, LeavesAnIgnoredSigintIgnored) {
    ::signal(SIGINT, SIG_IGN);
    {
        const StopSignal stop([] {});
        EXPECT_FALSE(is_blocked(SIGINT));
    }
    ::signal(SIGINT, SIG_DFL);
}

}  // namespace
}  // namespace fedmsg::cli
