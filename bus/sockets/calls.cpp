#include "bus/sockets/calls.hpp"

#include <cerrno>

namespace fedmsg::sockets {
namespace {

// The call's result is >= 0, or it failed with EAGAIN (false) or something worse (thrown).
template <class Call>
bool done(Call call) {
    for (;;) {
        if (call() >= 0) return true;
        const int error = zmq_errno();
        if (error == EAGAIN) return false;
        if (error != EINTR) throw zmq::error_t();
    }
}

}  // namespace

bool receive_now(zmq::socket_ref socket, zmq::message_t& frame) {
    return done([&] { return zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT); });
}

bool send_now(zmq::socket_ref socket, zmq::message_t& frame, bool more) {
    const int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    return done([&] { return zmq_msg_send(frame.handle(), socket.handle(), flags); });
}

void process_commands(zmq::socket_ref socket) {
    int events = 0;
    std::size_t size = sizeof events;
    done([&] { return zmq_getsockopt(socket.handle(), ZMQ_EVENTS, &events, &size); });
}

}  // namespace fedmsg::sockets
