// Sends messages: a PUB side of the bus (wire-and-crypto.md 13.1). XPUB is used, so that subscriptions are seen.
//
// A full queue. A bound publisher has many subscribers: one that does not read loses messages, the others get all of
// them, and each time that a queue is found full is counted as one episode. (How many messages the slow one loses is
// known to nobody: libzmq leaves it out until it has read half its queue.) A connected publisher has one peer: send()
// waits as long as set by wait_when_full() and then fails.
//
// What success means. close() succeeds if everything sent was written to the connection of a subscribed peer before the
// connection ended. Whether the peer's program then read it is unknowable: the protocol has no acknowledgement.
//
// One thread, unless stated otherwise.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "bus/base/result.hpp"
#include "bus/sockets/options.hpp"
#include "bus/sockets/resolver.hpp"

namespace fedmsg {

class Publisher {
public:
    // Binds the first free address: "tcp://HOST:PORT" is bound as tcp://*:PORT (the host part is ignored, as ever).
    // The error lists each address that was tried and why it failed.
    static Result<Publisher> bind_first_free(zmq::context_t& context, std::string_view name,
                                             const std::vector<std::string>& addresses, const SocketOptions& options);
    // Binds exactly these addresses, as written (relay, monitoring): all must succeed.
    static Result<Publisher> bind_all(zmq::context_t& context, const std::vector<std::string>& addresses,
                                      const SocketOptions& options);
    // Connects to the first address that can be used (active publishers); the others are tried in turn when that one
    // fails. Nothing is waited for. Call read_subscriptions() at least every few seconds if nothing is sent.
    static Result<Publisher> connect(zmq::context_t& context, std::string_view name,
                                     const std::vector<std::string>& addresses, const SocketOptions& options,
                                     const Resolver& resolver = resolve_with_system);

    // Waits until a subscriber that wants `topic` is connected. Returns at once if one is known.
    Status wait_for_subscriber(std::string_view topic, std::chrono::milliseconds limit);

    // Hands one message to libzmq. An error if the peer's queue is full (connected publishers), or, with
    // require_subscriber, if nobody is subscribed to the topic; then the message goes to nobody.
    Status send(std::string_view topic, std::string_view body);
    Status send_frame(std::string_view body);  // a single frame: monitoring
    void require_subscriber(bool yes);
    void wait_when_full(std::chrono::milliseconds limit);  // connected publishers; default 0

    // Reads subscription events that have arrived and, for connected publishers, looks after the connection; send()
    // does this too.
    void read_subscriptions();

    // Waits until libzmq has handed what was sent to the peer's connection, at most the linger time (default 1 s), and
    // closes. A connected publisher gets an error if that is not known to have worked. No other call may follow.
    Status close();

    const std::vector<std::string>& bound_addresses() const;  // as libzmq reports them, with the ports it was given

    // Times that a queue was found full: one episode each, however many messages were lost in it.
    std::uint64_t drop_episodes() const;
    // Messages that are known to be lost to at least one subscriber: exact for connected publishers, a lower bound for
    // bound ones.
    std::uint64_t dropped_messages() const;
    // A line to log when the first message was dropped; given once in the publisher's life.
    std::optional<std::string> take_drop_warning();

    Publisher(Publisher&&) noexcept;
    Publisher& operator=(Publisher&&) noexcept;
    ~Publisher();

private:
    struct State;
    explicit Publisher(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace fedmsg
