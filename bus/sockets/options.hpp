// Options of sockets (wire-and-crypto.md 13.3) and how they are set. Set before bind and connect.
#pragma once

#include <optional>
#include <zmq.hpp>

namespace fedmsg {

namespace config {
class Configuration;
}

// An empty optional leaves libzmq's default.
struct SocketOptions {
    int send_high_water_mark = 5000;      // messages; 0: unlimited
    int receive_high_water_mark = 10000;  // messages; 0: unlimited
    std::optional<int> keepalive, keepalive_count, keepalive_idle, keepalive_interval;
    std::optional<int> reconnect_interval_ms, reconnect_interval_max_ms;
    std::optional<int> linger_ms;
    int handshake_limit_ms = 10000;  // a peer that has not finished its handshake by then is disconnected (KF-118)
    int connect_limit_ms = 5000;  // a connection that is not made by then counts as failed, so that the next is tried

    // high_water_mark (absent or 0: the defaults above; "unlimited": 0), zmq_tcp_keepalive*, zmq_reconnect_ivl*,
    // zmq_linger. Part of bus_publisher, which knows the configuration.
    static SocketOptions from(const config::Configuration& configuration);
};

namespace sockets {

// Everything but linger and IPv6, which depend on what the socket is for.
void apply(const SocketOptions& options, zmq::socket_t& socket);

}  // namespace sockets
}  // namespace fedmsg
