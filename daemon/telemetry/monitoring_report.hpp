// The report of the monitoring socket (hub-and-consumers.md 9): the original's fields, in its order, with its meaning
// ("since the previous report"), followed by fields of our own with totals.
//
// Belongs to the thread that reports. One instance makes every report, so several readers see the same figures.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/telemetry/snapshot.hpp"

namespace fedmsg::hub {

class MonitoringReport {
public:
    // Seconds that the calls of a consumer took since this was asked last.
    using TakeTimes = std::function<std::vector<float>(const std::string& consumer)>;

    MonitoringReport(double period_seconds, TakeTimes take_times);

    // The next report, JSON with ", " and ": ". `now`: seconds since the epoch.
    std::string next(const Snapshot& snapshot, double now);

private:
    struct Previous {
        std::uint64_t received = 0, attempts = 0, failures = 0;
    };

    const double period_seconds_;
    const TakeTimes take_times_;
    std::map<std::string, Previous> previous_;
};

}  // namespace fedmsg::hub
