#include <string>

#include "bus/config/configuration.hpp"
#include "bus/json/document.hpp"
#include "bus/sockets/options.hpp"

namespace fedmsg {
namespace {

std::optional<int> integer_if_present(const config::Configuration& configuration, std::string_view key) {
    if (!configuration.has(key)) return std::nullopt;
    return static_cast<int>(configuration.integer(key, 0));
}

// Absent or 0 keeps the defaults, "unlimited" must be written out (architecture.md "source").
void apply_high_water_mark(const config::Configuration& configuration, SocketOptions& options) {
    const json::Value* value = configuration.find("high_water_mark");
    if (value == nullptr || value->IsNull()) return;
    const bool unlimited = json::is_text(*value) && json::text_of(*value) == "unlimited";
    const int mark = unlimited ? 0 : static_cast<int>(configuration.integer("high_water_mark", 0));
    if (mark == 0 && !unlimited) return;
    options.send_high_water_mark = mark;
    options.receive_high_water_mark = mark;
}

}  // namespace

SocketOptions SocketOptions::from(const config::Configuration& configuration) {
    SocketOptions options;
    apply_high_water_mark(configuration, options);
    options.keepalive = integer_if_present(configuration, "zmq_tcp_keepalive");
    options.keepalive_count = integer_if_present(configuration, "zmq_tcp_keepalive_cnt");
    options.keepalive_idle = integer_if_present(configuration, "zmq_tcp_keepalive_idle");
    options.keepalive_interval = integer_if_present(configuration, "zmq_tcp_keepalive_intvl");
    options.reconnect_interval_ms = integer_if_present(configuration, "zmq_reconnect_ivl");
    options.reconnect_interval_max_ms = integer_if_present(configuration, "zmq_reconnect_ivl_max");
    options.linger_ms = integer_if_present(configuration, "zmq_linger");
    return options;
}

}  // namespace fedmsg
