// fedmsg-check: one monitoring report, and whether what is asked for is at work in it (cli.md 8).
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <zmq.hpp>

#include "bus/config/loader.hpp"
#include "tools/check/options.hpp"
#include "tools/check/verdict.hpp"

namespace {

using namespace fedmsg;

constexpr int kMostSeconds = 1'000'000;  // what libzmq can count in milliseconds

void print(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
}

// Empty if none is configured.
std::string monitoring_address() {
    config::Request request;
    request.need_endpoints = false;
    request.more_keys_follow = true;  // those of plugins are nothing to us
    const auto loaded = config::load(request, config::built_in_schema(), config::Surroundings::from_process());
    return loaded.configuration.text("moksha.monitoring.socket", "");
}

// The next report, or nothing within the time.
std::optional<std::string> receive(const std::string& address, int seconds) {
    zmq::context_t context(1);
    zmq::socket_t socket(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::subscribe, "");
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, std::clamp(seconds, 0, kMostSeconds) * 1000);
    try {
        socket.connect(address);
    } catch (const zmq::error_t& error) {
        throw std::runtime_error(fmt::format("moksha.monitoring.socket: {}: {}", address, error.what()));
    }
    zmq::message_t frame;
    if (!socket.recv(frame)) return std::nullopt;
    return frame.to_string();
}

int run_check(const check::Options& options) {
    const auto address = monitoring_address();
    if (address.empty()) {
        print(stderr, "Error: No monitoring endpoint has been configured: please set \"moksha.monitoring.socket\"\n");
        return 1;
    }
    const auto text = receive(address, options.timeout_seconds);
    if (!text) {
        print(stderr, fmt::format("Error: Failed to receive message from the monitoring endpoint ({}) in {} seconds.\n",
                                  address, options.timeout_seconds));
        return 1;
    }
    const auto report = json::parse(*text);
    if (!report) {
        print(stderr, fmt::format("Error: What {} sends is no monitoring report: {}\n", address, report.error().text));
        return 1;
    }
    const auto verdict = check::judge(*report, options);
    print(stdout, verdict.out);
    print(stderr, verdict.err);
    return verdict.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto options = check::parse({argv + 1, argv + argc});
        if (options.help) return print(stdout, check::help_text()), 0;
        return run_check(options);
    } catch (const check::UsageError& error) {
        print(stderr, fmt::format("Usage: fedmsg-check [OPTIONS]\nTry 'fedmsg-check --help' for help.\n\nError: {}\n",
                                  error.what()));
        return 2;
    } catch (const config::ConfigError& error) {
        for (const auto& problem : error.problems()) {
            const std::string place = problem.origin.file.empty() ? "" : problem.origin.text() + ": ";
            print(stderr, fmt::format("Error: {}{}\n", place, problem.text));
        }
        return 1;
    } catch (const std::exception& error) {
        print(stderr, fmt::format("Error: {}\n", error.what()));
        return 1;
    }
}
