// Looks host names up beside the owner's thread: asked for with request(), answers collected with collect().
//
// Each look-up has a thread of its own, at most kMostAtOnce at a time; others wait in line. One that takes longer than
// the limit is reported as failed ("no answer within 3000 ms"), but stays in flight, since a thread cannot be stopped
// safely; its late answer is delivered all the same. So a hanging name delays nobody, as long as fewer than kMostAtOnce
// hang. The destructor waits for look-ups in flight: as long as the resolver takes (resolver.hpp bounds it).
//
// Threads: one owner. The notification is called on look-up threads.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bus/base/result.hpp"
#include "bus/sockets/resolver.hpp"

namespace fedmsg::sockets {

class LookUps {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::size_t kMostAtOnce = 16;

    struct Answer {
        std::string host;
        Result<std::vector<std::string>> addresses;  // not empty
    };

    // `notify` is called when an answer can be collected; any number of times, on any thread.
    LookUps(Resolver resolver, std::chrono::milliseconds limit, std::function<void()> notify);
    ~LookUps();
    LookUps(const LookUps&) = delete;
    LookUps& operator=(const LookUps&) = delete;

    // Asks for a name, unless that is being done already.
    void request(const std::string& host);

    // Answers since the last call, and reports about look-ups that have been over the limit.
    std::vector<Answer> collect(TimePoint now);

    // When collect() should be called without a notification: a look-up's limit. max() if nothing is in flight.
    TimePoint next_limit() const;

private:
    struct Flight;

    void start_waiting();
    void launch(Flight& flight);

    Resolver resolver_;
    std::chrono::milliseconds limit_;
    std::function<void()> notify_;
    std::deque<std::string> waiting_;
    std::vector<std::unique_ptr<Flight>> flights_;
};

}  // namespace fedmsg::sockets
