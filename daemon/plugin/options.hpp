// The options that a consumer gets: what is configured, else what it declares as default, else null. Control thread.
#pragma once

#include <vector>

#include "bus/config/configuration.hpp"
#include "daemon/plugin/declaration.hpp"

namespace fedmsg::hub {

struct EffectiveOptions {
    json::Document values;                  // an object with a member for each declared option
    std::vector<config::Problem> problems;  // with file and line where the value came from one
};

// Checks presence and type of each option, then asks the plugin's own validate. With problems, nothing may be created.
EffectiveOptions effective_options(const ConsumerDeclaration& consumer, const config::Configuration& configuration);

}  // namespace fedmsg::hub
