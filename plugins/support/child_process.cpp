#include "support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace fedmsg_plugins {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kTick = 20ms;

// Owns a descriptor.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { reset(); }

    int get() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    void reset() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

// Our end and the child's end of a connection. A socket pair, because a write to a child that has gone must not raise
// SIGPIPE.
struct Channel {
    Descriptor ours;
    Descriptor theirs;

    bool open() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
        ours = Descriptor(ends[0]);
        theirs = Descriptor(ends[1]);
        return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
    }
};

// posix_spawn's two objects, filled in: descriptors 0, 1 and 2 only, all signals at their defaults and unblocked.
class SpawnPlan {
public:
    SpawnPlan(const ChildCommand& command, int in, int out, int err) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        posix_spawn_file_actions_adddup2(&actions_, in, 0);
        posix_spawn_file_actions_adddup2(&actions_, out, 1);
        posix_spawn_file_actions_adddup2(&actions_, err, 2);
        posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
        posix_spawn_file_actions_addchdir_np(&actions_, command.directory.c_str());
        sigset_t signals;
        sigfillset(&signals);
        posix_spawnattr_setsigdefault(&attributes_, &signals);
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&attributes_, &signals);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    // 0, or an errno.
    int spawn(pid_t* pid, const std::string& program, char* const* arguments, char* const* environment) const {
        return posix_spawn(pid, program.c_str(), &actions_, &attributes_, arguments, environment);
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::string search_path(const std::vector<std::string>& environment) {
    for (const std::string& entry : environment)
        if (entry.starts_with("PATH=")) return entry.substr(5);
    return "/usr/bin:/bin";
}

// The program's path; the name itself if it is not found, so that the system says why.
std::string resolved(const std::string& program, const std::vector<std::string>& environment) {
    if (program.find('/') != std::string::npos) return program;
    const std::string path = search_path(environment);
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find(':', at), path.size());
        std::string candidate = path.substr(at, end - at) + "/" + program;
        if (end > at && ::access(candidate.c_str(), X_OK) == 0) return candidate;
        at = end + 1;
    }
    return program;
}

// One child from its start to its end.
class Child {
public:
    explicit Child(const ChildCommand& command) : command_(command) {}

    ChildResult run() {
        if (!start()) return std::move(result_);
        const auto begin = Clock::now();
        while (!has_ended()) {
            transfer(kTick);
            enforce(begin);
        }
        finish();
        return std::move(result_);
    }

private:
    bool refuse(const std::string& why, int error) {
        result_.problem = why + (error != 0 ? std::string(": ") + std::strerror(error) : std::string());
        return false;
    }

    bool start() {
        if (command_.arguments.empty()) return refuse("the command is empty", 0);
        if (!in_.open() || !out_.open() || !err_.open()) return refuse("cannot open a socket pair", errno);
        std::vector<std::string> arguments = command_.arguments;
        std::vector<std::string> environment = command_.environment;
        const SpawnPlan plan(command_, in_.theirs.get(), out_.theirs.get(), err_.theirs.get());
        const int error = plan.spawn(&pid_, resolved(arguments[0], environment), pointers(arguments).data(),
                                     pointers(environment).data());
        if (error != 0) return refuse("cannot start " + arguments[0], error);
        for (Channel* channel : {&in_, &out_, &err_}) channel->theirs.reset();
        return true;
    }

    // True once the child has ended. It stays a zombie, so its number, and that of its group, cannot be given to
    // others.
    bool has_ended() {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_;
    }

    void transfer(std::chrono::milliseconds wait) {
        if (in_.ours.is_open() && sent_ == command_.input.size()) in_.ours.reset();
        std::array<pollfd, 3> polled{pollfd{in_.ours.get(), POLLOUT, 0}, pollfd{out_.ours.get(), POLLIN, 0},
                                     pollfd{err_.ours.get(), POLLIN, 0}};
        if (::poll(polled.data(), polled.size(), static_cast<int>(wait.count())) <= 0) return;
        if (polled[0].revents != 0) send_input();
        if (polled[1].revents != 0) receive(out_, result_.out);
        if (polled[2].revents != 0) receive(err_, result_.err);
    }

    void send_input() {
        const std::string_view rest = std::string_view(command_.input).substr(sent_);
        const ssize_t count = ::send(in_.ours.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count > 0) sent_ += static_cast<std::size_t>(count);
        // A child that does not read its input is none of our business.
        if (count < 0 && errno != EAGAIN && errno != EINTR) in_.ours.reset();
    }

    // False when there is nothing more for now.
    bool receive(Channel& channel, std::string& into) {
        if (!channel.ours.is_open()) return false;
        std::array<char, 16 * 1024> buffer{};
        const ssize_t count = ::recv(channel.ours.get(), buffer.data(), buffer.size(), 0);
        if (count > 0) return keep(into, {buffer.data(), static_cast<std::size_t>(count)}), true;
        if (count == 0 || (errno != EAGAIN && errno != EINTR)) channel.ours.reset();
        return false;
    }
    void keep(std::string& into, std::string_view text) {
        const std::size_t room = command_.output_limit - std::min(command_.output_limit, into.size());
        into.append(text.substr(0, room));
        if (text.size() > room) result_.is_truncated = true;
    }

    void enforce(Clock::time_point begin) {
        const auto now = Clock::now();
        if (end_ == ChildResult::End::exited) {
            if (now - begin >= command_.time_limit)
                terminate(ChildResult::End::timed_out, now);
            else if (command_.is_cancelled && command_.is_cancelled())
                terminate(ChildResult::End::cancelled, now);
        } else if (now - terminated_ >= command_.kill_after) {
            ::kill(-pid_, SIGKILL);
        }
    }
    void terminate(ChildResult::End why, Clock::time_point now) {
        end_ = why;
        terminated_ = now;
        ::kill(-pid_, SIGTERM);
    }

    // Takes what the child wrote last, and ends what it left behind.
    void finish() {
        ::kill(-pid_, SIGKILL);
        for (int rounds = 0; rounds < kLastRounds && receive(out_, result_.out); ++rounds) {
        }
        for (int rounds = 0; rounds < kLastRounds && receive(err_, result_.err); ++rounds) {
        }
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        result_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        const bool is_signalled = end_ == ChildResult::End::exited && WIFSIGNALED(status);
        result_.end = is_signalled ? ChildResult::End::signalled : end_;
    }

    static constexpr int kLastRounds = 64;  // more than a socket's buffer holds

    const ChildCommand& command_;
    ChildResult result_;
    Channel in_, out_, err_;
    pid_t pid_ = -1;
    std::size_t sent_ = 0;
    ChildResult::End end_ = ChildResult::End::exited;  // how it will have ended
    Clock::time_point terminated_;
};

std::string last_line(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    const std::size_t before = text.rfind('\n');
    return std::string(before == std::string_view::npos ? text : text.substr(before + 1));
}

std::string ending(const ChildResult& result) {
    switch (result.end) {
        case ChildResult::End::not_started:
            return result.problem;
        case ChildResult::End::exited:
            return "exit status " + std::to_string(result.code);
        case ChildResult::End::signalled:
            return "ended by signal " + std::to_string(result.code);
        case ChildResult::End::timed_out:
            return "it took longer than its time limit and was ended";
        case ChildResult::End::cancelled:
            return "it was ended because the hub stops";
    }
    return {};
}

}  // namespace

std::vector<std::string> ChildCommand::default_environment() {
    return {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
}

std::string ChildResult::describe() const {
    const std::string line = last_line(err);
    return ending(*this) + (line.empty() ? "" : ": " + line);
}

ChildResult run_child(const ChildCommand& command) {
    return Child(command).run();
}

}  // namespace fedmsg_plugins
