// How long to wait before the next attempt (consumers/README.md C4). A plain value; any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fedmsg_plugins {

// delay = min(cap, base * factor^failures), then up to `jitter` of it more or less. Given up after `patience`.
struct Backoff {
    std::chrono::duration<double> base{2};
    double factor = 2;
    std::chrono::duration<double> cap{15 * 60};
    double jitter = 0.2;
    std::chrono::duration<double> patience{24 * 3600};

    // `failures`: how many attempts have failed before the one that has just failed: 0, 1, 2, ...
    // `chance`: a random number from 0 to 1.
    std::chrono::duration<double> delay(int failures, double chance) const {
        const double grown = base.count() * std::pow(factor, std::clamp(failures, 0, 64));
        const double limited = std::min(grown, cap.count());
        return std::chrono::duration<double>(limited * (1 + jitter * (2 * chance - 1)));
    }
    // True if what began at `created` is to be given up at `now` (seconds since the epoch).
    bool is_over(double created, double now) const { return now - created >= patience.count(); }
};

}  // namespace fedmsg_plugins
