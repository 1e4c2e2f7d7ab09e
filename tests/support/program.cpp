#include "tests/support/program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "tests/support/wait.hpp"

// NOLINTNEXTLINE(readability-redundant-declaration)
extern char** environ;

namespace fedmsg::test {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
        read = Fd(ends[0]);
        write = Fd(ends[1]);
    }
    Fd read, write;
};

std::vector<std::string> environment_of(const Command& command) {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const auto equals = text.find('=');
        variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    for (const char* name : {"FEDMSG_CONFIG", "VIRTUAL_ENV", "JOURNAL_STREAM", "NOTIFY_SOCKET"}) variables.erase(name);
    variables["TZ"] = "UTC";
    variables["HOME"] = command.directory;
    for (const auto& [name, value] : command.environment) variables[name] = value;
    std::vector<std::string> entries;
    for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
    return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(int file, const Command& command, char* const* argv, char* const* environment, const Pipe& in,
                         const Pipe& out, const Pipe& err) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ::signal(SIGINT, SIG_DFL);
    if (::dup2(in.read.get(), 0) < 0 || ::dup2(out.write.get(), 1) < 0 || ::dup2(err.write.get(), 2) < 0) ::_exit(126);
    if (::chdir(command.directory.c_str()) != 0) ::_exit(126);
    if (command.user && (::setgroups(0, nullptr) != 0 || ::setgid(*command.user) != 0 || ::setuid(*command.user) != 0))
        ::_exit(126);
    ::fexecve(file, argv, environment);
    ::_exit(127);
}

// Appends what can be read now; closes the pipe at its end.
void read_available(Fd& pipe, std::string& text) {
    std::array<char, 65536> buffer{};
    while (pipe) {
        const ssize_t count = ::read(pipe.get(), buffer.data(), buffer.size());
        if (count > 0)
            text.append(buffer.data(), static_cast<std::size_t>(count));
        else if (count == 0)
            pipe.reset();
        else if (errno != EINTR)
            return;
    }
}

}  // namespace

Program::Program(const Command& command) {
    ::signal(SIGPIPE, SIG_IGN);  // writing to a program that has ended is an error, not the end of the test
    Fd file(::open(command.argv.at(0).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw std::runtime_error("cannot open " + command.argv.at(0));
    Pipe in, out, err;
    std::vector<std::string> argv = command.argv;
    std::vector<std::string> environment = environment_of(command);
    const std::vector<char*> argv_pointers = pointers(argv);
    const std::vector<char*> environment_pointers = pointers(environment);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) become(file.get(), command, argv_pointers.data(), environment_pointers.data(), in, out, err);
    in_pipe_ = std::move(in.write);
    out_pipe_ = std::move(out.read);
    err_pipe_ = std::move(err.read);
    for (const Fd* pipe : {&in_pipe_, &out_pipe_, &err_pipe_}) ::fcntl(pipe->get(), F_SETFL, O_NONBLOCK);
}

Program::~Program() {
    if (has_ended()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Program::write(std::string_view input) {
    while (!input.empty() && in_pipe_) {
        const ssize_t count = ::write(in_pipe_.get(), input.data(), input.size());
        if (count > 0) {
            input.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EPIPE) return close_input();
        collect();  // it may wait for us to read
        pollfd writable{in_pipe_.get(), POLLOUT, 0};
        ::poll(&writable, 1, 10);
    }
}

void Program::close_input() {
    in_pipe_.reset();
}

void Program::signal(int number) {
    if (!has_ended()) ::kill(pid_, number);
}

void Program::collect() {
    read_available(out_pipe_, out_);
    read_available(err_pipe_, err_);
}

const std::string& Program::out() {
    collect();
    return out_;
}

const std::string& Program::err() {
    collect();
    return err_;
}

bool Program::wait_for_out(std::string_view text, std::chrono::milliseconds limit) {
    return wait_for([&] { return out().find(text) != std::string::npos; }, limit);
}

bool Program::wait_for_err(std::string_view text, std::chrono::milliseconds limit) {
    return wait_for([&] { return err().find(text) != std::string::npos; }, limit);
}

bool Program::has_ended() {
    if (code_) return true;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

int Program::wait(std::chrono::milliseconds limit) {
    const bool ended = wait_for(
        [&] {
            collect();
            return has_ended();
        },
        limit);
    collect();
    return ended ? *code_ : -1;
}

Finished run_program(const Command& command, std::string_view input) {
    Program program(command);
    program.write(input);
    program.close_input();
    const int code = program.wait();
    return {code, program.out(), program.err()};
}

}  // namespace fedmsg::test
