#include "bus/subscriber/subscriber.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>

#include "bus/sockets/address.hpp"
#include "bus/sockets/library_version.hpp"
#include "bus/sockets/look_ups.hpp"
#include "bus/sockets/wake.hpp"
#include "bus/subscriber/endpoint.hpp"
#include "bus/subscriber/endpoint_table.hpp"
#include "bus/subscriber/subscriptions.hpp"

namespace fedmsg {
namespace {

using std::chrono::milliseconds;
using TimePoint = std::chrono::steady_clock::time_point;

// Messages taken from one endpoint before the others are looked at.
constexpr unsigned kBurst = 256;

TimePoint now() {
    return std::chrono::steady_clock::now();
}

sockets::Connector::Timing timing_from(const Subscriber::Options& options) {
    sockets::Connector::Timing timing;
    timing.attempt = milliseconds(options.socket.reconnect_interval_ms.value_or(100));
    timing.attempt_most = milliseconds(options.socket.reconnect_interval_max_ms.value_or(100));
    timing.look_up = options.resolve_first;
    timing.look_up_again = options.resolve_again;
    return timing;
}

// What to bind for an address: itself, or each IPv4 address of its name; IPv6 ones only if there is no other, since the
// original binds IPv4 alone (wire-and-crypto.md 13.3).
Result<std::vector<std::string>> bind_targets(const sockets::Address& address, const Resolver& resolver) {
    if (address.is_numeric()) return std::vector{address.text};
    try {
        auto hosts = resolver(address.host);
        const auto is_ipv6 = [](const std::string& host) { return host.find(':') != std::string::npos; };
        if (!std::all_of(hosts.begin(), hosts.end(), is_ipv6)) std::erase_if(hosts, is_ipv6);
        if (hosts.empty()) return failure("cannot bind " + address.text + ": its host name has no address");
        for (auto& host : hosts) host = sockets::tcp_address(host, address.port);
        return hosts;
    } catch (const std::exception& error) {
        return failure("cannot bind " + address.text + ": cannot look up '" + address.host + "': " + error.what());
    }
}

}  // namespace

struct Subscriber::State {
    State(zmq::context_t& zmq_context, Options all_options);

    Endpoint& add_endpoint(const std::string& address, bool binds);
    void remove_last_endpoint(const std::string& address);
    void refresh(milliseconds limit);
    void upkeep();
    bool choose();
    bool find_ready();
    bool any_ready() const;

    zmq::context_t& context;
    const Options options;
    sockets::Wake wake;
    std::atomic<bool> woken = false;
    EndpointTable table;
    std::set<std::string> addresses;  // those in use, to leave out equal ones
    Subscriptions subscriptions;
    std::vector<std::unique_ptr<Endpoint>> endpoints;
    std::vector<pollfd> items;  // wake, then socket and monitor of each endpoint
    TimePoint upkeep_due{};     // when a connector wants attention
    Frames frames;
    std::size_t current = 0;  // the endpoint whose burst it is
    unsigned burst_left = 0;
    bool is_burst_over = false;  // the last burst was used up: the others have not been looked at for long
    sockets::LookUps look_ups;   // last: its threads use `wake`
};

Subscriber::State::State(zmq::context_t& zmq_context, Options all_options)
    : context(zmq_context),
      options(std::move(all_options)),
      items{{wake.descriptor(), POLLIN, 0}},
      look_ups(options.resolver, options.resolve_limit, [this] { wake.signal(); }) {
    if (const auto version = sockets::check_library_version(); !version) throw std::runtime_error(version.error().text);
}

Endpoint& Subscriber::State::add_endpoint(const std::string& address, bool binds) {
    auto& row = table.add(address, binds);
    addresses.insert(address);
    auto& endpoint = *endpoints.emplace_back(std::make_unique<Endpoint>(context, options.socket, row));
    items.push_back({endpoint.descriptor(), POLLIN, 0});
    items.push_back({endpoint.monitor_descriptor(), POLLIN, 0});
    endpoint.subscribe(subscriptions, {});
    upkeep_due = TimePoint{};
    return endpoint;
}

// Takes back what add_endpoint() did, however far it came.
void Subscriber::State::remove_last_endpoint(const std::string& address) {
    if (endpoints.size() == table.size()) endpoints.pop_back();
    items.resize(1 + 2 * endpoints.size());
    addresses.erase(address);
    table.remove_last();
}

// Waiting -----------------------------------------------------------------------------------------------------------

// Notes which sockets and monitors have something.
void Subscriber::State::refresh(milliseconds limit) {
    sockets::wait_readable(items, limit);
    if (items[0].revents != 0) wake.clear();
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        if (items[1 + 2 * i].revents != 0) endpoints[i]->is_ready = true;
        if (items[2 + 2 * i].revents != 0) endpoints[i]->has_events = true;
    }
}

// Cheap when nothing has happened.
void Subscriber::State::upkeep() {
    const auto time = now();
    bool changed = time >= upkeep_due;
    for (auto& endpoint : endpoints) {
        if (!endpoint->has_events) continue;
        endpoint->read_events(time);
        changed = true;
    }
    for (const auto& answer : look_ups.collect(time)) {
        for (auto& endpoint : endpoints) endpoint->on_answer(answer, time);
        changed = true;
    }
    if (!changed) return;
    upkeep_due = TimePoint::max();
    for (auto& endpoint : endpoints) {
        endpoint->upkeep(look_ups, time);
        upkeep_due = std::min(upkeep_due, endpoint->next_due());
    }
}

bool Subscriber::State::any_ready() const {
    return std::any_of(endpoints.begin(), endpoints.end(), [](auto& endpoint) { return endpoint->is_ready; });
}

// Gives a burst to the next endpoint after the current one that may have something.
bool Subscriber::State::choose() {
    if (is_burst_over) {
        refresh(milliseconds(0));
        upkeep();
        is_burst_over = false;
        return find_ready();
    }
    if (find_ready()) return true;
    refresh(milliseconds(0));
    return find_ready();
}

bool Subscriber::State::find_ready() {
    for (std::size_t step = 1; step <= endpoints.size(); ++step) {
        const std::size_t candidate = (current + step) % endpoints.size();
        if (!endpoints[candidate]->is_ready) continue;
        current = candidate;
        burst_left = kBurst;
        return true;
    }
    return false;
}

// The class ---------------------------------------------------------------------------------------------------------

Subscriber::Subscriber(zmq::context_t& context, Options options)
    : state_(std::make_unique<State>(context, std::move(options))) {}

Subscriber::~Subscriber() = default;

Status Subscriber::check_address(std::string_view address) {
    const auto parsed = sockets::parse_address(address, sockets::Use::connect);
    if (!parsed) return parsed.error();
    return {};
}

Status Subscriber::connect(std::string_view address) {
    const auto parsed = sockets::parse_address(address, sockets::Use::connect);
    if (!parsed) return parsed.error();
    if (state_->addresses.contains(parsed->text)) return {};
    try {
        state_->add_endpoint(parsed->text, false).connect(*parsed, timing_from(state_->options));
        state_->upkeep();
        return {};
    } catch (const zmq::error_t& error) {
        state_->remove_last_endpoint(parsed->text);
        return failure("cannot make a socket for " + parsed->text + ": " + error.what());
    }
}

Status Subscriber::bind(std::string_view address) {
    const auto parsed = sockets::parse_address(address, sockets::Use::bind);
    if (!parsed) return parsed.error();
    if (state_->addresses.contains(parsed->text)) return {};
    const auto targets = bind_targets(*parsed, state_->options.resolver);
    if (!targets) return targets.error();
    std::string failing = parsed->text;
    try {
        auto& endpoint = state_->add_endpoint(parsed->text, true);
        std::vector<std::string> bound;
        for (const auto& target : *targets) bound.push_back(endpoint.bind(failing = target));
        state_->table.add_bound(std::move(bound));
        return {};
    } catch (const zmq::error_t& error) {
        state_->remove_last_endpoint(parsed->text);
        return failure("cannot bind " + failing + ": " + error.what());
    }
}

void Subscriber::set_subscriptions(const std::vector<std::string>& prefixes) {
    auto wanted = minimal(prefixes);
    for (auto& endpoint : state_->endpoints) endpoint->subscribe(wanted, state_->subscriptions);
    state_->subscriptions = std::move(wanted);
}

bool Subscriber::receive(Received& message) {
    State& state = *state_;
    for (;;) {
        if (state.burst_left == 0 && !state.choose()) return false;
        state.is_burst_over = --state.burst_left == 0;
        message.endpoint = static_cast<EndpointIndex>(state.current);
        auto& endpoint = *state.endpoints[state.current];
        const auto outcome = endpoint.receive(state.frames, message);
        if (outcome == Endpoint::Outcome::message) return true;
        if (outcome == Endpoint::Outcome::malformed) continue;
        endpoint.is_ready = false;
        state.burst_left = 0;
        state.is_burst_over = false;
    }
}

void Subscriber::wait(milliseconds limit) {
    State& state = *state_;
    const auto deadline = now() + limit;
    for (;;) {
        state.upkeep();
        const auto time = now();
        const bool over = state.woken.exchange(false) || state.any_ready() || time >= deadline;
        const auto until = over ? time : std::min({deadline, state.upkeep_due, state.look_ups.next_limit()});
        state.refresh(sockets::time_until(until, time));
        if (over) return state.upkeep();
    }
}

void Subscriber::wake() {
    state_->woken = true;
    state_->wake.signal();
}

std::vector<EndpointStatus> Subscriber::endpoints() const {
    return state_->table.statuses();
}

std::vector<std::string> Subscriber::bound_addresses() const {
    return state_->table.bound();
}

}  // namespace fedmsg
