// The connecting side of a publisher's socket: its monitor, its connector and their look-ups. One thread.
#pragma once

#include <poll.h>
#include <chrono>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/sockets/connector.hpp"
#include "bus/sockets/look_ups.hpp"
#include "bus/sockets/monitor.hpp"
#include "bus/sockets/options.hpp"
#include "bus/sockets/wake.hpp"

namespace fedmsg {

class Connection {
public:
    using TimePoint = sockets::Connector::TimePoint;

    // The socket must outlive this.
    Connection(zmq::context_t& context, zmq::socket_t& socket, std::vector<sockets::Address> addresses,
               const SocketOptions& options, const Resolver& resolver);

    void upkeep();
    bool is_connected() const { return connector_.is_connected(); }
    std::string peer() const { return connector_.peer(); }
    std::string error() const { return connector_.error(); }

    // Descriptors whose readability, and the time at which, upkeep() has something to do.
    void add_to(std::vector<pollfd>& items) const;
    TimePoint next_due() const;

    // Connections lost so far.
    unsigned losses() const { return losses_; }
    // After the socket was closed: waits until libzmq is done with it. False if it is not before the deadline.
    bool wait_until_gone(TimePoint deadline);

private:
    void read_event(const sockets::MonitorEvent& event, TimePoint now);

    sockets::Wake wake_;
    sockets::Monitor monitor_;
    sockets::Connector connector_;
    sockets::LookUps look_ups_;
    unsigned losses_ = 0;
};

}  // namespace fedmsg
