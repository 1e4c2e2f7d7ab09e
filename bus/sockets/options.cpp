#include "bus/sockets/options.hpp"

namespace fedmsg::sockets {
namespace {

template <class Option>
void set_if(zmq::socket_t& socket, Option option, const std::optional<int>& value) {
    if (value) socket.set(option, *value);
}

}  // namespace

void apply(const SocketOptions& options, zmq::socket_t& socket) {
    socket.set(zmq::sockopt::sndhwm, options.send_high_water_mark);
    socket.set(zmq::sockopt::rcvhwm, options.receive_high_water_mark);
    set_if(socket, zmq::sockopt::tcp_keepalive, options.keepalive);
    set_if(socket, zmq::sockopt::tcp_keepalive_cnt, options.keepalive_count);
    set_if(socket, zmq::sockopt::tcp_keepalive_idle, options.keepalive_idle);
    set_if(socket, zmq::sockopt::tcp_keepalive_intvl, options.keepalive_interval);
    set_if(socket, zmq::sockopt::reconnect_ivl, options.reconnect_interval_ms);
    set_if(socket, zmq::sockopt::reconnect_ivl_max, options.reconnect_interval_max_ms);
    socket.set(zmq::sockopt::handshake_ivl, options.handshake_limit_ms);
    socket.set(zmq::sockopt::connect_timeout, options.connect_limit_ms);
}

}  // namespace fedmsg::sockets
