#include "daemon/app/control_loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <vector>

namespace fedmsg::hub {
namespace {

namespace asio = boost::asio;

class Periodic {
public:
    Periodic(asio::io_context& context, std::chrono::milliseconds period, std::function<void()> task)
        : timer_(context, period), period_(period), task_(std::move(task)) {
        wait();
    }

private:
    void wait() {
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            task_();
            timer_.expires_at(timer_.expiry() + period_);
            wait();
        });
    }

    asio::steady_timer timer_;
    const std::chrono::milliseconds period_;
    const std::function<void()> task_;
};

}  // namespace

struct ControlLoop::State {
    asio::io_context context{1};
    asio::signal_set signals{context};
    std::function<void()> on_hangup;
    std::vector<std::unique_ptr<Periodic>> periodic;
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};

    void wait_for_signal() {
        signals.async_wait([this](const boost::system::error_code& error, int number) {
            if (error) return;
            if (number != SIGHUP) return context.stop();
            on_hangup();
            wait_for_signal();
        });
    }
};

ControlLoop::ControlLoop() : state_(std::make_unique<State>()) {}
ControlLoop::~ControlLoop() = default;

void ControlLoop::watch_signals(std::function<void()> on_hangup) {
    state_->on_hangup = std::move(on_hangup);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) state_->signals.add(number);
    state_->wait_for_signal();
}

void ControlLoop::every(std::chrono::milliseconds period, std::function<void()> task) {
    state_->periodic.push_back(std::make_unique<Periodic>(state_->context, period, std::move(task)));
}

void ControlLoop::run() {
    state_->context.run();
}

void ControlLoop::stop() {
    state_->context.stop();
}

}  // namespace fedmsg::hub
