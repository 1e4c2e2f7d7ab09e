// Receives messages: all SUB sockets of a process, one per endpoint (wire-and-crypto.md 13.2, architecture.md
// "source").
//
// Connecting endpoints: names are resolved on a resolver thread with a time limit and libzmq sees only numeric
// addresses. When a connection is lost, and every 60 s, the name is resolved again and all its addresses are tried in
// turn. An endpoint that cannot be resolved or connected is retried for ever and visible in endpoints(). Threads: one
// owner thread, except wake() and endpoints(), which any thread may call.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "bus/base/result.hpp"
#include "bus/sockets/context.hpp"  // ensure_descriptor_budget, prepare_context: call before
#include "bus/sockets/options.hpp"
#include "bus/sockets/resolver.hpp"

namespace fedmsg {

// Position of an endpoint in the subscriber's list.
using EndpointIndex = std::uint32_t;

// One received message: views into buffers of the subscriber, valid until its next call.
struct Received {
    std::string_view topic;
    std::string_view body;
    EndpointIndex endpoint = 0;
};

struct EndpointStatus {
    std::string address;  // as configured
    bool binds = false;
    bool connected = false;  // at least one peer
    std::string peer;        // numeric address now in use, for connecting ones
    std::string error;       // last reason why it is not connected; empty if it is
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t malformed = 0;  // wrong number of frames
};

class Subscriber {
public:
    struct Options {
        SocketOptions socket;
        Resolver resolver = resolve_with_system;
        std::chrono::milliseconds resolve_limit{3000};   // a look-up that takes longer is reported as failed
        std::chrono::milliseconds resolve_first{1000};   // without a connection: from one look-up to the next, doubling
        std::chrono::milliseconds resolve_again{60000};  // up to this, which is also the time with a connection
    };

    // Throws std::runtime_error if libzmq is too old or no descriptor is left.
    Subscriber(zmq::context_t& context, Options options);
    // Waits for look-ups in flight; the system's ones take 3 s at most.
    ~Subscriber();

    // Checks that an address can be used ("tcp://HOST:PORT" with HOST a name, IPv4, [IPv6] or *, "ipc://PATH",
    // "inproc://NAME"); the error says what is wrong. localhost works: it is resolved by us.
    static Status check_address(std::string_view address);

    // Adds an endpoint; nothing is waited for. `*` as host to connect to means 127.0.0.1. A second equal address is
    // ignored.
    Status connect(std::string_view address);
    // Binds at once: a name is bound on each of its addresses.
    Status bind(std::string_view address);

    // Prefix subscriptions of all sockets, now and later ones. Replaces the earlier set.
    void set_subscriptions(const std::vector<std::string>& prefixes);

    // The next message if there is one, fairly among endpoints. Frame rules of wire-and-crypto.md 1: two frames, or the
    // old one-frame form with a NUL; others are counted as malformed and skipped. UTF-8 is not looked at here.
    bool receive(Received& message);

    // Waits until receive() may have something, wake() is called, or the time is over; also does the endpoints' upkeep
    // (reconnecting, resolving).
    void wait(std::chrono::milliseconds limit);
    void wake();

    std::vector<EndpointStatus> endpoints() const;
    // Addresses as libzmq bound them, with the ports it was given.
    std::vector<std::string> bound_addresses() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace fedmsg
