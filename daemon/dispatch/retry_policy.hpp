// When a message that was not finished is offered again (architecture.md "lane"). Any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace fedmsg::hub {

struct RetryPolicy {
    std::uint32_t max_attempts = 5;               // then the message has failed for good
    std::chrono::milliseconds first_delay{1000};  // before the second attempt
    double factor = 4;                            // each further delay is this many times longer
    std::chrono::milliseconds max_delay = std::chrono::minutes(15);
    double jitter = 0.2;  // delays are spread by this part, up and down

    // The delay after attempt number `attempt` (1, 2, ...) failed; `random` in [0, 1).
    std::chrono::milliseconds delay_after(std::uint32_t attempt, double random) const;
};

}  // namespace fedmsg::hub
