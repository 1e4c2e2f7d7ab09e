#include "tools/check/verdict.hpp"

#include <fmt/format.h>

#include "bus/json/writer.hpp"

namespace fedmsg::check {
namespace {

enum class State { active, uninitialized, absent };

State state_of(const json::Value& report, const char* group, const std::string& name) {
    const auto* entries = json::find(report, group);
    if (entries == nullptr || !entries->IsArray()) return State::absent;
    for (const auto& entry : entries->GetArray()) {
        const auto* entry_name = json::find(entry, "name");
        if (entry_name == nullptr || json::text_of(*entry_name) != name) continue;
        const auto* initialized = json::find(entry, "initialized");
        return initialized != nullptr && json::is_truthy(*initialized) ? State::active : State::uninitialized;
    }
    return State::absent;
}

// Adds a line for each name that is not active, and notes what was found.
void look_for(const json::Value& report, const char* group, const std::vector<std::string>& names, std::string& lines,
              bool& absent, bool& uninitialized) {
    for (const auto& name : names) {
        const State state = state_of(report, group, name);
        if (state == State::absent) lines += fmt::format("\"{}\" is not active!\n", name);
        if (state == State::uninitialized) lines += fmt::format("\"{}\" is not initialized!\n", name);
        absent |= state == State::absent;
        uninitialized |= state == State::uninitialized;
    }
}

}  // namespace

Verdict judge(const json::Value& report, const Options& options) {
    const std::string shown = json::pretty(report, json::Keys::sorted) + "\n";
    if (options.consumers.empty() && options.producers.empty())
        return {0, "No consumers or producers specified so all will be shown.\n" + shown, ""};
    std::string lines;
    bool absent = false;
    bool uninitialized = false;
    look_for(report, "consumers", options.consumers, lines, absent, uninitialized);
    look_for(report, "producers", options.producers, lines, absent, uninitialized);
    if (absent) return {1, "", lines + "Error: Some consumers and/or producers are missing!\n"};
    if (uninitialized) return {1, "", lines + "Error: Some consumers and/or producers are uninitialized!\n"};
    return {0, "All consumers and producers are active!\n" + shown, ""};
}

}  // namespace fedmsg::check
