#include "daemon/telemetry/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fedmsg::hub {

std::string Snapshot::summary() const {
    const auto in_state = [this](std::string_view state) {
        return std::count_if(consumers.begin(), consumers.end(), [&](const auto& c) { return c.state == state; });
    };
    const auto connected = std::count_if(endpoints.begin(), endpoints.end(), [](const auto& e) { return e.connected; });
    std::string line = fmt::format("{} of {} endpoints connected, {} consumers at work", connected, endpoints.size(),
                                   in_state("running"));
    for (const auto* state : {"failed", "stalled", "paused"})
        if (const auto count = in_state(state)) line += fmt::format(", {} {}", count, state);
    return line + fmt::format("; {} messages taken in", committed);
}

}  // namespace fedmsg::hub
