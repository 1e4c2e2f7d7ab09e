#include "bus/publisher/subscription_set.hpp"

namespace fedmsg {
namespace {

constexpr std::size_t kCostPerEntry = 96;  // tree node and string, roughly

}  // namespace

void SubscriptionSet::apply(std::string_view event) {
    if (event.empty()) return;
    const auto prefix = event.substr(1);
    const auto cost = prefix.size() + kCostPerEntry;
    if (event.front() == '\1' && bytes_ + cost <= kMostBytes && prefixes_.emplace(prefix).second) bytes_ += cost;
    if (event.front() == '\0' && prefixes_.erase(std::string(prefix)) != 0) bytes_ -= cost;
}

bool SubscriptionSet::covers(std::string_view topic) const {
    if (prefixes_.empty()) return false;
    // Bounded by the topic's length, however many prefixes there are.
    for (std::size_t length = 0; length <= topic.size(); ++length)
        if (prefixes_.find(topic.substr(0, length)) != prefixes_.end()) return true;
    return false;
}

}  // namespace fedmsg
