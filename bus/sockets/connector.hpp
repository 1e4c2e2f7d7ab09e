// Keeps one socket connected to one of several addresses: looks names up, tries all addresses in turn, looks names up
// again on a lost connection and from time to time, and follows a name that moved (KF-003, KF-004).
//
// libzmq reconnects to an address by itself; this class changes the address where there is another one. If the peer
// in use is no longer among the addresses of its name, the new address is connected first and the old one is dropped
// when that works: a name server that gives a wrong answer costs nothing.
//
// A connector does nothing by itself. Its owner feeds it with monitor events and look-up answers and calls upkeep()
// when next_due() has come. One thread, that of the socket.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "bus/sockets/address.hpp"
#include "bus/sockets/look_ups.hpp"
#include "bus/sockets/monitor.hpp"

namespace fedmsg::sockets {

// The error of an endpoint that has neither been connected nor failed so far: a state, not a trouble.
inline constexpr std::string_view kNotConnectedYet = "not connected yet";

class Connector {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Milliseconds = std::chrono::milliseconds;

    struct Timing {
        Milliseconds attempt{100};          // from a failed attempt to one at another address,
        Milliseconds attempt_most{100};     // doubling up to this
        Milliseconds look_up{1000};         // without a connection: between look-ups, doubling up to the next one
        Milliseconds look_up_again{60000};  // with a connection: between look-ups
    };

    // The socket must have a Monitor and outlive this.
    Connector(zmq::socket_ref socket, std::vector<Address> addresses, Timing timing);

    void on_event(const MonitorEvent& event, TimePoint now);
    void on_answer(const LookUps::Answer& answer, TimePoint now);
    void upkeep(LookUps& look_ups, TimePoint now);
    TimePoint next_due() const;

    // True between a peer's finished handshake and the loss of its connection.
    bool is_connected() const;
    // Numeric address in use or being tried; empty if there is none.
    std::string peer() const;
    // Why there is no connection; empty if there is one.
    std::string error() const;

private:
    // One configured address and what it stands for at present.
    struct Source {
        Address address;
        std::vector<std::string> targets;  // numeric; kept when a later look-up fails
        std::string error;                 // of the last look-up
    };
    // An address that libzmq was told to connect to.
    struct Link {
        enum class State { trying, connected, lost };
        std::string target;
        State state = State::trying;
        bool refused = false;  // the last attempt ended in the handshake
    };

    Link* find_link(std::string_view target);
    std::vector<std::string> targets() const;
    bool is_listed(const std::string& target) const;
    bool has_names() const;
    bool wants_link() const;
    void look_up(LookUps& look_ups, TimePoint now);
    void start_link(TimePoint now);
    void drop_link(std::string target);
    void drop_unlisted();
    void on_ready(Link& link, TimePoint now);
    void on_disconnected(Link& link, TimePoint now);
    void on_waiting(Link& link, TimePoint now);
    void on_failed(Link& link, TimePoint now);
    void delay_attempt(TimePoint now);

    zmq::socket_ref socket_;
    Timing timing_;
    std::vector<Source> sources_;
    std::vector<Link> links_;  // at most two: the one in use and its successor
    std::size_t next_target_ = 0;
    TimePoint next_attempt_{};
    TimePoint next_look_up_{};
    Milliseconds attempt_delay_;
    Milliseconds look_up_delay_;
    std::string last_error_{kNotConnectedYet};
};

}  // namespace fedmsg::sockets
