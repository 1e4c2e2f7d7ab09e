#include "bus/cli/stop_signal.hpp"

#include <pthread.h>

#include <utility>

namespace fedmsg::cli {
namespace {

bool is_ignored(int signal) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    return action.sa_handler == SIG_IGN;
}

}  // namespace

StopSignal::StopSignal(std::function<void()> on_stop) : on_stop_(std::move(on_stop)) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    if (!is_ignored(SIGINT)) sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, &earlier_mask_);
    thread_ = std::thread([this] { wait(); });
}

StopSignal::~StopSignal() {
    abandoned_ = true;
    // Blocked there: ends sigwait if it still waits.
    pthread_kill(thread_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &earlier_mask_, nullptr);
}

void StopSignal::wait() {
    int signal = 0;
    sigwait(&signals_, &signal);
    if (abandoned_) return;
    requested_ = true;
    on_stop_();
}

}  // namespace fedmsg::cli
