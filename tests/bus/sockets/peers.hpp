// Plain ZeroMQ sockets as independent peers in tests.
#pragma once

#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/subscriber/subscriber.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg::test {

inline const std::string kAnyPort = "tcp://127.0.0.1:*";

// A socket bound to a loopback port of the system's choice, or to the address given.
struct BoundSocket {
    BoundSocket(zmq::context_t& context, zmq::socket_type type, const std::string& where = kAnyPort)
        : socket(context, type) {
        socket.set(zmq::sockopt::linger, 0);
        socket.bind(where);
        address = socket.get(zmq::sockopt::last_endpoint);
    }

    std::string port() const { return address.substr(address.rfind(':') + 1); }

    zmq::socket_t socket;
    std::string address;
};

inline void send_frames(zmq::socket_t& socket, const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i)
        socket.send(zmq::buffer(frames[i]), i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

// An XPUB peer that sends only when somebody has subscribed, so that nothing gets lost.
inline bool wait_for_subscription(zmq::socket_t& xpub) {
    return wait_for([&] {
        zmq::message_t event;
        return xpub.recv(event, zmq::recv_flags::dontwait).has_value();
    });
}

struct Message {
    std::string topic;
    std::string body;
    EndpointIndex endpoint = 0;
    bool operator==(const Message&) const = default;
};

inline void PrintTo(const Message& message, std::ostream* out) {
    *out << message.endpoint << " " << message.topic << " " << message.body.substr(0, 80);
}

// Messages until there are `count`, or the limit is over.
inline std::vector<Message> receive(Subscriber& subscriber, std::size_t count,
                                    std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::vector<Message> messages;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (messages.size() < count && std::chrono::steady_clock::now() < deadline) {
        subscriber.wait(std::chrono::milliseconds(20));
        for (Received received; messages.size() < count && subscriber.receive(received);)
            messages.push_back({std::string(received.topic), std::string(received.body), received.endpoint});
    }
    return messages;
}

// Keeps the subscriber going until the condition holds.
template <class Condition>
bool run_until(Subscriber& subscriber, Condition condition,
               std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        subscriber.wait(std::chrono::milliseconds(5));
    }
    return true;
}

inline bool run_until_connected(Subscriber& subscriber, std::size_t endpoint = 0) {
    return run_until(subscriber, [&] { return subscriber.endpoints().at(endpoint).connected; });
}

}  // namespace fedmsg::test
