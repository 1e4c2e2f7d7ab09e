#include "daemon/plugin/probe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgets to say so itself
}
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>

#include "bus/base/fd.hpp"
#include "bus/base/text.hpp"
#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/probe_protocol.hpp"
#include "fedmsg_version.hpp"

namespace fedmsg::hub {
namespace {

using Steady = std::chrono::steady_clock;

// What the child wrote into one of its memory files, the beginning of it.
std::string written_to(int memory) {
    std::string text(4096, '\0');
    const ssize_t count = ::pread(memory, text.data(), text.size(), 0);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
}

// A memory file with this text; empty if there is no memory for one.
Fd memory_file(const char* name, std::string_view text) {
    Fd file(::memfd_create(name, MFD_CLOEXEC));
    std::size_t done = 0;
    while (file && done < text.size()) {
        const ssize_t count = ::pwrite(file.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
        if (count < 0) return {};
        done += static_cast<std::size_t>(count);
    }
    return file;
}

class SpawnActions {
public:
    SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    void give(int descriptor, int as) { ::posix_spawn_file_actions_adddup2(&actions_, descriptor, as); }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_;
};

// One running child. Its end, one way or another, comes with the object's.
class Child {
public:
    // `limit` begins now.
    static Result<Child> start(const ProbeSettings& settings, const SealedFile& file, const Fd& configuration);
    Child(Child&& other) noexcept = default;
    Child& operator=(Child&&) = delete;
    ~Child() {
        if (pidfd_) kill_and_reap();
    }

    Status verdict();

private:
    Child() = default;
    bool wait_until(Steady::time_point deadline) const;
    void kill_and_reap();
    siginfo_t reap();
    std::string last_words() const;
    Error ended(const siginfo_t& end) const;

    pid_t pid_ = -1;
    Fd pidfd_, steps_, words_;
    std::chrono::milliseconds limit_{};
    Steady::time_point deadline_;
};

Result<Child> Child::start(const ProbeSettings& settings, const SealedFile& file, const Fd& configuration) {
    Child child;
    child.limit_ = settings.limit;
    child.steps_ = memory_file("probe-steps", {});
    child.words_ = memory_file("probe-words", {});
    if (!child.steps_ || !child.words_ || !configuration)
        return system_failure("no memory for the plugin probe", errno);
    SpawnActions actions;
    // All of ours are above 2: the daemon keeps its standard descriptors open. One may be 3, but is given before.
    actions.give(file.descriptor(), STDIN_FILENO);
    actions.give(child.steps_.get(), STDOUT_FILENO);
    actions.give(child.words_.get(), STDERR_FILENO);
    actions.give(configuration.get(), kConfigurationDescriptor);
    std::string name = "fedmsg-hub-plugin-check", mode = kProbeArgument;
    std::array<char*, 3> arguments{name.data(), mode.data(), nullptr};
    const auto& program = settings.program;
    const int error = ::posix_spawn(&child.pid_, program.c_str(), actions.get(), nullptr, arguments.data(), ::environ);
    if (error != 0) return system_failure(fmt::format("the plugin probe {} cannot be run", program), error);
    child.deadline_ = Steady::now() + settings.limit;
    child.pidfd_ = Fd(::pidfd_open(child.pid_, 0));
    if (!child.pidfd_) {
        const int reason = errno;
        ::kill(child.pid_, SIGKILL);
        ::waitpid(child.pid_, nullptr, 0);
        return system_failure("the plugin probe cannot be watched", reason);
    }
    return child;
}

bool Child::wait_until(Steady::time_point deadline) const {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
        struct pollfd wait {
            pidfd_.get(), POLLIN, 0
        };
        const int ready = ::poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
        if (ready > 0) return true;
        if (ready == 0 && left <= 0) return false;
    }
}

siginfo_t Child::reap() {
    siginfo_t end{};
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &end, WEXITED) != 0 && errno == EINTR) {
    }
    pidfd_.reset();
    return end;
}

void Child::kill_and_reap() {
    ::kill(pid_, SIGKILL);
    reap();
}

Status Child::verdict() {
    if (!wait_until(deadline_)) {
        kill_and_reap();
        return failure(fmt::format("did not return within {} ms while {}; a trial load in a child process was ended",
                                   limit_.count(), step_being_done(written_to(steps_.get()))));
    }
    const siginfo_t end = reap();
    if (is_complete(written_to(steps_.get()))) return {};
    return ended(end);
}

std::string Child::last_words() const {
    const std::string words(text::trim(one_line(written_to(words_.get()))));
    return words.empty() ? words : ": " + words;
}

Error Child::ended(const siginfo_t& end) const {
    const std::string step = step_being_done(written_to(steps_.get()));
    if (end.si_code == CLD_EXITED)
        return failure(fmt::format("ended the process (exit status {}) while {}, in a trial load in a child process{}",
                                   end.si_status, step, last_words()));
    return failure(fmt::format(
        "killed the process ({}) while {}, in a trial load in a child process{}",
        ::sigdescr_np(end.si_status) == nullptr ? "unknown signal" : ::sigdescr_np(end.si_status), step, last_words()));
}

std::string own_directory() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::string() : self.parent_path().string();
}

}  // namespace

std::string default_probe_program() {
    const std::string beside = own_directory() + "/fedmsg-hub-plugin-check";
    if (::access(beside.c_str(), X_OK) == 0) return beside;
    return FEDMSG_HUB_BINDIR "/fedmsg-hub-plugin-check";
}

Status Prober::remember(const SealedFile& file, Status verdict) {
    if (verdict) passed_.insert(file.identity().sha256);
    return verdict;
}

std::vector<Status> Prober::run(std::span<const SealedFile* const> files) {
    std::vector<Status> verdicts(files.size());
    const Fd configuration = memory_file("probe-configuration", settings_.configuration);
    std::deque<std::pair<std::size_t, Child>> running;
    const auto finish_oldest = [&] {
        auto& [index, child] = running.front();
        verdicts[index] = remember(*files[index], child.verdict());
        running.pop_front();
    };
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (passed_.contains(files[i]->identity().sha256)) continue;
        if (running.size() >= settings_.at_once) finish_oldest();
        Result<Child> child = Child::start(settings_, *files[i], configuration);
        if (child)
            running.emplace_back(i, std::move(*child));
        else
            verdicts[i] = child.error();
    }
    while (!running.empty()) finish_oldest();
    return verdicts;
}

Status Prober::run(const SealedFile& file) {
    const SealedFile* const files[] = {&file};
    return run(files).front();
}

}  // namespace fedmsg::hub
