// Hands messages to an XPUB socket, and what happens when a subscriber's queue is full. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "bus/base/result.hpp"

namespace fedmsg {

// With ZMQ_XPUB_NODROP a send fails with EAGAIN if the queue of any matching subscriber is full. That is how a drop is
// noticed at all, but taken as it is one stuck subscriber would silence the publisher for everybody. So where there may
// be many, the message is sent again without NODROP: libzmq then leaves the full subscriber out of its distribution
// until that has read half its queue, and everybody else gets every message. Each such turn is one episode.
class Delivery {
public:
    enum class WhenFull { leave_out_the_full, refuse };

    Delivery(zmq::socket_ref socket, WhenFull when_full);

    // Sends one message of the given frames. With `refuse` it waits up to the patience for room and then fails.
    Status send(std::span<const std::string_view> frames);
    void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }

    std::uint64_t episodes() const { return episodes_; }
    std::uint64_t dropped() const { return dropped_; }
    std::optional<std::string> take_warning();

private:
    bool try_send(std::span<const std::string_view> frames);
    bool try_send_for(std::span<const std::string_view> frames, std::chrono::milliseconds limit);
    Status on_full(std::span<const std::string_view> frames);

    zmq::socket_ref socket_;
    WhenFull when_full_;
    std::chrono::milliseconds patience_{0};
    std::uint64_t episodes_ = 0;
    std::uint64_t dropped_ = 0;
    bool in_episode_ = false;  // only with `refuse`: failures in a row are one
    bool warned_ = false;
};

}  // namespace fedmsg
