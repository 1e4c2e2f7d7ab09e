// What the daemon reads from its configuration for itself, with types and defaults. A plain value; any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "bus/publisher/publisher.hpp"
#include "bus/topics/matcher.hpp"
#include "daemon/app/role.hpp"

namespace fedmsg::hub {

struct Settings {
    Role role = Role::hub;
    std::string instance;
    std::string id;

    std::string state_directory;    // of this ID
    std::string runtime_directory;  // of this ID
    bool strict_plugins = false;    // a plugin that fails refuses the start

    std::vector<std::string> addresses;  // to connect to, or to bind (relays)
    SocketOptions socket;
    int io_threads = 1;

    std::string topic_prefix, environment;
    topics::Rule topic_rule = topics::Rule::glob;
    std::size_t max_waiting = 1000;
    std::chrono::milliseconds call_deadline{std::chrono::seconds(60)};
    std::chrono::milliseconds stop_timeout{std::chrono::seconds(30)};

    std::string monitoring_address;  // empty: no monitoring
    std::string monitoring_mode;
};

// Throws config::ConfigError with everything that this role cannot do with the configuration.
Settings settings_from(const config::Configuration& configuration, Role role, const std::string& instance);

}  // namespace fedmsg::hub
