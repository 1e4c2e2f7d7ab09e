#include "bus/subscriber/subscriptions.hpp"

#include <algorithm>
#include <iterator>

namespace fedmsg {

Subscriptions minimal(const std::vector<std::string>& prefixes) {
    const Subscriptions all(prefixes.begin(), prefixes.end());
    Subscriptions kept;
    // In sorted order a prefix comes right before everything it covers.
    const std::string* last = nullptr;
    for (const auto& prefix : all) {
        if (last != nullptr && prefix.starts_with(*last)) continue;
        last = &*kept.insert(kept.end(), prefix);
    }
    return kept;
}

std::vector<std::string> missing(const Subscriptions& wanted, const Subscriptions& present) {
    std::vector<std::string> difference;
    std::set_difference(wanted.begin(), wanted.end(), present.begin(), present.end(), std::back_inserter(difference));
    return difference;
}

}  // namespace fedmsg
