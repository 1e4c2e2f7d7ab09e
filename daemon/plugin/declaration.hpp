// What a plugin says it offers: its descriptors, checked and copied. Read-only once made; any thread may read.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bus/config/schema.hpp"
#include "bus/json/document.hpp"
#include "daemon/plugin/loader.hpp"
#include "plugin-api/include/fedmsg_hub/plugin_abi.h"

namespace fedmsg::hub {

// One thing that is wrong with a plugin or one of its consumers.
struct PluginProblem {
    std::string file;      // its path
    std::string consumer;  // empty: the whole file
    std::string reason;    // what, why and, where it helps, what to do

    std::string text() const;  // "FILE: consumer NAME: REASON"
};

struct OptionDeclaration {
    std::string name;  // full configuration key
    config::Type type = config::Type::any;
    bool required = false;
    bool secret = false;
    std::string default_json;  // JSON text; empty: none, the plugin sees null
    std::string help;
};

enum class Wish { as_configured, yes, no };

// What a plugin wants of retries; zero: the hub's default.
struct RetryWish {
    std::uint32_t max_attempts = 0;
    std::chrono::milliseconds first_delay{0};
    double factor = 0;
    std::chrono::milliseconds max_delay{0};
};

struct ConsumerDeclaration {
    std::shared_ptr<const Plugin> plugin;
    std::string name, description, config_key;
    std::vector<std::string> topics;        // patterns as declared, ${...} not yet replaced; empty: a producer
    std::vector<std::string> key_prefixes;  // configuration keys below these are its own
    std::vector<OptionDeclaration> options;
    bool publishes = false, executes = false, parallel = false, reconfigures = false;
    Wish validate_signatures = Wish::as_configured;
    std::chrono::milliseconds period{0};  // of poll; 0: none
    RetryWish retry;
    fedmsg_hub_functions functions{};  // those that the plugin is too old for are null
    void* user = nullptr;
};

using ConsumerDeclarationPtr = std::shared_ptr<const ConsumerDeclaration>;

struct Description {
    std::vector<ConsumerDeclarationPtr> consumers;
    std::vector<PluginProblem> problems;
};

// Asks the plugin what it offers under this configuration (an object of flat keys). A faulty descriptor costs that
// consumer, a describe that throws or fails costs all of the file. Control thread.
Description describe(const std::shared_ptr<const Plugin>& plugin, const json::Value& configuration);

// True if a value may be given to an option of this type; null is allowed where `nullable`.
bool fits_type(const json::Value& value, config::Type type);
std::string type_name(config::Type type);

}  // namespace fedmsg::hub
