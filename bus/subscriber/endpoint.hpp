// One SUB socket of a subscriber, its connection, and how its messages are taken apart. The subscriber's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>
#include <zmq.hpp>

#include "bus/sockets/connector.hpp"
#include "bus/sockets/monitor.hpp"
#include "bus/subscriber/endpoint_table.hpp"
#include "bus/subscriber/subscriptions.hpp"

namespace fedmsg {

// Buffers that hold one received message; used again for each.
struct Frames {
    zmq::message_t first;
    zmq::message_t second;
    zmq::message_t rest;
};

class Endpoint {
public:
    using TimePoint = sockets::Connector::TimePoint;

    // Not connected or bound to anything yet. Throws zmq::error_t if libzmq has no socket left.
    Endpoint(zmq::context_t& context, const SocketOptions& options, EndpointTable::Row& row);

    void subscribe(const Subscriptions& wanted, const Subscriptions& present);
    void connect(const sockets::Address& address, sockets::Connector::Timing timing);
    // Returns the address with the port that the system gave. Throws zmq::error_t.
    std::string bind(const std::string& address);

    enum class Outcome { message, malformed, nothing };
    Outcome receive(Frames& frames, Received& message);

    int descriptor() const { return descriptor_; }
    int monitor_descriptor() const { return monitor_descriptor_; }

    void read_events(TimePoint now);
    void on_answer(const sockets::LookUps::Answer& answer, TimePoint now);
    void upkeep(sockets::LookUps& look_ups, TimePoint now);
    TimePoint next_due() const;

    // True: receive() may have something. Set after everything that may make libzmq read its socket, since its
    // descriptor is edge-triggered; cleared when receive() has found nothing.
    bool is_ready = true;
    // True: read_events() may have something.
    bool has_events = true;

private:
    void on_event(const sockets::MonitorEvent& event, TimePoint now);
    void show_status();
    Outcome count(std::string_view topic, std::string_view body, Received& message);
    Outcome take_old_form(std::string_view frame, Received& message);

    EndpointTable::Row& row_;
    zmq::socket_t socket_;
    sockets::Monitor monitor_;
    std::optional<sockets::Connector> connector_;  // of a connecting endpoint
    std::unordered_set<int> peers_;                // descriptors of accepted connections of a binding one
    int descriptor_;
    int monitor_descriptor_;
};

}  // namespace fedmsg
