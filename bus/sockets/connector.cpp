#include "bus/sockets/connector.hpp"

#include <algorithm>
#include <utility>

namespace fedmsg::sockets {
namespace {

bool contains(const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace

Connector::Connector(zmq::socket_ref socket, std::vector<Address> addresses, Timing timing)
    : socket_(socket), timing_(timing), attempt_delay_(timing.attempt), look_up_delay_(timing.look_up) {
    for (auto& address : addresses) {
        Source source{std::move(address), {}, ""};
        if (source.address.is_numeric()) source.targets.push_back(numeric_target(source.address));
        sources_.push_back(std::move(source));
    }
}

// State -------------------------------------------------------------------------------------------------------------

bool Connector::is_connected() const {
    return std::any_of(links_.begin(), links_.end(), [](auto& link) { return link.state == Link::State::connected; });
}

std::string Connector::peer() const {
    return links_.empty() ? "" : links_.front().target;
}

std::string Connector::error() const {
    if (is_connected()) return "";
    std::string text = targets().empty() ? "" : last_error_;
    for (const auto& source : sources_)
        if (!source.error.empty()) text += (text.empty() ? "" : "; ") + source.error;
    return text.empty() ? last_error_ : text;
}

Connector::Link* Connector::find_link(std::string_view target) {
    const auto found = std::find_if(links_.begin(), links_.end(), [&](auto& link) { return link.target == target; });
    return found == links_.end() ? nullptr : &*found;
}

std::vector<std::string> Connector::targets() const {
    std::vector<std::string> all;
    for (const auto& source : sources_)
        for (const auto& target : source.targets)
            if (!contains(all, target)) all.push_back(target);
    return all;
}

bool Connector::is_listed(const std::string& target) const {
    return contains(targets(), target);
}

bool Connector::has_names() const {
    return std::any_of(sources_.begin(), sources_.end(), [](auto& source) { return !source.address.is_numeric(); });
}

// A first link, or the successor of one that works but is no longer listed.
bool Connector::wants_link() const {
    if (links_.empty()) return true;
    return links_.size() == 1 && links_.front().state == Link::State::connected && !is_listed(links_.front().target);
}

// Upkeep ------------------------------------------------------------------------------------------------------------

Connector::TimePoint Connector::next_due() const {
    const auto attempt = wants_link() && !targets().empty() ? next_attempt_ : TimePoint::max();
    return has_names() ? std::min(attempt, next_look_up_) : attempt;
}

void Connector::upkeep(LookUps& look_ups, TimePoint now) {
    if (has_names() && now >= next_look_up_) look_up(look_ups, now);
    if (wants_link() && now >= next_attempt_) start_link(now);
}

void Connector::look_up(LookUps& look_ups, TimePoint now) {
    for (const auto& source : sources_)
        if (!source.address.is_numeric()) look_ups.request(source.address.host);
    next_look_up_ = now + (is_connected() ? timing_.look_up_again : look_up_delay_);
    look_up_delay_ = std::min(2 * look_up_delay_, timing_.look_up_again);
}

void Connector::start_link(TimePoint now) {
    const auto all = targets();
    if (all.empty()) return;
    Link link{.target = all[next_target_++ % all.size()]};
    try {
        socket_.set(zmq::sockopt::ipv6, link.target.starts_with("tcp://["));
        socket_.connect(link.target);
        if (link.target.starts_with("inproc://")) link.state = Link::State::connected;  // has no events
        links_.push_back(std::move(link));
    } catch (const zmq::error_t& error) {
        last_error_ = link.target + ": " + error.what();
        delay_attempt(now);
    }
}

void Connector::drop_link(std::string target) {
    std::erase_if(links_, [&](auto& link) { return link.target == target; });
    try {
        socket_.disconnect(target);
    } catch (const zmq::error_t&) {
        // libzmq has given the connection up by itself
    }
}

// While nothing is connected, the attempt at an address that its name no longer has is given up.
void Connector::drop_unlisted() {
    const auto links = links_;
    for (const auto& link : links)
        if (link.state != Link::State::connected && !is_listed(link.target)) drop_link(link.target);
}

// After a failed attempt.
void Connector::delay_attempt(TimePoint now) {
    next_attempt_ = now + attempt_delay_;
    attempt_delay_ = std::min(2 * attempt_delay_, std::max(timing_.attempt, timing_.attempt_most));
}

// Answers and events ------------------------------------------------------------------------------------------------

void Connector::on_answer(const LookUps::Answer& answer, TimePoint now) {
    for (auto& source : sources_) {
        if (source.address.is_numeric() || source.address.host != answer.host) continue;
        if (!answer.addresses) {
            source.error = "cannot look up '" + answer.host + "': " + answer.addresses.error().text;
            continue;
        }
        source.error.clear();
        source.targets.clear();
        for (const auto& host : *answer.addresses) source.targets.push_back(tcp_address(host, source.address.port));
    }
    drop_unlisted();
    if (links_.empty()) next_attempt_ = std::min(next_attempt_, now + attempt_delay_);
}

void Connector::on_event(const MonitorEvent& event, TimePoint now) {
    Link* link = find_link(event.address);
    if (link == nullptr) return;  // of a link that was dropped
    switch (event.kind) {
        case MonitorEvent::Kind::ready:
            return on_ready(*link, now);
        case MonitorEvent::Kind::refused:
            link->refused = true;  // `disconnected` and `waiting` follow
            return;
        case MonitorEvent::Kind::disconnected:
            return on_disconnected(*link, now);
        case MonitorEvent::Kind::waiting:
            return on_waiting(*link, now);
        default:
            return;
    }
}

void Connector::on_ready(Link& link, TimePoint now) {
    link.state = Link::State::connected;
    const Link keep = link;
    const auto links = links_;
    for (const auto& other : links)
        if (other.target != keep.target) drop_link(other.target);
    attempt_delay_ = timing_.attempt;
    look_up_delay_ = timing_.look_up;
    next_look_up_ = now + timing_.look_up_again;
}

void Connector::on_disconnected(Link& link, TimePoint now) {
    if (link.state != Link::State::connected) return;  // `waiting` follows and counts as the failure
    link.state = Link::State::lost;
    last_error_ = "the connection to " + link.target + " was lost";
    next_look_up_ = now;
    if (!is_listed(link.target)) drop_link(link.target);
}

void Connector::on_waiting(Link& link, TimePoint now) {
    // The first time after a loss it announces a new attempt, later it says that one failed.
    if (link.state == Link::State::lost)
        link.state = Link::State::trying;
    else
        on_failed(link, now);
}

void Connector::on_failed(Link& link, TimePoint now) {
    last_error_ = std::exchange(link.refused, false)
                      ? "the peer at " + link.target + " does not finish a ZeroMQ handshake"
                      : "no connection to " + link.target + " (refused, or no answer in time)";
    const auto all = targets();
    const bool has_other = std::any_of(all.begin(), all.end(), [&](auto& target) { return target != link.target; });
    if (!has_other && is_listed(link.target)) return;  // libzmq tries again by itself
    drop_link(link.target);
    delay_attempt(now);
}

}  // namespace fedmsg::sockets
