#include "genacls/verdict.hpp"

#include <thread>

namespace genacls {
namespace {

constexpr std::size_t kLongestVerdict = std::size_t{64} << 10;
constexpr std::chrono::milliseconds kTick{50};

std::optional<Verdict> verdict_on(const std::string& digest, const Path& file) {
    const std::optional<std::string> text = read_file(file, kLongestVerdict);
    std::optional<Verdict> verdict = text ? Verdict::of(*text) : std::nullopt;
    return verdict && verdict->digest == digest ? verdict : std::nullopt;
}

// An answer to an earlier request says nothing about this one: the compiled files may be gone since.
class Request {
public:
    explicit Request(const VerdictWait& wait) : wait_(wait), before_(stamp()) {}

    bool is_answered() const { return stamp() != before_; }

private:
    std::string stamp() const { return read_file(wait_.verdict, kLongestVerdict).value_or("") + modified(); }
    std::string modified() const {
        std::error_code none;
        const auto time = std::filesystem::last_write_time(wait_.verdict, none);
        return none ? std::string() : std::to_string(time.time_since_epoch().count());
    }

    const VerdictWait& wait_;
    std::string before_;
};

}  // namespace

std::string Verdict::text() const {
    return (is_good ? "good " : "bad ") + digest + "\n" + detail + "\n";
}

std::optional<Verdict> Verdict::of(const std::string& text) {
    const std::size_t end = text.find('\n');
    const std::string first = text.substr(0, end);
    Verdict verdict;
    verdict.is_good = first.starts_with("good ");
    if (!verdict.is_good && !first.starts_with("bad ")) return std::nullopt;
    verdict.digest = first.substr(first.find(' ') + 1);
    if (end != std::string::npos) verdict.detail = text.substr(end + 1);
    while (!verdict.detail.empty() && verdict.detail.back() == '\n') verdict.detail.pop_back();
    return verdict;
}

CompileOutcome request_compile(const std::string& digest, const VerdictWait& wait) {
    using Clock = std::chrono::steady_clock;
    const Request request(wait);
    replace_file(wait.request, digest + "\n");
    const auto end = Clock::now() + wait.limit;
    auto next_nudge = Clock::now() + wait.nudge;
    while (Clock::now() < end) {
        if (wait.is_cancelled && wait.is_cancelled())
            return {CompileOutcome::Kind::no_answer, "the hub stops while the compile service is at work"};
        if (request.is_answered())
            if (const std::optional<Verdict> verdict = verdict_on(digest, wait.verdict))
                return {verdict->is_good ? CompileOutcome::Kind::good : CompileOutcome::Kind::bad, verdict->detail};
        if (Clock::now() >= next_nudge) {
            replace_file(wait.request, digest + "\n");
            next_nudge += wait.nudge;
        }
        std::this_thread::sleep_for(kTick);
    }
    return {CompileOutcome::Kind::no_answer,
            "no verdict in " + wait.verdict.string() +
                ": is fedmsg-genacls-compile.path enabled? Its service's journal says more"};
}

}  // namespace genacls
