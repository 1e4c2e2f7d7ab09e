// The badges plugin: watches the bus and gives badges by rules. Threads and life: as for every consumer.
//
// A message goes through these steps, and a process that dies between any two of them loses and doubles nothing:
//   stored    in one transaction per batch: into the history, and into the work queue if a rule may want it
//   judged    awards given, each in a transaction of its own with its outgoing messages (awarder/)
//   done      taken off the work queue; what is still there after a start is judged again
//   sent      the outgoing messages, marked one by one
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "badges/engine.hpp"

class BadgesPlugin : public fedmsg_hub::Consumer {
public:
    static fedmsg_hub::Description describe();
    static void validate(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems);

    void start();
    void consume_batch(fedmsg_hub::Batch& batch);
    void on_timer(std::uint64_t id);
    void stop();

    void check(fedmsg_hub::Problems& problems);
    void explain(const fedmsg_hub::Message& message, std::ostream& out);
    int command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error);

    // Told of each step by name; tests die there. Set before start takes effect for awards.
    std::function<void(const char*)> at_step = [](const char*) {};
    // For tests: what is at work between start and stop.
    badges::Engine& engine() { return *engine_; }

private:
    struct Job {
        badges::Envelope message;
        badges::Work work;
    };

    // `change`: what an operator command wants otherwise than configured.
    std::unique_ptr<badges::Engine> make_engine(const std::function<badges::Settings(badges::Settings)>& change =
                                                    [](badges::Settings same) { return same; });
    badges::Hooks hooks();

    void wait_for_awards();
    bool bring_up_awards();
    void awards_are_down(const std::string& why);
    void legacy_sleep(std::size_t messages) const;
    void sleep_while(std::chrono::milliseconds time, const std::function<bool()>& wanted) const;

    std::optional<badges::Envelope> accepted(fedmsg_hub::Delivery& delivery) const;
    std::vector<Job> noted(fedmsg_hub::Batch& batch);
    void judge(const std::vector<Job>& jobs);
    bool judge_one(const Job& job);

    void send();
    void take_up_work();
    void reload();
    void show_gauges();
    void schedule_work();

    std::unique_ptr<badges::Engine> engine_;  // between start and stop
    bool are_awards_up_ = true;               // as last seen
    badges::Time next_publish_{};             // not before, after a failure
};
