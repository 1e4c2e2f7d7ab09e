// Which topic prefixes somebody is subscribed to, from the events of an XPUB socket. One thread.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace fedmsg {

class SubscriptionSet {
public:
    // A peer that subscribes to ever new prefixes must not eat our memory: what is over this is not remembered, so
    // that covers() errs on the safe side.
    static constexpr std::size_t kMostBytes = std::size_t{4} * 1024 * 1024;

    // One event: byte 1 (subscribe) or 0 (unsubscribe) and the prefix; anything else is ignored. libzmq reports only
    // the first subscription and the last cancellation of a prefix.
    void apply(std::string_view event);

    // True if somebody is subscribed to a prefix of the topic.
    bool covers(std::string_view topic) const;

    bool empty() const { return prefixes_.empty(); }

private:
    std::set<std::string, std::less<>> prefixes_;
    std::size_t bytes_ = 0;
};

}  // namespace fedmsg
