// What a process needs before it makes sockets for many endpoints (KF-006). Start-up code, one thread.
#pragma once

#include <cstddef>
#include <zmq.hpp>

#include "bus/base/result.hpp"

namespace fedmsg {

// Raises the soft limit of open files if `endpoints` need it; the error names limit and need. libzmq would abort the
// process when it finds no descriptor left.
Status ensure_descriptor_budget(std::size_t endpoints);

// Sets the number of I/O threads and lifts libzmq's limit of 1,023 sockets if `endpoints` need it. Before the context's
// first socket is made.
void prepare_context(zmq::context_t& context, int io_threads, std::size_t endpoints);

namespace sockets {

// Descriptors that the process must have in all: those open now, what the endpoints need, and some to spare.
std::size_t descriptors_needed(std::size_t open_now, std::size_t endpoints);

}  // namespace sockets
}  // namespace fedmsg
