// Receives from all ZeroMQ endpoints of the hub and hands what the gate admits to the committer, batch by batch.
//
// One thread owns the subscriber, the gate and the committer: with the ring journal, committing never waits, so a
// thread in between would only cost a switch per batch (ADR 0002). Start and stop from one thread; the questions from
// any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bus/subscriber/subscriber.hpp"
#include "daemon/dispatch/committer.hpp"
#include "daemon/gate/gate.hpp"

namespace fedmsg::hub {

class Source {
public:
    // The subscriber has its endpoints and subscriptions; the others outlive the source. `on_death` is told, on the
    // source's thread, why the source has ended by itself.
    Source(std::unique_ptr<Subscriber> subscriber, Gate& gate, Committer& committer,
           std::function<void(const std::string&)> on_death);
    ~Source();
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    void start();
    // Returns when the thread has ended and everything it received has been committed.
    void stop();

    std::vector<EndpointStatus> endpoints() const { return subscriber_->endpoints(); }
    std::vector<std::string> bound_addresses() const { return subscriber_->bound_addresses(); }

private:
    void run();
    bool receive_batch();

    static constexpr std::size_t kBatch = 256;  // messages per commit at most
    static constexpr std::chrono::milliseconds kWait{1000};

    std::unique_ptr<Subscriber> subscriber_;
    const std::vector<EndpointStatus> names_;  // addresses by index, for the messages to point to
    Gate& gate_;
    Committer& committer_;
    std::function<void(const std::string&)> on_death_;
    std::vector<MutableMessagePtr> batch_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace fedmsg::hub
