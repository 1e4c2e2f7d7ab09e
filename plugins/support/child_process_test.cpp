#include "support/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using fedmsg_plugins::ChildCommand;
using fedmsg_plugins::ChildResult;
using fedmsg_plugins::run_child;
using namespace std::chrono_literals;

// The tests need a program that does something; the plugins themselves start no shell.
ChildCommand shell(const std::string& script) {
    return {.arguments = {"/bin/sh", "-c", script}};
}

TEST(AChild, GivesItsOutputAndItsExitStatus) {
    const ChildResult result = run_child(shell("echo to out; echo to err >&2; exit 25"));
    EXPECT_EQ(result.end, ChildResult::End::exited);
    EXPECT_EQ(result.code, 25);
    EXPECT_EQ(result.out, "to out\n");
    EXPECT_EQ(result.describe(), "exit status 25: to err");
}

TEST(AChild, GetsItsArgumentsAsTheyAre) {
    const ChildResult result = run_child({.arguments = {"printf", "%s", "$(touch x); `id` 'a b'"}});
    EXPECT_TRUE(result.is_success());
    EXPECT_EQ(result.out, "$(touch x); `id` 'a b'");
}

TEST(AChild, SeesTheFixedEnvironmentAndNothingElse) {
    ::setenv("GENACLS_SECRET", "s3cret", 1);
    const ChildResult result = run_child({.arguments = {"/usr/bin/env"}});
    ::unsetenv("GENACLS_SECRET");
    EXPECT_EQ(result.out, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C.UTF-8\n");
}

TEST(AChild, InheritsNoDescriptors) {
    const int extra = ::dup(0);
    ASSERT_GE(extra, 3);
    const ChildResult result = run_child({.arguments = {"ls", "/proc/self/fd"}});
    ::close(extra);
    EXPECT_EQ(result.out, "0\n1\n2\n3\n") << "3 is the directory that ls reads";
}

TEST(AChild, ReadsItsInput) {
    const std::string input(300'000, 'x');
    ChildCommand command{.arguments = {"wc", "-c"}, .input = input};
    EXPECT_EQ(run_child(command).out, "300000\n");
}

TEST(AChild, MayLeaveItsInputUnread) {
    ChildCommand command{.arguments = {"true"}, .input = std::string(3'000'000, 'x')};
    EXPECT_TRUE(run_child(command).is_success());
}

TEST(AChild, RunsInItsDirectory) {
    EXPECT_EQ(run_child({.arguments = {"pwd"}, .directory = "/usr"}).out, "/usr\n");
}

TEST(AChild, IsEndedAtItsTimeLimit) {
    ChildCommand command = shell("sleep 100");
    command.time_limit = 50ms;
    const ChildResult result = run_child(command);
    EXPECT_EQ(result.end, ChildResult::End::timed_out);
    EXPECT_EQ(result.code, SIGTERM);
}

TEST(AChild, ThatIgnoresTheFirstSignalIsKilled) {
    char marker[] = "/tmp/child-process-test-XXXXXX";
    ASSERT_NE(::mkdtemp(marker), nullptr);
    ChildCommand command = shell("trap '' TERM; rmdir \"$0\"; while :; do sleep 1; done");
    command.arguments.emplace_back(marker);
    command.is_cancelled = [&] { return ::access(marker, F_OK) != 0; };  // from when the signal is ignored
    command.kill_after = 50ms;
    const ChildResult result = run_child(command);
    EXPECT_EQ(result.end, ChildResult::End::cancelled);
    EXPECT_EQ(result.code, SIGKILL);
}

TEST(AChild, IsEndedWhenTheCallerGivesUp) {
    ChildCommand command = shell("sleep 100");
    command.is_cancelled = [] { return true; };
    EXPECT_EQ(run_child(command).end, ChildResult::End::cancelled);
}

TEST(AChild, LeavesNoProcessOfItsGroupBehind) {
    const ChildResult result = run_child(shell("sleep 100 & echo $!"));
    ASSERT_TRUE(result.is_success());
    const std::string stat = "/proc/" + result.out.substr(0, result.out.size() - 1) + "/stat";
    // Killed, though perhaps not yet reaped by whoever adopted it.
    std::string line;
    for (int tries = 0; tries < 1'000; ++tries) {
        line.clear();
        std::getline(std::ifstream(stat) >> std::ws, line);
        if (line.empty() || line.find(") Z") != std::string::npos || line.find(") X") != std::string::npos) return;
        ::usleep(1'000);
    }
    FAIL() << line;
}

TEST(AChild, WritesNoMoreThanIsWanted) {
    ChildCommand command = shell("head -c 1000000 /dev/zero; echo end >&2");
    command.output_limit = 1'000;
    const ChildResult result = run_child(command);
    EXPECT_TRUE(result.is_success());
    EXPECT_EQ(result.out.size(), 1'000u);
    EXPECT_TRUE(result.is_truncated);
    EXPECT_EQ(result.err, "end\n");
}

TEST(AChild, ThatDiesOfASignalSaysSo) {
    EXPECT_EQ(run_child(shell("kill -9 $$")).describe(), "ended by signal 9");
}

TEST(AChild, ThatCannotBeStartedIsAResult) {
    const ChildResult result = run_child({.arguments = {"/nonexistent/program"}});
    EXPECT_EQ(result.end, ChildResult::End::not_started);
    EXPECT_EQ(result.describe(), "cannot start /nonexistent/program: No such file or directory");
    EXPECT_EQ(run_child({}).describe(), "the command is empty");
}

}  // namespace
