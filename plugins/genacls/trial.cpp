#include "genacls/trial.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "support/child_process.hpp"

namespace genacls {
namespace {

using fedmsg_plugins::ChildCommand;
using fedmsg_plugins::ChildResult;
using fedmsg_plugins::run_child;

// After whatever a copied rc file says: nothing leads out of the trial's home, and nothing is run after a compile.
constexpr char kRcEnd[] = R"(
delete @RC{qw(GL_REPO_BASE GL_ADMIN_BASE LOG_TEMPLATE LOG_DEST CACHE LOCAL_CODE NON_CORE)};
delete @RC{grep { /^(INPUT|ACCESS_[12]|PRE_|POST_|SYNTACTIC_SUGAR)/ } keys %RC};
$RC{ENABLE} = [];
1;
)";

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::set<std::string> repositories_of(std::string_view conf) {
    std::set<std::string> names;
    for (const std::string& line : lines_of(conf))
        if (line.starts_with("repo ") && line[5] != '@') names.insert(line.substr(5));
    return names;
}

class Trial {
public:
    Trial(const Path& home, const TrialOptions& options) : home_(home), options_(options) {}

    std::vector<std::string> run(const std::string& conf) {
        make_home(conf);
        if (std::string problem = check_home(); !problem.empty()) return {std::move(problem)};
        const ChildResult compiled = gitolite({"compile"});
        if (!compiled.is_success()) return {"gitolite compile: " + compiled.describe()};
        std::vector<std::string> problems = warnings_of(compiled.err);
        if (problems.empty())
            for (const Probe& probe : options_.probes) ask(probe, problems);
        return problems;
    }

private:
    // The empty gl-conf files keep gitolite from making a repository of each name: minutes, where there are thousands.
    void make_home(const std::string& conf) {
        const Path admin = home_ / ".gitolite";
        for (const char* part : {"conf", "hooks/common", "logs"}) make_directories(admin / part);
        write_file(home_ / ".gitolite.rc", rc_file());
        write_file(admin / "conf/gitolite.conf", conf);
        const Path repositories = home_ / "repositories";
        make_directories(repositories);
        std::error_code ignored;  // "check_home" and the compile find what is missing
        for (const std::string& name : repositories_of(conf)) make_repository(repositories / (name + ".git"));
        for (const Probe& probe : options_.probes)
            std::filesystem::create_symlink(admin / "hooks/common/update",
                                            repositories / (probe.repository + ".git") / "hooks/update", ignored);
    }
    void make_repository(const Path& repository) const {
        make_directories(repository / "hooks");
        write_file_unsynced(repository / "gl-conf");
    }
    static void write_file_unsynced(const Path& path) {
        if (std::filesystem::exists(path)) return;
        std::error_code error;
        std::filesystem::copy_file("/dev/null", path, error);
        if (!std::filesystem::exists(path)) write_file(path, "");
    }

    std::string rc_file() const {
        if (options_.home_template.empty()) return std::string("%RC = (UMASK => 0077, ROLES => {});") + kRcEnd;
        const auto copied = read_file(options_.home_template / ".gitolite.rc", std::size_t{1} << 20);
        return copied.value_or("%RC = ();\n") + kRcEnd;
    }

    // The rc file is Perl, so only gitolite can say what it comes to.
    std::string check_home() {
        for (const char* key : {"GL_REPO_BASE", "GL_ADMIN_BASE"}) {
            const ChildResult answer = gitolite({"query-rc", key});
            if (!answer.is_success()) return "gitolite query-rc " + std::string(key) + ": " + answer.describe();
            if (!answer.out.starts_with(home_.string() + "/"))
                return "the rc file of " + options_.home_template.string() + " sets " + key +
                       " in a way that a trial cannot undo: leave genacls.gitolite_home empty";
        }
        return {};
    }

    void ask(const Probe& probe, std::vector<std::string>& problems) {
        const ChildResult answer = gitolite({"access", probe.repository, probe.user, probe.access, probe.reference});
        const bool is_denied = answer.out.find("DENIED") != std::string::npos;
        if (!is_denied && !answer.is_success())
            problems.push_back("probe " + probe.text() + ": " + answer.describe());
        else if (is_denied == probe.is_allowed)
            problems.push_back("probe " + probe.text() + ": gitolite says " + (is_denied ? "denied" : "allowed"));
    }

    ChildResult gitolite(std::vector<std::string> arguments) {
        ChildCommand command;
        command.arguments = std::move(arguments);
        command.arguments.insert(command.arguments.begin(), options_.gitolite);
        command.environment.push_back("HOME=" + home_.string());
        command.directory = home_;
        command.time_limit = options_.time_limit;
        command.is_cancelled = options_.is_cancelled;
        return run_child(command);
    }

    const Path& home_;
    const TrialOptions& options_;
};

}  // namespace

std::string Probe::text() const {
    return "\"" + user + " " + access + " " + reference + "\" in " + repository + ", expected " +
           (is_allowed ? "allowed" : "denied");
}

std::vector<std::string> warnings_of(const std::string& error_output) {
    std::vector<std::string> out;
    for (const std::string& line : lines_of(error_output))
        if (line.find("ignoring") != std::string::npos || line.find("WARNING") != std::string::npos)
            out.push_back("gitolite compile: " + line);
    return out;
}

std::vector<std::string> try_conf(const std::string& conf, const Path& directory, const TrialOptions& options) {
    return Trial(directory, options).run(conf);
}

}  // namespace genacls
