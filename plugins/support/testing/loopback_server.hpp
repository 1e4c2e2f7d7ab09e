// A web server for tests: 127.0.0.1, a port chosen by the system, one thread per connection. The test says what is
// answered (its handler is called under a lock, so it may count); connections can also be dropped or left hanging.
// Started and ended with the object.
//
//     LoopbackServer server([](const std::string& request) { return LoopbackServer::answer(200, "hello"); });
//     client.send({.url = server.url("/greeting")});
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace fedmsg_plugins::testing {

class LoopbackServer {
public:
    // Gets the whole request, gives the whole answer. An empty one closes the connection without an answer; kHang keeps
    // it open, silent, until the server ends or the client goes.
    using Handler = std::function<std::string(const std::string& request)>;
    static constexpr char kHang[] = "(hang)";

    explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, plain, size) != 0 || listen(listener_, 16) != 0 ||
            getsockname(listener_, plain, &size) != 0 || pipe(stop_pipe_) != 0)
            throw std::runtime_error("the test server cannot listen");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;
    ~LoopbackServer() {
        close(stop_pipe_[1]);  // every poll below sees it
        thread_.join();
        close(stop_pipe_[0]);
        close(listener_);
    }

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::size_t connections() const { return connections_; }

    // Keeps the connection open afterwards, as HTTP/1.1 servers do.
    static std::string answer(int status, const std::string& body, const std::string& headers = {}) {
        return "HTTP/1.1 " + std::to_string(status) + " Answer\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

private:
    // False if the server ends first.
    bool wait_for(int descriptor) const {
        pollfd fds[] = {{descriptor, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}};
        return poll(fds, 2, -1) > 0 && fds[1].revents == 0;
    }
    void serve() {
        std::vector<std::thread> threads;
        while (wait_for(listener_)) {
            const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) continue;
            ++connections_;
            threads.emplace_back([this, connection] { serve_connection(connection); });
        }
        for (std::thread& thread : threads) thread.join();
    }
    void serve_connection(int connection) {
        while (serve_one(connection)) {
        }
        close(connection);
    }
    // False at the end of the connection.
    bool serve_one(int connection) {
        const std::string request = read_request(connection);
        if (request.empty()) return false;
        const std::string answer = handle(request);
        if (answer == kHang) {
            while (wait_for(connection) && !read_some(connection).empty()) {
            }
            return false;
        }
        return !answer.empty() && ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) > 0;
    }
    std::string handle(const std::string& request) {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        return handler_(request);
    }
    std::string read_request(int connection) const {
        std::string request;
        while (!is_complete(request)) {
            const std::string more = wait_for(connection) ? read_some(connection) : std::string();
            if (more.empty()) return {};
            request += more;
        }
        return request;
    }
    static std::string read_some(int connection) {
        char buffer[4096];
        const ssize_t got = recv(connection, buffer, sizeof buffer, 0);
        return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
    }
    static bool is_complete(const std::string& request) {
        const auto end = request.find("\r\n\r\n");
        if (end == std::string::npos) return false;
        const std::string name = "Content-Length: ";
        const auto length = request.find(name);
        if (length == std::string::npos || length > end) return true;
        return request.size() - end - 4 >= std::strtoul(request.c_str() + length + name.size(), nullptr, 10);
    }

    Handler handler_;
    int listener_ = -1;
    int stop_pipe_[2] = {-1, -1};
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> connections_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;  // guarded by mutex_
    std::thread thread_;
};

// A port on which nobody listens: it was free a moment ago.
inline std::uint16_t unused_port() {
    return LoopbackServer([](const std::string&) { return std::string(); }).port();
}

}  // namespace fedmsg_plugins::testing
