// Sends messages: a PUB side of the bus (wire-and-crypto.md 13.1). XPUB is used, so that subscriptions are seen.
// One thread, unless stated otherwise.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "bus/base/result.hpp"
#include "bus/config/configuration.hpp"

namespace fedmsg {

// Options of a socket (wire-and-crypto.md 13.3); an empty optional leaves libzmq's default.
struct SocketOptions {
    int send_high_water_mark = 5000;      // messages; 0: unlimited
    int receive_high_water_mark = 10000;  // messages; 0: unlimited
    std::optional<int> keepalive, keepalive_count, keepalive_idle, keepalive_interval;
    std::optional<int> reconnect_interval_ms, reconnect_interval_max_ms;
    std::optional<int> linger_ms;

    // high_water_mark (absent or 0: the defaults above; "unlimited": 0), zmq_tcp_keepalive*, zmq_reconnect_ivl*, zmq_linger.
    static SocketOptions from(const config::Configuration& configuration);
};

class Publisher {
public:
    struct Bound {
        std::string address;  // as libzmq reports it, with the port it was given
    };

    // Binds the first free address: "tcp://HOST:PORT" is bound as tcp://*:PORT (the host part is ignored, as ever).
    // The error lists each address that was tried and why it failed.
    static Result<Publisher> bind_first_free(zmq::context_t& context, std::string_view name,
                                             const std::vector<std::string>& addresses, const SocketOptions& options);
    // Binds exactly these addresses, as written (relay, monitoring): all must succeed.
    static Result<Publisher> bind_all(zmq::context_t& context, const std::vector<std::string>& addresses,
                                      const SocketOptions& options);
    // Connects to the first address that can be used (active publishers).
    static Result<Publisher> connect(zmq::context_t& context, std::string_view name,
                                     const std::vector<std::string>& addresses, const SocketOptions& options);

    // Waits until a subscriber that wants `topic` is connected. Returns at once if one is known.
    Status wait_for_subscriber(std::string_view topic, std::chrono::milliseconds limit);

    // Hands one message to libzmq. An error if a subscriber's queue is full (nothing was queued for anybody then), or,
    // with require_subscriber, if nobody is subscribed to the topic.
    Status send(std::string_view topic, std::string_view body);
    Status send_frame(std::string_view body);  // a single frame: monitoring
    void require_subscriber(bool yes);

    // Reads subscription events that have arrived; send() does this too.
    void read_subscriptions();
    // Waits until libzmq has handed what was sent to the peer's connection, at most the linger time, and closes.
    void close();

    const std::vector<std::string>& bound_addresses() const;
    // Times that a queue was found full since the last success: one episode each, however many messages were lost in it.
    std::uint64_t drop_episodes() const;
    std::uint64_t dropped_messages() const;

    Publisher(Publisher&&) noexcept;
    Publisher& operator=(Publisher&&) noexcept;
    ~Publisher();

private:
    struct State;
    explicit Publisher(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace fedmsg
