#include "daemon/roles/relay.hpp"

#include <fmt/format.h>

#include "bus/json/writer.hpp"
#include "bus/subscriber/subscriber.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::string_view kTcp = "tcp://";

// The address itself, or one for each IP address that its host name stands for.
std::vector<std::string> numeric_addresses(const std::string& address) {
    const auto colon = address.rfind(':');
    if (!address.starts_with(kTcp) || colon <= kTcp.size()) return {address};
    const std::string host = address.substr(kTcp.size(), colon - kTcp.size());
    if (host == "*" || host.front() == '[') return {address};
    std::vector<std::string> numeric;
    for (const auto& ip : resolve_with_system(host)) {
        const bool is_v6 = ip.find(':') != std::string::npos;
        numeric.push_back(fmt::format("tcp://{}{}", is_v6 ? "[" + ip + "]" : ip, address.substr(colon)));
    }
    return numeric;
}

Result<Publisher> bind_one(zmq::context_t& context, const std::string& address, const SocketOptions& options) {
    try {
        return Publisher::bind_all(context, numeric_addresses(address), options);
    } catch (const std::runtime_error& error) {
        return failure(error.what());
    }
}

}  // namespace

Result<Publisher> RelayConsumer::bind(zmq::context_t& context, const std::vector<std::string>& addresses,
                                      const SocketOptions& options) {
    std::string reasons;
    for (const auto& address : addresses) {
        auto publisher = bind_one(context, address, options);
        if (publisher) return publisher;
        reasons += fmt::format("\n  {}: {}", address, publisher.error().text);
    }
    return failure("Failed to bind to any outbound endpoints. Tried endpoints.relay_outbound:" + reasons);
}

void RelayConsumer::consume(std::span<const Delivery> deliveries, std::span<Outcome>) {
    for (const auto& delivery : deliveries) {
        text_.clear();
        json::append_relayed(text_, delivery.message->root());
        outlet_.send(delivery.message->topic(), text_);
    }
}

}  // namespace fedmsg::hub
