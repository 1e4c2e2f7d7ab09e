#include "daemon/dispatch/consumer_metrics.hpp"

#include <algorithm>

namespace fedmsg::hub {
namespace {

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

bool is_name(std::string_view name) {
    if (name.empty() || name.size() > ConsumerMetrics::kMaxNameBytes || !is_lower(name.front())) return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

bool ConsumerMetrics::is_free(std::string_view name) const {
    return counters_.size() + gauges_.size() < kMaxNames && is_name(name);
}

bool ConsumerMetrics::counter_add(std::string_view name, std::uint64_t delta) {
    Lock lock(mutex_);
    const auto found = counters_.find(name);
    if (found != counters_.end()) {
        found->second += delta;
        return true;
    }
    return is_free(name) && counters_.emplace(name, delta).second;
}

bool ConsumerMetrics::gauge_set(std::string_view name, double value) {
    Lock lock(mutex_);
    const auto found = gauges_.find(name);
    if (found != gauges_.end()) {
        found->second = value;
        return true;
    }
    return is_free(name) && gauges_.emplace(name, value).second;
}

std::map<std::string, std::uint64_t> ConsumerMetrics::counters() const {
    Lock lock(mutex_);
    return {counters_.begin(), counters_.end()};
}

std::map<std::string, double> ConsumerMetrics::gauges() const {
    Lock lock(mutex_);
    return {gauges_.begin(), gauges_.end()};
}

}  // namespace fedmsg::hub
