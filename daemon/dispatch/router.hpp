// Hands each message to the lanes whose topics match it. Belongs to the committer's thread.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "bus/topics/matcher.hpp"
#include "daemon/dispatch/lane.hpp"

namespace fedmsg::hub {

class Router {
public:
    // Lanes outlive the router.
    explicit Router(std::vector<Lane*> lanes);

    // Messages with their offsets, in journal order.
    void route(std::span<const MutableMessagePtr> messages);

private:
    std::vector<Lane*> lanes_;
    topics::Memo memo_;
    std::vector<std::vector<MessagePtr>> batches_;  // per lane
    std::vector<topics::ConsumerIndex> touched_;    // lanes with a batch
};

}  // namespace fedmsg::hub
