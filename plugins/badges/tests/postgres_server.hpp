// A PostgreSQL server of the test's own in a temporary directory, reached through a socket there. PostgreSQL refuses to
// run as root, so root becomes `nobody` for it. It ends with the test, also when the test is killed.
#pragma once

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "badges/awards/database.hpp"
#include "temporary_directory.hpp"

namespace badges::testing {

class PostgresServer {
public:
    // The directory of initdb and postgres, or empty if they are not installed.
    static std::string programs() {
        for (int version = 20; version >= 12; --version) {
            const std::string directory = "/usr/lib/postgresql/" + std::to_string(version) + "/bin";
            if (access((directory + "/initdb").c_str(), X_OK) == 0) return directory;
        }
        return {};
    }

    PostgresServer() {
        if (getuid() == 0) {
            const passwd* nobody = getpwnam("nobody");
            if (nobody == nullptr) throw std::runtime_error("there is no user nobody");
            user_ = nobody->pw_uid;
            group_ = nobody->pw_gid;
            if (chown(directory_.path().c_str(), user_, group_) != 0) throw std::runtime_error("chown failed");
        }
        const std::string data = directory_ / "data";
        run({programs() + "/initdb", "-D", data, "-A", "trust", "-U", "badges", "--no-sync", "-E", "UTF8",
             "--locale=C"});
        start_again();
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer() { stop(); }

    std::string url(const std::string& database = "postgres") const {
        return "postgresql://badges@/" + database + "?host=" + directory_.path();
    }
    // An empty database of that name.
    std::string make_database(const std::string& name) const {
        Database server(url());
        server.read([&](soci::session& sql) { sql << "CREATE DATABASE " + name; });
        return url(name);
    }
    void start_again() {
        server_ = start({programs() + "/postgres", "-D", directory_ / "data", "-k", directory_.path(), "-h", "", "-F"});
        wait_until_it_answers();
    }
    void stop() {
        if (server_ <= 0) return;
        kill(server_, SIGQUIT);
        waitpid(server_, nullptr, 0);
        server_ = 0;
    }

private:
    pid_t start(const std::vector<std::string>& command) const {
        const pid_t child = fork();
        if (child < 0) throw std::runtime_error("fork failed");
        if (child == 0) become(command);
        return child;
    }
    [[noreturn]] void become(const std::vector<std::string>& command) const {
        if (user_ != 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0)) _exit(126);
        prctl(PR_SET_PDEATHSIG, SIGQUIT);
        const int log = open((directory_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        if (chdir(directory_.path().c_str()) != 0) _exit(126);
        std::vector<char*> arguments;
        for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    void run(const std::vector<std::string>& command) const {
        int status = 0;
        waitpid(start(command), &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(command[0] + " failed");
    }
    void wait_until_it_answers() const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (true) {
            try {
                return Database(url()).read([](soci::session& sql) { sql << "SELECT 1"; });
            } catch (const DatabaseUnavailable&) {
                if (std::chrono::steady_clock::now() > end) throw;
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
    }

    TemporaryDirectory directory_;
    uid_t user_ = 0;
    gid_t group_ = 0;
    pid_t server_ = 0;
};

}  // namespace badges::testing
