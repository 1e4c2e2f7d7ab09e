#include "daemon/roles/gateway.hpp"

namespace fedmsg::hub {

void GatewayConsumer::consume(std::span<const Delivery> deliveries, std::span<Outcome>) {
    for (const auto& delivery : deliveries) outlet_.send(delivery.message->topic(), delivery.message->body());
}

}  // namespace fedmsg::hub
