// Child processes for plugins (C8 of the consumers' shared rules): argument vectors and never a shell, a fixed
// environment, no inherited descriptors, a process group of their own, a time limit, bounded output.
//
//     const ChildResult result = run_child({.arguments = {"/usr/bin/gitolite", "compile"}, .time_limit = 60s});
//     if (!result.is_success()) log().error("compile: ", result.describe());
//
// What belongs to the child's process group is gone when run_child returns, whatever the child did. Any thread. Nothing
// is thrown but std::bad_alloc; a program that cannot be started is a result, too.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace fedmsg_plugins {

struct ChildCommand {
    std::vector<std::string>
        arguments{};  // the first is the program: a path, or a name that is looked up in PATH below
    std::vector<std::string> environment = default_environment();
    std::string directory = "/";
    std::string input{};  // what it reads from standard input
    std::chrono::milliseconds time_limit{60'000};
    std::chrono::milliseconds kill_after{30'000};  // after SIGTERM
    std::size_t output_limit = 64 * 1024;          // of each stream; the rest is read and thrown away
    std::function<bool()> is_cancelled{};  // asked about every 20 ms; true ends the child as the time limit does

    // PATH and LC_ALL, nothing else.
    static std::vector<std::string> default_environment();
};

struct ChildResult {
    enum class End { not_started, exited, signalled, timed_out, cancelled };

    End end = End::not_started;
    int code = 0;  // exit status, or the signal's number
    std::string out;
    std::string err;
    bool is_truncated = false;
    std::string problem;  // why it was not started

    bool is_success() const { return end == End::exited && code == 0; }
    // "exit status 25: FATAL: bad username 'x'": how it ended, and the last line that it wrote to standard error.
    std::string describe() const;
};

ChildResult run_child(const ChildCommand& command);

}  // namespace fedmsg_plugins
