// What happens to the connections of a socket, as libzmq's monitor tells it. Same thread as the socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <zmq.hpp>

namespace fedmsg::sockets {

struct MonitorEvent {
    enum class Kind {
        attempt,       // a connection attempt goes on
        connected,     // TCP (or ipc) connection made
        accepted,      // the same, on a bound socket
        ready,         // handshake finished: messages can flow
        refused,       // handshake failed: the peer does not speak ZMTP, or not with us
        closed,        // an attempt ended without a connection
        waiting,       // another attempt follows after the reconnect interval
        disconnected,  // a connection ended
        stopped,       // the monitored socket is gone: all it had to send was sent, or its linger time is over
    };
    Kind kind;
    int value = 0;        // descriptor or error number, by kind
    std::string address;  // numeric address of the peer for connecting sockets, own address for bound ones
};

class Monitor {
public:
    // Start before the socket is bound or connected. The object `socket` must outlive this; it may be closed earlier,
    // and then the monitor must be kept until `stopped` has come: libzmq's threads would block on a monitor that went
    // before its socket.
    Monitor(zmq::context_t& context, zmq::socket_t& socket);
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

    // The next event, if one has arrived.
    std::optional<MonitorEvent> next();
    // The same, but waits for one; may come back early without.
    std::optional<MonitorEvent> next(std::chrono::milliseconds limit);

    // Becomes readable when next() must be called again (edge-triggered, as all ZeroMQ descriptors).
    int descriptor() const;

private:
    zmq::socket_t& socket_;
    zmq::socket_t events_;
};

}  // namespace fedmsg::sockets
