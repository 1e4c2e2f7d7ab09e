#include "daemon/app/outward.hpp"

#include <fmt/format.h>

#include "bus/log/log.hpp"
#include "daemon/roles/relay.hpp"

namespace fedmsg::hub {
namespace {

constexpr log::Logger kLog{"moksha.hub"};
constexpr log::Logger kGatewayLog{"fedmsg.consumers.gateway"};

std::vector<std::string> addresses_of(const config::Configuration& configuration, std::string_view name) {
    for (auto& [entry, addresses] : configuration.endpoints())
        if (entry == name) return addresses;
    return {};
}

}  // namespace

bool publishes(const PlannedConsumer& planned) {
    return planned.decision == PlannedConsumer::Decision::run && planned.lane.may_publish;
}

OutwardWay outward_way(const config::Configuration& configuration) {
    if (const auto* own = configuration.find("hub_publisher"))
        if (const auto* name = json::find(*own, "name")) {
            const std::string text(json::text_of(*name));
            return {text, addresses_of(configuration, text), true};
        }
    return {"relay_inbound", configuration.texts("relay_inbound"), false};
}

std::unique_ptr<HubPublisher> open_hub_publisher(zmq::context_t& context, const config::Configuration& configuration,
                                                 const Settings& settings, const Clock& clock) {
    const auto way = outward_way(configuration);
    auto publisher = way.binds ? Publisher::bind_first_free(context, way.name, way.addresses, settings.socket)
                               : Publisher::connect(context, way.name, way.addresses, settings.socket);
    if (!publisher) throw std::runtime_error(publisher.error().text);
    return std::make_unique<HubPublisher>(std::move(*publisher),
                                          HubPublisher::Names{settings.topic_prefix, settings.environment}, clock);
}

Result<Publisher> bind_relay(zmq::context_t& context, const config::Configuration& configuration,
                             const Settings& settings) {
    const auto addresses = addresses_of(configuration, "relay_outbound");
    if (addresses.empty())
        return failure(
            "endpoints has no relay_outbound: the relay needs the address it publishes on, for example "
            "endpoints: {relay_outbound: [tcp://127.0.0.1:4001]}");
    auto publisher = RelayConsumer::bind(context, addresses, settings.socket);
    if (publisher)
        for (const auto& address : publisher->bound_addresses())
            kLog.info("RELAY_BOUND", fmt::format("Binding publish socket to '{}'", address));
    return publisher;
}

Result<Publisher> bind_gateway(zmq::context_t& context, const config::Configuration& configuration,
                               const Settings& settings) {
    const auto port = configuration.integer("fedmsg.consumers.gateway.port", 9940);
    SocketOptions options = settings.socket;
    options.send_high_water_mark =
        static_cast<int>(configuration.integer("fedmsg.consumers.gateway.high_water_mark", 1000));
    kGatewayLog.info("GATEWAY_BINDING", fmt::format("Setting up special gateway socket on port {}", port));
    auto publisher = Publisher::bind_all(context, {fmt::format("tcp://*:{}", port)}, options);
    if (publisher) kGatewayLog.info("GATEWAY_BOUND", "Gateway socket established.");
    return publisher;
}

}  // namespace fedmsg::hub
