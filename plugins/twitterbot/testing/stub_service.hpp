// Runs testing/stub.py for a test, and talks with it. The process ends with the object, or with the test's own process.
#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fedmsg_hub/testing.hpp>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/http_client.hpp"

namespace twitterbot::testing {

class StubService {
public:
    StubService() {
        int channel[2];
        if (pipe(channel) != 0) throw std::runtime_error("no pipe");
        pid_ = fork();
        if (pid_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            dup2(channel[1], STDOUT_FILENO);
            execl("/usr/bin/python3", "python3", TWITTERBOT_STUB, nullptr);
            _exit(127);
        }
        close(channel[1]);
        char digits[16] = {};
        if (read(channel[0], digits, sizeof digits - 1) <= 0) throw std::runtime_error("the stub does not start");
        close(channel[0]);
        port_ = std::atoi(digits);
    }
    StubService(const StubService&) = delete;
    StubService& operator=(const StubService&) = delete;
    ~StubService() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }

    std::string url(const std::string& path = "") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
    void tell(const std::string& json) const { ask("POST", json); }
    fedmsg_hub::ParsedJson told() const { return {fedmsg_hub::testing::json_functions(), ask("GET", "")}; }
    std::size_t post_count() const { return told()["posts"].size(); }
    std::string text(std::size_t at) const { return told()["posts"][at]["text"].text_or("(none)"); }
    // How many requests there were to a path: "POST /2/tweets".
    std::size_t requests(const std::string& what) const {
        const auto json = told();
        std::size_t count = 0;
        for (const auto request : json["requests"].elements()) count += request.text_or("") == what ? 1u : 0u;
        return count;
    }

private:
    std::string ask(const std::string& method, const std::string& body) const {
        fedmsg_plugins::HttpRequest request;
        request.method = method;
        request.url = url("/control");
        request.body = body;
        const auto response = fedmsg_plugins::HttpClient().send(request);
        if (!response.is_success()) throw std::runtime_error("the stub: " + response.describe());
        return response.body;
    }

    pid_t pid_ = -1;
    int port_ = 0;
};

}  // namespace twitterbot::testing
