// The sockets that this process sends on: the hub's own publisher, and those of the forwarding roles. Control thread.
#pragma once

#include <memory>
#include <vector>
#include <zmq.hpp>

#include "bus/config/configuration.hpp"
#include "bus/publisher/publisher.hpp"
#include "daemon/app/consumer_plan.hpp"
#include "daemon/app/settings.hpp"
#include "daemon/dispatch/hub_publisher.hpp"

namespace fedmsg::hub {

// `hub_publisher: {name: NAME}` binds an address of endpoints[NAME]; else relay_inbound is connected to. Empty if this
// configuration has neither.
struct OutwardWay {
    std::string name;
    std::vector<std::string> addresses;
    bool binds = false;
    explicit operator bool() const { return !addresses.empty(); }
};
OutwardWay outward_way(const config::Configuration& configuration);

// Whether it is to run and publishes: then there must be a way.
bool publishes(const PlannedConsumer& planned);

// Throws std::runtime_error if the socket cannot be had.
std::unique_ptr<HubPublisher> open_hub_publisher(zmq::context_t& context, const config::Configuration& configuration,
                                                 const Settings& settings, const Clock& clock);

Result<Publisher> bind_relay(zmq::context_t& context, const config::Configuration& configuration,
                             const Settings& settings);
Result<Publisher> bind_gateway(zmq::context_t& context, const config::Configuration& configuration,
                               const Settings& settings);

}  // namespace fedmsg::hub
