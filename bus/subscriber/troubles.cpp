#include "bus/subscriber/troubles.hpp"

#include "bus/sockets/connector.hpp"

namespace fedmsg {

std::vector<EndpointStatus> EndpointTroubles::fresh(const std::vector<EndpointStatus>& endpoints) {
    std::vector<EndpointStatus> found;
    for (const auto& endpoint : endpoints) {
        auto& before = told_[endpoint.address];
        // Publishers come and go where we bind, and an endpoint that has not been tried yet is in no trouble.
        if (endpoint.binds || endpoint.error == before || endpoint.error == sockets::kNotConnectedYet) continue;
        before = endpoint.error;
        if (!before.empty()) found.push_back(endpoint);
    }
    return found;
}

}  // namespace fedmsg
