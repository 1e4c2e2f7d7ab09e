// Non-blocking calls on ZeroMQ sockets that a signal does not disturb. The thread of the socket.
#pragma once

#include <zmq.hpp>

namespace fedmsg::sockets {

// The next frame, if there is one. Throws zmq::error_t if the socket or its context is gone.
bool receive_now(zmq::socket_ref socket, zmq::message_t& frame);

// False if the frame cannot be queued now. Throws as above.
bool send_now(zmq::socket_ref socket, zmq::message_t& frame, bool more);

// Makes libzmq look at what its I/O threads have announced (while sending it does so only now and then). Afterwards a
// message may be there without its descriptor being readable.
void process_commands(zmq::socket_ref socket);

}  // namespace fedmsg::sockets
