// The relay (hub-and-consumers.md 12.1): what publishers send to relay_inbound goes out on endpoints.relay_outbound,
// written anew in relayed form. Driven by a lane, like any consumer.
#pragma once

#include <vector>

#include "bus/publisher/publisher.hpp"
#include "daemon/dispatch/consumer.hpp"
#include "daemon/dispatch/host_services.hpp"
#include "daemon/roles/outlet.hpp"

namespace fedmsg::hub {

class RelayConsumer final : public Consumer {
public:
    RelayConsumer(Publisher publisher, HostServices& host) : outlet_(std::move(publisher), host) {}

    void consume(std::span<const Delivery> deliveries, std::span<Outcome> outcomes) override;
    void stop() override { outlet_.close(); }

    // Binds the first of the outbound addresses that can be had; a host name is bound on each of its addresses. The
    // error names each address and why it could not.
    static Result<Publisher> bind(zmq::context_t& context, const std::vector<std::string>& addresses,
                                  const SocketOptions& options);

private:
    Outlet outlet_;
    std::string text_;
};

}  // namespace fedmsg::hub
