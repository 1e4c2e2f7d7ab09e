#include "daemon/telemetry/monitoring_socket.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>

namespace fedmsg::hub {
namespace {

constexpr std::string_view kIpc = "ipc://";

Result<mode_t> parse_mode(const std::string& text) {
    unsigned mode = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, mode, 8);
    if (error != std::errc{} || at != end || mode > 0777)
        return failure(
            fmt::format("moksha.monitoring.socket.mode is \"{}\"; it must be octal digits such as \"770\"", text));
    return static_cast<mode_t>(mode);
}

}  // namespace

Result<MonitoringSocket> MonitoringSocket::bind(zmq::context_t& context, const std::string& address,
                                                const std::string& mode) {
    auto publisher = Publisher::bind_all(context, {address}, SocketOptions{});
    if (!publisher) return failure("moksha.monitoring.socket: " + publisher.error().text);
    if (!mode.empty() && address.starts_with(kIpc)) {
        const auto bits = parse_mode(mode);
        if (!bits) return bits.error();
        const std::string file = address.substr(kIpc.size());
        if (::chmod(file.c_str(), *bits) != 0) return system_failure("chmod " + file, errno);
    }
    return MonitoringSocket(std::move(*publisher));
}

void MonitoringSocket::send(const std::string& report) {
    (void)publisher_.send_frame(report);  // the publisher counts what a slow reader loses
}

std::string MonitoringSocket::address() const {
    return publisher_.bound_addresses().front();
}

}  // namespace fedmsg::hub
