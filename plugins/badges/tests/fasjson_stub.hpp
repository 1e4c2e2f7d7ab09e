// An account directory over HTTP for tests: Python's http.server in a process of its own, on a port of the system's
// choice. The answers are files of a directory: PATH with '/' as '_', the query included.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "temporary_directory.hpp"

namespace badges::testing {

class FasjsonStub {
public:
    FasjsonStub() {
        std::ofstream(directory_ / "stub.py") << kProgram;
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("pipe failed");
        child_ = fork();
        if (child_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            dup2(ends[1], STDOUT_FILENO);
            const std::string program = directory_ / "stub.py";
            execl("/usr/bin/python3", "python3", program.c_str(), directory_.path().c_str(), nullptr);
            _exit(127);
        }
        close(ends[1]);
        FILE* out = fdopen(ends[0], "r");
        if (out == nullptr || std::fscanf(out, "%d", &port_) != 1) throw std::runtime_error("the stub did not start");
        std::fclose(out);
    }
    FasjsonStub(const FasjsonStub&) = delete;
    FasjsonStub& operator=(const FasjsonStub&) = delete;
    ~FasjsonStub() {
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
    // From now on `path` (with its query) is answered so.
    void answer(std::string path, const std::string& text) const {
        for (char& c : path)
            if (c == '/') c = '_';
        std::ofstream(directory_ / path) << text;
    }
    // From now on everything is answered with 503, or no longer.
    void break_down(bool is_down = true) const {
        if (is_down)
            std::ofstream(directory_ / "down") << "1";
        else
            std::filesystem::remove(directory_ / "down");
    }

private:
    static constexpr const char* kProgram = R"PY(
import http.server, os, sys
root = sys.argv[1]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(root, self.path.replace("/v1/", "", 1).replace("/", "_"))
        status, body = 404, b"{}"
        if os.path.exists(os.path.join(root, "down")):
            status = 503
        elif os.path.exists(path):
            status, body = 200, open(path, "rb").read()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
)PY";

    TemporaryDirectory directory_;
    pid_t child_ = 0;
    int port_ = 0;
};

}  // namespace badges::testing
