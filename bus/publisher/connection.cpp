#include "bus/publisher/connection.hpp"

#include <algorithm>

namespace fedmsg {
namespace {

constexpr std::chrono::milliseconds kLookUpLimit{3000};

sockets::Connector::Timing timing_from(const SocketOptions& options) {
    sockets::Connector::Timing timing;
    timing.attempt = std::chrono::milliseconds(options.reconnect_interval_ms.value_or(100));
    timing.attempt_most = std::chrono::milliseconds(options.reconnect_interval_max_ms.value_or(100));
    return timing;
}

}  // namespace

Connection::Connection(zmq::context_t& context, zmq::socket_t& socket, std::vector<sockets::Address> addresses,
                       const SocketOptions& options, const Resolver& resolver)
    : monitor_(context, socket),
      connector_(socket, std::move(addresses), timing_from(options)),
      look_ups_(resolver, kLookUpLimit, [this] { wake_.signal(); }) {}

void Connection::upkeep() {
    const auto now = std::chrono::steady_clock::now();
    wake_.clear();
    while (const auto event = monitor_.next()) read_event(*event, now);
    for (const auto& answer : look_ups_.collect(now)) connector_.on_answer(answer, now);
    connector_.upkeep(look_ups_, now);
}

void Connection::read_event(const sockets::MonitorEvent& event, TimePoint now) {
    const bool was_connected = connector_.is_connected();
    connector_.on_event(event, now);
    if (was_connected && !connector_.is_connected()) ++losses_;
}

void Connection::add_to(std::vector<pollfd>& items) const {
    items.push_back({monitor_.descriptor(), POLLIN, 0});
    items.push_back({wake_.descriptor(), POLLIN, 0});
}

Connection::TimePoint Connection::next_due() const {
    return std::min(connector_.next_due(), look_ups_.next_limit());
}

bool Connection::wait_until_gone(TimePoint deadline) {
    for (;;) {
        const auto now = std::chrono::steady_clock::now();
        const auto event = monitor_.next(sockets::time_until(deadline, now));
        if (event && event->kind == sockets::MonitorEvent::Kind::stopped) return true;
        if (event && event->kind == sockets::MonitorEvent::Kind::disconnected) ++losses_;
        if (!event && now >= deadline) return false;
    }
}

}  // namespace fedmsg
