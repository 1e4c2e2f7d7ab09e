#include "bus/publisher/delivery.hpp"

#include <poll.h>

#include <vector>

#include "bus/sockets/calls.hpp"
#include "bus/sockets/wake.hpp"

namespace fedmsg {

Delivery::Delivery(zmq::socket_ref socket, WhenFull when_full) : socket_(socket), when_full_(when_full) {
    socket_.set(zmq::sockopt::xpub_nodrop, true);
}

Status Delivery::send(std::span<const std::string_view> frames) {
    try {
        if (try_send(frames)) {
            in_episode_ = false;
            return {};
        }
        return on_full(frames);
    } catch (const zmq::error_t& error) {
        return failure(std::string("cannot send: ") + error.what());
    }
}

// False if a queue is full: then nothing was sent, since only the first frame of a message can meet a full queue.
bool Delivery::try_send(std::span<const std::string_view> frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
        zmq::message_t frame(frames[i].data(), frames[i].size());
        if (!sockets::send_now(socket_, frame, i + 1 < frames.size())) return false;
    }
    return true;
}

// A peer that read on is announced by a command on the socket's descriptor. libzmq looks at commands only now and then
// while sending.
bool Delivery::try_send_for(std::span<const std::string_view> frames, std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::vector<pollfd> items{{socket_.get(zmq::sockopt::fd), POLLIN, 0}};
    for (;;) {
        sockets::process_commands(socket_);
        if (try_send(frames)) return true;
        const auto now = std::chrono::steady_clock::now();
        if (now >= deadline) return false;
        sockets::wait_readable(items, sockets::time_until(deadline, now));
    }
}

Status Delivery::on_full(std::span<const std::string_view> frames) {
    const bool refuse = when_full_ == WhenFull::refuse;
    if (try_send_for(frames, refuse ? patience_ : std::chrono::milliseconds(0))) {
        in_episode_ = false;
        return {};
    }
    ++dropped_;
    if (!in_episode_) ++episodes_;
    if (refuse) {
        in_episode_ = true;
        return failure("the peer's queue is full (high-water mark reached): it does not read, or not fast enough");
    }
    socket_.set(zmq::sockopt::xpub_nodrop, false);
    try_send(frames);
    socket_.set(zmq::sockopt::xpub_nodrop, true);
    return {};
}

std::optional<std::string> Delivery::take_warning() {
    if (episodes_ == 0 || warned_) return std::nullopt;
    warned_ = true;
    return "a subscriber does not read fast enough: its queue is full (high-water mark reached) and messages to it are "
           "dropped; this is counted, but not logged again";
}

}  // namespace fedmsg
