#include "bus/sockets/monitor.hpp"

#include <atomic>
#include <cstring>
#include <vector>

#include "bus/sockets/calls.hpp"
#include "bus/sockets/wake.hpp"

namespace fedmsg::sockets {
namespace {

constexpr int kWanted = ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_CLOSED |
                        ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                        ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_MONITOR_STOPPED;

std::string unique_name() {
    static std::atomic<std::uint64_t> counter{0};
    return "inproc://fedmsg-monitor-" + std::to_string(counter.fetch_add(1));
}

MonitorEvent::Kind kind_of(std::uint16_t event) {
    using Kind = MonitorEvent::Kind;
    switch (event) {
        case ZMQ_EVENT_CONNECT_DELAYED:
            return Kind::attempt;
        case ZMQ_EVENT_CONNECTED:
            return Kind::connected;
        case ZMQ_EVENT_ACCEPTED:
            return Kind::accepted;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            return Kind::ready;
        case ZMQ_EVENT_CLOSED:
            return Kind::closed;
        case ZMQ_EVENT_CONNECT_RETRIED:
            return Kind::waiting;
        case ZMQ_EVENT_DISCONNECTED:
            return Kind::disconnected;
        case ZMQ_EVENT_MONITOR_STOPPED:
            return Kind::stopped;
        default:
            return Kind::refused;  // the three kinds of failed handshakes
    }
}

// First frame: event number (16 bits) and value (32 bits) in host order, unaligned.
MonitorEvent decode(const zmq::message_t& numbers, const zmq::message_t& address) {
    std::uint16_t event = 0;
    std::int32_t value = 0;
    const auto* bytes = static_cast<const char*>(numbers.data());
    std::memcpy(&event, bytes, sizeof event);
    std::memcpy(&value, bytes + sizeof event, sizeof value);
    return MonitorEvent{kind_of(event), value, address.to_string()};
}

}  // namespace

Monitor::Monitor(zmq::context_t& context, zmq::socket_t& socket)
    : socket_(socket), events_(context, zmq::socket_type::pair) {
    const std::string name = unique_name();
    if (zmq_socket_monitor(socket.handle(), name.c_str(), kWanted) != 0) throw zmq::error_t();
    // Unlimited on both sides: at a limit libzmq would block its I/O thread, and with it every connection.
    events_.set(zmq::sockopt::rcvhwm, 0);
    events_.set(zmq::sockopt::linger, 0);
    events_.connect(name);
}

Monitor::~Monitor() {
    // Fails if the socket or its context is gone, and then there is nothing to stop.
    if (socket_.handle() != nullptr) zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

std::optional<MonitorEvent> Monitor::next() {
    zmq::message_t numbers;
    if (!receive_now(events_, numbers)) return std::nullopt;
    zmq::message_t address;
    if (!receive_now(events_, address)) return std::nullopt;  // frames of a message arrive together
    return decode(numbers, address);
}

std::optional<MonitorEvent> Monitor::next(std::chrono::milliseconds limit) {
    if (auto event = next()) return event;
    std::vector<pollfd> items{{descriptor(), POLLIN, 0}};
    wait_readable(items, limit);
    return next();
}

int Monitor::descriptor() const {
    return events_.get(zmq::sockopt::fd);
}

}  // namespace fedmsg::sockets
