#include "bus/sockets/system_resolver.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

#include "bus/base/fd.hpp"
#include "bus/base/result.hpp"
#include "bus/base/text.hpp"
#include "bus/sockets/resolver.hpp"

namespace fedmsg::sockets {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kGetent = "/usr/bin/getent";
constexpr std::size_t kMostOutput = 64 * 1024;

struct Pipe {
    Fd read;
    Fd write;
};

Pipe open_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error(system_failure("pipe", errno).text);
    return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// A child process that is killed and reaped when the object goes.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    ~Child() {
        kill(pid_, SIGKILL);
        // Somebody else's waitpid(-1) may have reaped it already; nothing is lost then.
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

private:
    pid_t pid_;
};

// What the child starts with: its output goes to `out`, nothing else is inherited, no signal is blocked.
class SpawnSetup {
public:
    explicit SpawnSetup(int out) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
    }
    ~SpawnSetup() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;

    pid_t run(const std::vector<std::string>& argv) const {
        std::vector<std::string> copies = argv;
        std::vector<char*> pointers;
        for (auto& copy : copies) pointers.push_back(copy.data());
        pointers.push_back(nullptr);
        pid_t pid = -1;
        const int error = posix_spawn(&pid, pointers[0], &actions_, &attributes_, pointers.data(), environ);
        if (error != 0) throw std::runtime_error(system_failure("cannot run " + argv[0], error).text);
        return pid;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// True if the descriptor can be read (or is at its end) before the deadline.
bool readable_before(int descriptor, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd item{descriptor, POLLIN, 0};
        const int count = poll(&item, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (count > 0) return true;
        if (count == 0 || errno != EINTR) return false;
    }
}

std::string read_to_end(int descriptor, Clock::time_point deadline) {
    std::string text;
    std::array<char, 4096> piece{};
    while (readable_before(descriptor, deadline)) {
        const ssize_t count = read(descriptor, piece.data(), piece.size());
        if (count == 0) return text;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw std::runtime_error(system_failure("reading the look-up's answer", errno).text);
        text.append(piece.data(), static_cast<std::size_t>(count));
        if (text.size() > kMostOutput) throw std::runtime_error("the look-up's answer is over 64 KiB long");
    }
    throw std::runtime_error("no answer in time");
}

}  // namespace

std::string output_of(const std::vector<std::string>& argv, std::chrono::milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    Pipe pipe = open_pipe();
    const Child child(SpawnSetup(pipe.write.get()).run(argv));
    pipe.write.reset();
    return read_to_end(pipe.read.get(), deadline);
}

std::vector<std::string> addresses_in(std::string_view getent_output) {
    std::vector<std::string> addresses;
    for (const auto& line : text::split(getent_output, '\n')) {
        std::string address = line.substr(0, line.find(' '));
        if (address.empty() || std::find(addresses.begin(), addresses.end(), address) != addresses.end()) continue;
        addresses.push_back(std::move(address));
    }
    return addresses;
}

}  // namespace fedmsg::sockets

namespace fedmsg {

std::vector<std::string> resolve_with_system(const std::string& host) {
    // RFC 6761: localhost never leaves the machine. The original's peers bind IPv4, so that comes first.
    if (text::lower_ascii(host) == "localhost") return {"127.0.0.1", "::1"};
    auto addresses =
        sockets::addresses_in(sockets::output_of({sockets::kGetent, "ahosts", host}, sockets::kSystemLookUpLimit));
    if (addresses.empty()) throw std::runtime_error("no such host name is known");
    return addresses;
}

}  // namespace fedmsg
