// `fedmsg-badges replay`: which awards are missing for messages of the past, and with --apply, gives them.
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "badges/tools/tools.hpp"

namespace badges {
namespace {

struct Tally {
    int messages = 0;
    int awards = 0;
    int waiting = 0;
    int malformed = 0;
};

// Judged by the whole history: what somebody has earned by now is missing, whatever had arrived when the message came.
void judge(Engine& engine, const Envelope& message, const Invocation& invocation, Tally& tally) {
    const Judgement judgement = engine.awarder.judge(*engine.rules, message, HistoryStore::kNoHorizon);
    for (const std::string& line : judgement.awarded)
        invocation.out << (engine.settings.dry_run ? "missing: " : "awarded: ") << line << " (" << message.msg_id()
                       << ")\n";
    tally.awards += static_cast<int>(judgement.awarded.size());
    ++tally.messages;
    if (judgement.park_reason.empty() && !judgement.not_before) return;
    ++tally.waiting;
    invocation.error << message.msg_id() << ": "
                     << (judgement.park_reason.empty() ? "badges.max_awards_per_hour is reached"
                                                       : judgement.park_reason)
                     << "\n";
}

// Also without --apply the history keeps the message, which it should have had anyway.
void take(Engine& engine, const std::string& json, const Invocation& invocation, Tally& tally) {
    try {
        const Envelope message = Envelope::from_json(json);
        if (engine.rules->selects(message))
            engine.history_database.write([&](soci::session&) { engine.history.store(message); });
        judge(engine, message, invocation, tally);
    } catch (const EvaluationError& error) {
        ++tally.malformed;
        invocation.error << "not a message: " << error.what() << "\n";
    }
}

// One message after the other, as they would have come.
bool take_file(Engine& engine, const Invocation& invocation, Tally& tally) {
    std::ifstream in(invocation.words.front());
    if (!in) {
        invocation.error << invocation.words.front() << ": cannot be read\n";
        return false;
    }
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) take(engine, line, invocation, tally);
    return true;
}

std::optional<double> day(const std::string& text) {
    const auto time = parse_day(text);
    return time ? std::optional(std::chrono::duration<double>(time->time_since_epoch()).count()) : std::nullopt;
}

bool take_range(Engine& engine, const Invocation& invocation, Tally& tally) {
    const auto from = day(invocation.option("from", "1970-01-01"));
    const auto to = day(invocation.option("to", "2200-12-31"));
    if (!from || !to) {
        invocation.error << "--from and --to take days such as 2026-11-25\n";
        return false;
    }
    std::vector<std::string> bodies;
    engine.history.for_each(*from, *to + 86'399.999, [&](const std::string& body) { bodies.push_back(body); });
    for (const std::string& body : bodies) take(engine, body, invocation, tally);
    return true;
}

}  // namespace

int replay(Engine& engine, const Invocation& invocation) {
    Tally tally;
    const bool is_done =
        invocation.words.empty() ? take_range(engine, invocation, tally) : take_file(engine, invocation, tally);
    if (!is_done) return kUsage;
    invocation.out << tally.messages << " messages, " << tally.awards
                   << (engine.settings.dry_run ? " awards are missing; --apply gives them\n" : " awards given\n");
    return tally.waiting + tally.malformed == 0 ? kDone : kFailed;
}

}  // namespace badges
