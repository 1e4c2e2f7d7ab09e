#include "bus/sockets/wake.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "bus/base/result.hpp"

namespace fedmsg::sockets {

Wake::Wake() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) throw std::runtime_error(system_failure("eventfd", errno).text);
}

void Wake::signal() const {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the descriptor is readable anyway.
    [[maybe_unused]] const auto written = write(event_.get(), &one, sizeof one);
}

void Wake::clear() const {
    std::uint64_t count = 0;
    // Fails if there is no signal, which is as good.
    [[maybe_unused]] const auto taken = read(event_.get(), &count, sizeof count);
}

void wait_readable(std::vector<pollfd>& items, std::chrono::milliseconds limit) {
    for (auto& item : items) item.revents = 0;
    constexpr std::int64_t kLongest = std::numeric_limits<int>::max();
    const auto timeout = static_cast<int>(std::clamp<std::int64_t>(limit.count(), 0, kLongest));
    if (poll(items.data(), items.size(), timeout) < 0)
        for (auto& item : items) item.revents = 0;  // EINTR; anything else would be a wrong call
}

std::chrono::milliseconds time_until(std::chrono::steady_clock::time_point then,
                                     std::chrono::steady_clock::time_point now) {
    if (then <= now) return std::chrono::milliseconds(0);
    return std::chrono::ceil<std::chrono::milliseconds>(then - now);
}

}  // namespace fedmsg::sockets
