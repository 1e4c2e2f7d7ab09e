// Counters and gauges that a consumer keeps under names of its own, bounded in number. Any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "bus/base/thread_annotations.hpp"

namespace fedmsg::hub {

class ConsumerMetrics {
public:
    static constexpr std::size_t kMaxNames = 256;
    static constexpr std::size_t kMaxNameBytes = 64;

    // False: the name breaks the rule [a-z][a-z0-9_]*, or there are too many of them.
    bool counter_add(std::string_view name, std::uint64_t delta);
    bool gauge_set(std::string_view name, double value);

    std::map<std::string, std::uint64_t> counters() const;
    std::map<std::string, double> gauges() const;

private:
    bool is_free(std::string_view name) const FEDMSG_HUB_REQUIRES(mutex_);

    mutable Mutex mutex_;
    std::map<std::string, std::uint64_t, std::less<>> counters_ FEDMSG_HUB_GUARDED_BY(mutex_);
    std::map<std::string, double, std::less<>> gauges_ FEDMSG_HUB_GUARDED_BY(mutex_);
};

}  // namespace fedmsg::hub
