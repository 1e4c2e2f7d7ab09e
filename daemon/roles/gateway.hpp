// The gateway (hub-and-consumers.md 12.3): passes the bus on to the outside, byte for byte, on a port of its own.
#pragma once

#include "bus/publisher/publisher.hpp"
#include "daemon/dispatch/consumer.hpp"
#include "daemon/dispatch/host_services.hpp"
#include "daemon/roles/outlet.hpp"

namespace fedmsg::hub {

class GatewayConsumer final : public Consumer {
public:
    GatewayConsumer(Publisher publisher, HostServices& host) : outlet_(std::move(publisher), host) {}

    void consume(std::span<const Delivery> deliveries, std::span<Outcome> outcomes) override;
    void stop() override { outlet_.close(); }

private:
    Outlet outlet_;
};

}  // namespace fedmsg::hub
