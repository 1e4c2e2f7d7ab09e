// Which consumers this hub is to run, and how: what plugins declare, under what the configuration says of them.
// Made on the control thread at start (and for --check-config); nothing is created or started here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "daemon/app/settings.hpp"
#include "daemon/dispatch/lane_settings.hpp"
#include "daemon/plugin/declaration.hpp"

namespace fedmsg::hub {

struct PlannedConsumer {
    enum class Decision { run, disabled, failed };

    LaneSettings lane;
    std::string config_key;
    Decision decision = Decision::run;
    std::string reason;                  // why not, in words for an operator
    ConsumerDeclarationPtr declaration;  // null: the role's own consumer
    json::Document options;              // effective values, an object

    const std::string& name() const { return lane.name; }
};

// The role's own consumer, always on.
PlannedConsumer plan_role_consumer(const Settings& settings, const config::Configuration& configuration);

// A plugin's consumer. Mistakes of the configuration are added to `problems`; mistakes of the plugin become the reason
// of a failed one. `only`: names given by --with-consumers.
PlannedConsumer plan_consumer(const ConsumerDeclarationPtr& declaration, const Settings& settings,
                              const config::Configuration& configuration,
                              const std::optional<std::vector<std::string>>& only,
                              std::vector<config::Problem>& problems);

// The same for fedmsg-hub-plugin-run: enabled or not, and with whatever messages the operator gives it.
PlannedConsumer plan_by_hand(const ConsumerDeclarationPtr& declaration, const Settings& settings,
                             const config::Configuration& configuration, std::vector<config::Problem>& problems);

}  // namespace fedmsg::hub
