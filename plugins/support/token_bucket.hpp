// A rate limit: `burst` at once, refilled evenly so that over any longer time no more than `burst` per `period` pass
// twice (consumers/README.md C5). A plain value by the caller's clock, in seconds; one thread.
#pragma once

#include <algorithm>

namespace fedmsg_plugins {

class TokenBucket {
public:
    // `burst` per `period` seconds; it begins full.
    TokenBucket(double burst, double period) : burst_(burst), rate_(burst / period), tokens_(burst) {}

    // Takes one if there is one.
    bool take(double now) {
        refill(now);
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }
    // When the next one will be there; `now` if there is one.
    double next(double now) {
        refill(now);
        return tokens_ >= 1 ? now : now + (1 - tokens_) / rate_;
    }
    // The other side says that nothing is left until then.
    void empty_until(double time, double now) {
        refill(now);
        tokens_ = 1 - std::max(0.0, time - now) * rate_;
    }
    double tokens(double now) {
        refill(now);
        return tokens_;
    }

private:
    // A clock that goes back refills nothing.
    void refill(double now) {
        if (now > last_) {
            if (last_ > 0) tokens_ = std::min(burst_, tokens_ + (now - last_) * rate_);
            last_ = now;
        }
    }

    double burst_;
    double rate_;
    double tokens_;
    double last_ = 0;
};

}  // namespace fedmsg_plugins
