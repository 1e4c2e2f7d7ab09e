// Runs real programs: started with a clean environment, their output collected, ended by pid when the object goes.
// One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bus/base/fd.hpp"

namespace fedmsg::test {

inline constexpr std::chrono::seconds kProgramLimit{30};

struct Command {
    std::vector<std::string> argv;  // argv[0] is the file
    std::string directory = "/";    // current directory, and HOME
    std::map<std::string, std::string>
        environment;            // besides the test's own, less FEDMSG_CONFIG and the like; TZ is UTC
    std::optional<uid_t> user;  // run as this user (tests that run as root)
};

class Program {
public:
    explicit Program(const Command& command);
    // Kills it if it still runs.
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void write(std::string_view input);
    void close_input();
    // Stops reading its standard output, as `head` does.
    void close_output() { out_pipe_.reset(); }
    void signal(int number);

    // Collects what it has written so far.
    const std::string& out();
    const std::string& err();
    // True as soon as stdout (or stderr) contains the text.
    bool wait_for_out(std::string_view text, std::chrono::milliseconds limit = kProgramLimit);
    bool wait_for_err(std::string_view text, std::chrono::milliseconds limit = kProgramLimit);

    // Waits for its end: the exit code, or 128 + the signal that ended it; -1 if it still runs after the limit.
    int wait(std::chrono::milliseconds limit = kProgramLimit);
    pid_t pid() const { return pid_; }

private:
    void collect();
    bool has_ended();

    pid_t pid_ = -1;
    std::optional<int> code_;
    Fd in_pipe_, out_pipe_, err_pipe_;
    std::string out_, err_;
};

struct Finished {
    int code = -1;
    std::string out;
    std::string err;
};

// Runs it to its end with this input.
Finished run_program(const Command& command, std::string_view input = "");

}  // namespace fedmsg::test
