#include "bus/subscriber/endpoint.hpp"

#include "bus/sockets/calls.hpp"

namespace fedmsg {
namespace {

// Only the owner writes, so that this need not be one atomic step.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

}  // namespace

Endpoint::Endpoint(zmq::context_t& context, const SocketOptions& options, EndpointTable::Row& row)
    : row_(row), socket_(context, zmq::socket_type::sub), monitor_(context, socket_) {
    sockets::apply(options, socket_);
    socket_.set(zmq::sockopt::linger, 0);
    descriptor_ = socket_.get(zmq::sockopt::fd);
    monitor_descriptor_ = monitor_.descriptor();
}

void Endpoint::subscribe(const Subscriptions& wanted, const Subscriptions& present) {
    // The new ones first: what both sets want must not be missed in between.
    for (const auto& prefix : missing(wanted, present)) socket_.set(zmq::sockopt::subscribe, prefix);
    for (const auto& prefix : missing(present, wanted)) socket_.set(zmq::sockopt::unsubscribe, prefix);
    is_ready = true;
}

void Endpoint::connect(const sockets::Address& address, sockets::Connector::Timing timing) {
    connector_.emplace(socket_, std::vector{address}, timing);
    show_status();
}

std::string Endpoint::bind(const std::string& address) {
    socket_.set(zmq::sockopt::ipv6, address.starts_with("tcp://["));
    socket_.bind(address);
    is_ready = true;
    show_status();
    return socket_.get(zmq::sockopt::last_endpoint);
}

// Messages ----------------------------------------------------------------------------------------------------------

Endpoint::Outcome Endpoint::receive(Frames& frames, Received& message) {
    if (!sockets::receive_now(socket_, frames.first)) return Outcome::nothing;
    if (!frames.first.more()) return take_old_form(frames.first.to_string_view(), message);
    // Once the first frame is here, so are the others.
    if (!sockets::receive_now(socket_, frames.second)) return Outcome::nothing;
    if (!frames.second.more()) return count(frames.first.to_string_view(), frames.second.to_string_view(), message);
    while (sockets::receive_now(socket_, frames.rest) && frames.rest.more()) {
    }
    return take_old_form(frames.first.to_string_view(), message);
}

// Topic and body in the first frame with a NUL between them; later frames are not looked at (wire-and-crypto.md 1).
Endpoint::Outcome Endpoint::take_old_form(std::string_view frame, Received& message) {
    const auto separator = frame.find('\0');
    if (separator != std::string_view::npos)
        return count(frame.substr(0, separator), frame.substr(separator + 1), message);
    add(row_.counters.malformed, 1);
    return Outcome::malformed;
}

Endpoint::Outcome Endpoint::count(std::string_view topic, std::string_view body, Received& message) {
    message.topic = topic;
    message.body = body;
    add(row_.counters.messages, 1);
    add(row_.counters.bytes, topic.size() + body.size());
    return Outcome::message;
}

// Connection --------------------------------------------------------------------------------------------------------

void Endpoint::read_events(TimePoint now) {
    has_events = false;
    while (const auto event = monitor_.next()) on_event(*event, now);
    show_status();
}

void Endpoint::on_event(const sockets::MonitorEvent& event, TimePoint now) {
    using Kind = sockets::MonitorEvent::Kind;
    if (connector_) return connector_->on_event(event, now);
    if (event.kind == Kind::accepted) peers_.insert(event.value);
    if (event.kind == Kind::disconnected) peers_.erase(event.value);
}

void Endpoint::on_answer(const sockets::LookUps::Answer& answer, TimePoint now) {
    if (connector_) connector_->on_answer(answer, now);
    is_ready = true;  // a link may have been dropped
    show_status();
}

void Endpoint::upkeep(sockets::LookUps& look_ups, TimePoint now) {
    if (!connector_ || now < connector_->next_due()) return;
    connector_->upkeep(look_ups, now);
    is_ready = true;
    show_status();
}

Endpoint::TimePoint Endpoint::next_due() const {
    return connector_ ? connector_->next_due() : TimePoint::max();
}

void Endpoint::show_status() {
    if (connector_)
        row_.set_connection(connector_->is_connected(), connector_->peer(), connector_->error());
    else
        row_.set_connection(!peers_.empty(), "", peers_.empty() ? "nobody is connected" : "");
}

}  // namespace fedmsg
