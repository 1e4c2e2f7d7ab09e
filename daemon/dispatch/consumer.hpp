// What a lane drives: a plugin's consumer, or a role's own (relay, gateway). All calls come from one lane thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "bus/base/result.hpp"
#include "daemon/gate/message.hpp"

namespace fedmsg::hub {

// One message offered to a consumer.
struct Delivery {
    const Message* message = nullptr;
    std::uint64_t token = 0;    // names this delivery for HostServices::finish
    std::uint32_t attempt = 1;  // 1, 2, 3, ...
};

// What became of it.
struct Outcome {
    enum class Kind { ack, drop, retry, later, fail };
    Kind kind = Kind::ack;
    std::chrono::milliseconds delay{0};  // retry: not before; 0: by the policy
    std::string reason;
};

class Consumer {
public:
    virtual ~Consumer() = default;

    virtual Status start() { return {}; }
    // `outcomes` has an entry, preset to ack, for each delivery.
    virtual void consume(std::span<const Delivery> deliveries, std::span<Outcome> outcomes) = 0;
    // Messages first..last are missing; `count` of them matched (UINT64_MAX: unknown).
    virtual void on_gap(Offset first, Offset last, std::uint64_t count) { (void)first, (void)last, (void)count; }
    virtual Status on_timer(std::uint64_t id) {
        (void)id;
        return {};
    }
    // Producers and periodic consumers.
    virtual Status poll() { return {}; }
    virtual void stop() {}
};

}  // namespace fedmsg::hub
