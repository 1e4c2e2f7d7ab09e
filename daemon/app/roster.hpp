// The consumers of this hub, those that run and those that do not, with their lanes.
//
// Control thread, except snapshots() and times_of(), which any thread may call once start() has returned.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/consumer_plan.hpp"
#include "daemon/dispatch/lane.hpp"
#include "daemon/telemetry/snapshot.hpp"

namespace fedmsg::hub {

class Roster {
public:
    // Makes the consumer for a lane; `lane` is to be kept alive by whatever may outlast this call.
    using Factory = std::function<Result<std::unique_ptr<Consumer>>(const PlannedConsumer& planned,
                                                                    const std::shared_ptr<Lane>& lane)>;

    explicit Roster(std::vector<PlannedConsumer> planned);

    // Creates every consumer that is to run, then starts them all. One that fails stays on the roster with its reason.
    void start(const Lane::Shared& shared, const Factory& factory);

    // The lanes at work, for the router; empty patterns (producers) included.
    std::vector<Lane*> lanes() const;
    // ZeroMQ prefixes that cover the topics of all lanes at work.
    std::vector<std::string> subscriptions() const;

    // Lets all lanes finish; returns the names of consumers that did not within the limit.
    std::vector<std::string> stop(std::chrono::milliseconds limit);

    std::vector<ConsumerSnapshot> snapshots() const;
    std::vector<float> times_of(const std::string& consumer) const;
    // Consumers that should run and do not: "NAME: REASON".
    std::vector<std::string> failures() const;
    // Looks for calls past their deadline; logs each once when it becomes stalled and once when it is over.
    void watch_for_stalls();

private:
    struct Entry {
        PlannedConsumer planned;
        std::shared_ptr<Lane> lane;  // null: not at work
        std::string failure;         // why it should be and is not
        bool stalled = false;
    };

    void create_one(Entry& entry, const Lane::Shared& shared, const Factory& factory);
    static ConsumerSnapshot snapshot_of(const Entry& entry);

    std::vector<Entry> entries_;
};

}  // namespace fedmsg::hub
