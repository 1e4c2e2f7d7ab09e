#include "genacls/compile_service.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "support/child_process.hpp"

namespace genacls {
namespace {

CompileOutcome compile(const CompileOrder& order) {
    fedmsg_plugins::ChildCommand command;
    command.arguments = order.command;
    command.time_limit = std::chrono::minutes(10);
    if (!order.home.empty()) command.environment.push_back("HOME=" + order.home.string());
    const fedmsg_plugins::ChildResult result = fedmsg_plugins::run_child(command);
    if (result.is_success()) return {};
    return {CompileOutcome::Kind::bad, result.describe()};
}

// A file that lacks its block of all repositories was never written by the plugin.
bool is_whole(const std::string& text) {
    return text.ends_with('\n') && text.find("\nrepo @all\n") != std::string::npos;
}

Verdict judge(const CompileOrder& order, const std::string& text) {
    Verdict verdict{.digest = sha256(text)};
    if (!is_whole(text)) {
        verdict.detail = "what came is no whole configuration";
        return verdict;
    }
    const std::optional<FileLock> lock = FileLock::try_lock(order.target.string() + ".lock");
    if (!lock) {
        verdict.detail = "another compile holds the lock " + order.target.string() + ".lock";
        return verdict;
    }
    Publication publication;
    publication.target = order.target;
    publication.keep = order.keep;
    publication.compile = [&](const std::string&) { return compile(order); };
    const PublishResult result = publish(text, publication);
    verdict.is_good = result.is_success();
    verdict.detail = result.detail;
    return verdict;
}

}  // namespace

CompileOrder CompileOrder::of(const std::vector<std::string>& arguments) {
    CompileOrder order;
    if (const char* home = std::getenv("HOME")) order.home = home;  // NOLINT(concurrency-mt-unsafe): one thread
    for (std::size_t at = 0; at < arguments.size(); at += 2) {
        const std::string& name = arguments[at];
        const auto place = arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1;
        if (name == "--" && place != arguments.end()) {
            order.command.assign(place, arguments.end());
            return order;
        }
        if (place == arguments.end()) throw std::runtime_error(name + " needs a value");
        if (name == "--target")
            order.target = *place;
        else if (name == "--verdict")
            order.verdict = *place;
        else if (name == "--home")
            order.home = *place;
        else if (name == "--keep")
            order.keep = static_cast<std::size_t>(std::clamp(std::atoi(place->c_str()), 1, 1000));
        else
            throw std::runtime_error("unknown option " + name +
                                     "; there are --target, --verdict, --home, --keep, and -- COMMAND");
    }
    return order;
}

int carry_out(const CompileOrder& order, const std::string& text, std::ostream& log) {
    Verdict verdict;
    try {
        verdict = judge(order, text);
    } catch (const FileError& error) {
        verdict = {.is_good = false, .digest = sha256(text), .detail = error.what()};
    }
    replace_file(order.verdict, verdict.text(), 0644);
    log << verdict.text();
    return verdict.is_good ? 0 : 1;
}

}  // namespace genacls
