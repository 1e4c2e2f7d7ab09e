#include "tools/tail/cowsay.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>

#include "bus/base/fd.hpp"

namespace fedmsg::tools {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::chrono::seconds kLimit{5};

struct Pipe {
    Fd read, write;
    Pipe() {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) == 0) {
            read = Fd(ends[0]);
            write = Fd(ends[1]);
        }
    }
};

class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    void use(const Pipe& pipe, int as) { ::posix_spawn_file_actions_adddup2(&actions_, pipe.write.get(), as); }
    void use_nothing_as_input() {
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

// Signals that this program blocks for itself are not blocked in the child.
class Attributes {
public:
    Attributes() {
        sigset_t none;
        sigemptyset(&none);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

// False at the end of the stream.
bool take(Fd& from, std::string& into) {
    std::array<char, 4096> buffer;
    const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
    if (size <= 0) return false;
    into.append(buffer.data(), static_cast<std::size_t>(size));
    return into.size() < kMaxBytes;
}

// Reads both streams to their ends; false if that takes too long or gives too much.
bool read_all(Pipe& first, std::string& one, Pipe& second, std::string& other) {
    const auto deadline = std::chrono::steady_clock::now() + kLimit;
    while (first.read || second.read) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        std::array<pollfd, 2> ends{{{first.read.get(), POLLIN, 0}, {second.read.get(), POLLIN, 0}}};
        if (left.count() <= 0 || ::poll(ends.data(), ends.size(), static_cast<int>(left.count())) <= 0) return false;
        if (ends[0].revents != 0 && !take(first.read, one)) first.read.reset();
        if (ends[1].revents != 0 && !take(second.read, other)) second.read.reset();
    }
    return true;
}

}  // namespace

std::string cowsay(const std::string& text, const std::string& program) {
    Pipe out, err;
    FileActions actions;
    const Attributes attributes;
    actions.use(out, STDOUT_FILENO);
    actions.use(err, STDERR_FILENO);
    actions.use_nothing_as_input();
    std::string name = program, end_of_options = "--", argument = text;
    std::array<char*, 4> argv{name.data(), end_of_options.data(), argument.data(), nullptr};
    pid_t child = 0;
    if (const int error = ::posix_spawnp(&child, name.c_str(), actions.get(), attributes.get(), argv.data(), environ);
        error != 0)
        return program + ": " + std::strerror(error) + "\n";
    out.write.reset();
    err.write.reset();
    std::string shown, complaint;
    if (!read_all(out, shown, err, complaint)) ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return complaint.empty() ? shown : complaint;
}

}  // namespace fedmsg::tools
