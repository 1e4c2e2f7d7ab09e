#include "daemon/dispatch/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace fedmsg::hub {

std::chrono::milliseconds RetryPolicy::delay_after(std::uint32_t attempt, double random) const {
    const double cap = static_cast<double>(max_delay.count());
    const double exponent = attempt > 1 ? static_cast<double>(attempt - 1) : 0;
    const double delay = std::min(cap, static_cast<double>(first_delay.count()) * std::pow(factor, exponent));
    const double spread = 1 + jitter * (2 * random - 1);
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(delay * spread)));
}

}  // namespace fedmsg::hub
