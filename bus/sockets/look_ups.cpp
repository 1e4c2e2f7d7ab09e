#include "bus/sockets/look_ups.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>

namespace fedmsg::sockets {
namespace {

Result<std::vector<std::string>> ask(const Resolver& resolver, const std::string& host) {
    try {
        auto addresses = resolver(host);
        if (addresses.empty()) return failure("it has no address");
        return addresses;
    } catch (const std::exception& error) {
        return failure(error.what());
    }
}

}  // namespace

struct LookUps::Flight {
    std::string host;
    TimePoint limit;
    bool reported_late = false;
    Result<std::vector<std::string>> addresses = failure("no answer yet");  // the thread's, until done
    std::atomic<bool> done = false;
    std::thread thread;

    void join() {
        if (thread.joinable()) thread.join();
    }

    Answer late(std::chrono::milliseconds after) {
        reported_late = true;
        return {host, failure("no answer within " + std::to_string(after.count()) + " ms")};
    }
};

LookUps::LookUps(Resolver resolver, std::chrono::milliseconds limit, std::function<void()> notify)
    : resolver_(std::move(resolver)), limit_(limit), notify_(std::move(notify)) {}

LookUps::~LookUps() {
    for (auto& flight : flights_) flight->join();
}

void LookUps::request(const std::string& host) {
    const bool flying = std::any_of(flights_.begin(), flights_.end(), [&](auto& f) { return f->host == host; });
    if (flying || std::find(waiting_.begin(), waiting_.end(), host) != waiting_.end()) return;
    waiting_.push_back(host);
    start_waiting();
}

void LookUps::start_waiting() {
    while (!waiting_.empty() && flights_.size() < kMostAtOnce) {
        auto flight = std::make_unique<Flight>();
        flight->host = std::move(waiting_.front());
        waiting_.pop_front();
        flight->limit = std::chrono::steady_clock::now() + limit_;
        launch(*flight);
        flights_.push_back(std::move(flight));
    }
}

void LookUps::launch(Flight& flight) {
    try {
        flight.thread = std::thread([this, &flight] {
            flight.addresses = ask(resolver_, flight.host);
            flight.done = true;
            notify_();
        });
    } catch (const std::system_error& error) {
        flight.addresses = failure(std::string("cannot start a look-up thread: ") + error.what());
        flight.done = true;
        notify_();
    }
}

std::vector<LookUps::Answer> LookUps::collect(TimePoint now) {
    std::vector<Answer> answers;
    for (auto& flight : flights_) {
        if (flight->done) {
            flight->join();
            answers.push_back({std::move(flight->host), std::move(flight->addresses)});
            flight.reset();
        } else if (now >= flight->limit && !flight->reported_late) {
            answers.push_back(flight->late(limit_));
        }
    }
    std::erase(flights_, nullptr);
    start_waiting();
    return answers;
}

LookUps::TimePoint LookUps::next_limit() const {
    auto next = TimePoint::max();
    for (const auto& flight : flights_)
        if (!flight->reported_late) next = std::min(next, flight->limit);
    return next;
}

}  // namespace fedmsg::sockets
