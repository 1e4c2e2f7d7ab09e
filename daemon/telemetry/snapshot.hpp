// What the hub is doing at one moment: the one struct behind every surface (monitoring socket, STATUS=, later D-Bus,
// HTTP and hubctl), so that they cannot disagree. A plain value; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bus/subscriber/subscriber.hpp"

namespace fedmsg::hub {

struct ConsumerSnapshot {
    std::string name;
    std::string module;  // plugin file or role
    std::string config_key;
    std::vector<std::string> topics;  // as declared
    std::string state;                // disabled, failed, running, stalled, paused, stopped
    std::string reason;               // why it is disabled or failed
    bool is_producer = false;
    bool wants_json = true;
    bool lagging = false;
    std::chrono::milliseconds period{0};
    double last_poll = 0;  // seconds since the epoch; 0: never
    std::uint64_t backlog = 0, waiting = 0;
    // Monotonic.
    std::uint64_t received = 0, attempts = 0, acked = 0, dropped = 0, retried = 0, failures = 0, failed_for_good = 0,
                  missed = 0, polls = 0;
    std::uint64_t failing_in_a_row = 0, poll_failures_in_a_row = 0;
    std::map<std::string, std::uint64_t> counters;  // the consumer's own
    std::map<std::string, double> gauges;

    bool is_initialized() const { return state != "disabled" && state != "failed"; }
};

struct Snapshot {
    std::string id;  // hub, relay, hub@NAME, ...
    std::string version;
    std::uint64_t committed = 0;                   // messages taken in since the start
    std::map<std::string, std::uint64_t> refused;  // by reason
    std::vector<EndpointStatus> endpoints;
    std::vector<ConsumerSnapshot> consumers;
    std::vector<std::string> problems;  // why the hub is not healthy

    bool is_healthy() const { return problems.empty(); }
    // One line for an operator: "3 consumers at work, 1 failed; 12 messages taken in".
    std::string summary() const;
};

}  // namespace fedmsg::hub
