#include "bus/sockets/context.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>

namespace fedmsg {
namespace {

// SUB socket, libzmq's and our end of its monitor: one eventfd each. Two connections: the one in use and, while a
// name moves, its successor.
constexpr std::size_t kDescriptorsPerEndpoint = 5;
constexpr std::size_t kSocketsPerEndpoint = 3;
// Context, publishers, look-ups in flight, log, journal, HTTP, plugins.
constexpr std::size_t kSpareDescriptors = 64;
constexpr std::size_t kSpareSockets = 64;
constexpr std::size_t kDefaultMostSockets = 1023;

std::size_t open_descriptors() {
    std::error_code error;
    std::filesystem::directory_iterator entries("/proc/self/fd", error);
    if (error) return 16;  // no /proc: a guess that the spare ones outweigh
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

std::size_t sockets::descriptors_needed(std::size_t open_now, std::size_t endpoints) {
    return open_now + endpoints * kDescriptorsPerEndpoint + kSpareDescriptors;
}

Status ensure_descriptor_budget(std::size_t endpoints) {
    const rlim_t needed = sockets::descriptors_needed(open_descriptors(), endpoints);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return system_failure("getrlimit(RLIMIT_NOFILE)", errno);
    if (limit.rlim_cur >= needed) return {};
    const std::string need = std::to_string(endpoints) + " endpoints need " + std::to_string(needed) + " open files";
    if (limit.rlim_max < needed)
        return failure(need + ", but the hard limit is " + std::to_string(limit.rlim_max) +
                       ": raise LimitNOFILE= of the service (or `ulimit -Hn`), or configure fewer endpoints");
    limit.rlim_cur = needed;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return system_failure(need + "; setrlimit(RLIMIT_NOFILE)", errno);
    return {};
}

void prepare_context(zmq::context_t& context, int io_threads, std::size_t endpoints) {
    context.set(zmq::ctxopt::io_threads, io_threads);
    const auto sockets = std::max(kDefaultMostSockets, endpoints * kSocketsPerEndpoint + kSpareSockets);
    context.set(zmq::ctxopt::max_sockets, static_cast<int>(sockets));
}

}  // namespace fedmsg
