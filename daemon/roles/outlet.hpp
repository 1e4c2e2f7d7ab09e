// The outgoing side of a forwarding role: sends, counts, and tells once when subscribers begin to lose messages.
// Belongs to the lane thread.
#pragma once

#include <string_view>

#include "bus/publisher/publisher.hpp"
#include "daemon/dispatch/host_services.hpp"

namespace fedmsg::hub {

class Outlet {
public:
    Outlet(Publisher publisher, HostServices& host) : publisher_(std::move(publisher)), host_(host) {}

    void send(std::string_view topic, std::string_view body);
    void close() { publisher_.close(); }

private:
    void report_drops();

    Publisher publisher_;
    HostServices& host_;
    std::uint64_t reported_episodes_ = 0;
};

}  // namespace fedmsg::hub
