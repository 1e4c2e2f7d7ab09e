#include "daemon/dispatch/router.hpp"

namespace fedmsg::hub {
namespace {

std::shared_ptr<const topics::Matcher> matcher_of(const std::vector<Lane*>& lanes) {
    std::vector<topics::Matcher::Pattern> patterns;
    for (topics::ConsumerIndex index = 0; index < lanes.size(); ++index)
        for (const auto& pattern : lanes[index]->settings().patterns)
            patterns.push_back({pattern.text, pattern.rule, index});
    return std::make_shared<topics::Matcher>(patterns);
}

}  // namespace

Router::Router(std::vector<Lane*> lanes)
    : lanes_(std::move(lanes)), memo_(matcher_of(lanes_)), batches_(lanes_.size()) {}

void Router::route(std::span<const MutableMessagePtr> messages) {
    for (const auto& message : messages) {
        for (const auto index : memo_.match(message->topic())) {
            if (lanes_[index]->settings().json_only && !message->is_json()) continue;
            if (batches_[index].empty()) touched_.push_back(index);
            batches_[index].push_back(message);
        }
    }
    for (const auto index : touched_) {
        lanes_[index]->push(batches_[index]);
        batches_[index].clear();
    }
    touched_.clear();
}

}  // namespace fedmsg::hub
