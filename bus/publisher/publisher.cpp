#include "bus/publisher/publisher.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "bus/base/text.hpp"
#include "bus/publisher/connection.hpp"
#include "bus/publisher/delivery.hpp"
#include "bus/publisher/subscription_set.hpp"
#include "bus/sockets/address.hpp"
#include "bus/sockets/calls.hpp"
#include "bus/sockets/connector.hpp"
#include "bus/sockets/library_version.hpp"

namespace fedmsg {
namespace {

using sockets::Address;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kDefaultLinger = 1000;        // milliseconds
constexpr unsigned kReadEvery = 64;         // messages between two looks at subscriptions and the connection
constexpr milliseconds kCloseMargin{2000};  // for libzmq's threads, after the linger time

}  // namespace

struct Publisher::State {
    State(zmq::context_t& context, const SocketOptions& socket_options, Delivery::WhenFull when_full)
        : socket(context, zmq::socket_type::xpub),
          delivery(socket, when_full),
          linger(socket_options.linger_ms.value_or(kDefaultLinger)) {
        sockets::apply(socket_options, socket);
        socket.set(zmq::sockopt::linger, linger);
    }

    void read_events();
    bool reaches(std::string_view topic) const;
    Status send(std::string_view topic, std::span<const std::string_view> frames);
    void wait(steady_clock::time_point deadline);
    std::string why_unreachable(std::string_view topic) const;
    Status close();

    zmq::socket_t socket;
    Delivery delivery;
    SubscriptionSet subscriptions;
    std::unique_ptr<Connection> connection;  // of a connected publisher
    std::vector<std::string> bound;
    std::string name = "";
    int linger;
    bool require_subscriber = false;
    unsigned sent_since_read = 0;
    unsigned losses_at_send = 0;  // connection->losses() when the last message was sent
    bool has_sent = false;
};

// State -------------------------------------------------------------------------------------------------------------

void Publisher::State::read_events() {
    sent_since_read = 0;
    zmq::message_t event;
    while (sockets::receive_now(socket, event)) subscriptions.apply(event.to_string_view());
    if (connection) connection->upkeep();
}

// libzmq keeps what a lost peer was subscribed to, hence the second condition.
bool Publisher::State::reaches(std::string_view topic) const {
    return subscriptions.covers(topic) && (!connection || connection->is_connected());
}

Status Publisher::State::send(std::string_view topic, std::span<const std::string_view> frames) {
    if (require_subscriber || ++sent_since_read >= kReadEvery) read_events();
    if (require_subscriber && !reaches(topic)) return failure("not sent: " + why_unreachable(topic));
    auto status = delivery.send(frames);
    if (status && connection) {
        has_sent = true;
        losses_at_send = connection->losses();
    }
    return status;
}

void Publisher::State::wait(steady_clock::time_point deadline) {
    std::vector<pollfd> items{{socket.get(zmq::sockopt::fd), POLLIN, 0}};
    if (connection) {
        connection->add_to(items);
        deadline = std::min(deadline, connection->next_due());
    }
    sockets::wait_readable(items, sockets::time_until(deadline, steady_clock::now()));
}

std::string Publisher::State::why_unreachable(std::string_view topic) const {
    const std::string wanted = "nobody is subscribed to '" + std::string(topic) + "'";
    if (!connection) return wanted + " at " + text::join(bound, ", ");
    if (!connection->is_connected()) {
        const std::string why = connection->error();
        const bool is_trying = why == sockets::kNotConnectedYet && !connection->peer().empty();
        return name + ": " + why + (is_trying ? " to " + connection->peer() : "");
    }
    return wanted + " behind " + connection->peer();
}

Status Publisher::State::close() {
    if (connection) read_events();
    socket.set(zmq::sockopt::linger, linger);
    socket.close();
    if (!connection) return {};
    const auto most = linger < 0 ? steady_clock::duration::max() / 2 : milliseconds(linger) + kCloseMargin;
    const bool gone = connection->wait_until_gone(steady_clock::now() + most);
    if (!has_sent || (gone && connection->losses() == losses_at_send)) return {};
    return failure(name + ": the connection was lost or too slow before everything was handed over");
}

// Making ------------------------------------------------------------------------------------------------------------

namespace {

// Why binding failed; empty if it worked.
std::string try_bind(zmq::socket_t& socket, const std::string& address) {
    try {
        socket.set(zmq::sockopt::ipv6, address.starts_with("tcp://["));
        socket.bind(address);
        return "";
    } catch (const zmq::error_t& error) {
        if (error.num() == EADDRINUSE) return "in use";
        return error.what();
    }
}

// The original binds the port on all interfaces, whatever host the address names.
std::string on_all_interfaces(const Address& address) {
    return address.scheme == Address::Scheme::tcp ? "tcp://*:" + address.port : address.text;
}

struct Failure {
    std::string address;
    std::string why;
};

Error none_available(std::string_view name, const std::vector<Failure>& failures) {
    const bool all_in_use = std::all_of(failures.begin(), failures.end(), [](auto& f) { return f.why == "in use"; });
    std::vector<std::string> lines;
    for (const auto& failed : failures) lines.push_back(failed.address + (all_in_use ? "" : ": " + failed.why));
    const std::string head = "Couldn't find an available endpoint for name '" + std::string(name) + "': ";
    if (failures.empty()) return failure(head + "it has no addresses");
    if (all_in_use)
        return failure(
            head + "all of " + text::join(lines, ", ") +
            " are in use; each process needs an address of its own: add one, or end a process that holds one");
    return failure(head + text::join(lines, "; "));
}

Result<std::vector<Address>> parse_all(std::string_view name, const std::vector<std::string>& addresses) {
    std::vector<Address> parsed;
    std::vector<Failure> failures;
    for (const auto& text : addresses) {
        auto address = sockets::parse_address(text, sockets::Use::connect);
        if (address)
            parsed.push_back(std::move(*address));
        else
            failures.push_back({text, address.error().text});
    }
    if (parsed.empty()) return none_available(name, failures);
    return parsed;
}

}  // namespace

Result<Publisher> Publisher::bind_first_free(zmq::context_t& context, std::string_view name,
                                             const std::vector<std::string>& addresses, const SocketOptions& options) {
    if (auto version = sockets::check_library_version(); !version) return version.error();
    auto state = std::make_unique<State>(context, options, Delivery::WhenFull::leave_out_the_full);
    std::vector<Failure> failures;
    for (const auto& text : addresses) {
        const auto address = sockets::parse_address(text, sockets::Use::bind);
        std::string why = address ? try_bind(state->socket, on_all_interfaces(*address)) : address.error().text;
        if (why.empty()) {
            state->name = name;
            state->bound.push_back(state->socket.get(zmq::sockopt::last_endpoint));
            return Publisher(std::move(state));
        }
        failures.push_back({text, std::move(why)});
    }
    return none_available(name, failures);
}

Result<Publisher> Publisher::bind_all(zmq::context_t& context, const std::vector<std::string>& addresses,
                                      const SocketOptions& options) {
    if (auto version = sockets::check_library_version(); !version) return version.error();
    auto state = std::make_unique<State>(context, options, Delivery::WhenFull::leave_out_the_full);
    for (const auto& text : addresses) {
        const auto address = sockets::parse_address(text, sockets::Use::bind);
        if (!address) return address.error();
        if (const auto why = try_bind(state->socket, text); !why.empty())
            return failure("cannot bind " + text + ": " + why);
        state->bound.push_back(state->socket.get(zmq::sockopt::last_endpoint));
    }
    return Publisher(std::move(state));
}

Result<Publisher> Publisher::connect(zmq::context_t& context, std::string_view name,
                                     const std::vector<std::string>& addresses, const SocketOptions& options,
                                     const Resolver& resolver) {
    if (auto version = sockets::check_library_version(); !version) return version.error();
    auto parsed = parse_all(name, addresses);
    if (!parsed) return parsed.error();
    auto state = std::make_unique<State>(context, options, Delivery::WhenFull::refuse);
    state->name = name;
    state->connection = std::make_unique<Connection>(context, state->socket, std::move(*parsed), options, resolver);
    state->connection->upkeep();
    return Publisher(std::move(state));
}

// Use ---------------------------------------------------------------------------------------------------------------

Status Publisher::wait_for_subscriber(std::string_view topic, milliseconds limit) {
    const auto deadline = steady_clock::now() + limit;
    for (;;) {
        state_->read_events();
        if (state_->reaches(topic)) return {};
        if (steady_clock::now() >= deadline)
            return failure("within " + std::to_string(limit.count()) + " ms: " + state_->why_unreachable(topic));
        state_->wait(deadline);
    }
}

Status Publisher::send(std::string_view topic, std::string_view body) {
    return state_->send(topic, std::array{topic, body});
}

Status Publisher::send_frame(std::string_view body) {
    return state_->send(body, std::array{body});
}

void Publisher::require_subscriber(bool yes) {
    state_->require_subscriber = yes;
}

void Publisher::wait_when_full(milliseconds limit) {
    state_->delivery.set_patience(limit);
}

void Publisher::read_subscriptions() {
    state_->read_events();
}

Status Publisher::close() {
    return state_->close();
}

const std::vector<std::string>& Publisher::bound_addresses() const {
    return state_->bound;
}

std::uint64_t Publisher::drop_episodes() const {
    return state_->delivery.episodes();
}

std::uint64_t Publisher::dropped_messages() const {
    return state_->delivery.dropped();
}

std::optional<std::string> Publisher::take_drop_warning() {
    return state_->delivery.take_warning();
}

Publisher::Publisher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Publisher::Publisher(Publisher&&) noexcept = default;
Publisher& Publisher::operator=(Publisher&&) noexcept = default;
Publisher::~Publisher() = default;

}  // namespace fedmsg
