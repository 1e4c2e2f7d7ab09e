// Consumer and Producer: what a plugin's class derives from.
//
// What a class may have (public; only describe and one of consume, consume_batch, poll are required):
//
//     static Description describe();
//     static void validate(const Options& options, Problems& problems);  // pure: looks only at the options
//     MyConsumer();                  // takes nothing that another instance may still hold (ports, locks, writers)
//     void start();                  // takes those; if it throws, stop is not called
//     void consume(const Message&);  // or Outcome consume(const Message&)
//     void consume_batch(Batch&);    // in place of consume
//     void on_timer(std::uint64_t id);
//     void on_gap(const Gap&);
//     void poll();                   // with Description::every
//     void reconfigure(const Options& next);  // throw to refuse; options() stays as it was until this has returned
//     void stop();                   // gives back what start took, ends the plugin's own threads
//
// For fedmsg-hub-plugin-run, which gives them to operators; called after the constructor, without start:
//
//     void check(Problems& problems);                                  // files, credentials, services; changes nothing
//     void explain(const Message&, std::ostream& out);                 // what it would make of a message, and why
//     int command(const std::vector<std::string>& arguments,           // the plugin's own commands; the exit code:
//                 std::ostream& out, std::ostream& error);             // 0 well, 1 failed, 2 wrong usage
//
// Threads: the hub calls one instance from one thread at a time, so plain members need no lock. Anything may be thrown
// from all of them: it is caught, counted and logged with its text.
#ifndef FEDMSG_HUB_SDK_CONSUMER_HPP
#define FEDMSG_HUB_SDK_CONSUMER_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "description.hpp"
#include "host.hpp"
#include "json.hpp"
#include "message.hpp"
#include "options.hpp"
#include "outcome.hpp"
#include "value.hpp"

namespace fedmsg_hub {

namespace detail {

// What the base class of a consumer under construction needs; passed beside the constructor so that authors need not
// write one.
struct Setup {
    std::shared_ptr<Link> link;
    const Description* description;
    ParsedJson options;
    bool has_timer;

    // The one that the calling thread is constructing, or null.
    FEDMSG_HUB_DETAIL_HIDDEN static Setup*& current() noexcept {
        static thread_local Setup* setup = nullptr;
        return setup;
    }
};

struct Access;

}  // namespace detail

class Consumer {
public:
    Consumer(const Consumer&) = delete;
    Consumer& operator=(const Consumer&) = delete;

protected:
    // Everything below works from the first line of the derived class's constructor on.
    Consumer() : Consumer(std::exchange(detail::Setup::current(), nullptr)) {}
    ~Consumer() = default;

    // Outcomes: return drop("not for us");
    static Outcome ack() { return Outcome::ack(); }
    static Outcome drop(std::string reason = {}) { return Outcome::drop(std::move(reason)); }
    static Outcome retry(std::string reason = {}) { return Outcome::retry(std::move(reason)); }
    template <class Rep, class Period>
    static Outcome retry_after(std::chrono::duration<Rep, Period> delay, std::string reason = {}) {
        return Outcome::retry_after(delay, std::move(reason));
    }
    static Outcome fail(std::string reason) { return Outcome::fail(std::move(reason)); }
    // With defer: auto token = defer(message); ... return later();
    static Outcome later() { return Outcome::later(); }
    Later defer(const Message& message) const { return {link_, message.get()->token}; }

    const std::string& name() const noexcept { return description_->name(); }
    // Lane thread.
    Options options() const noexcept { return {options_.root(), description_->options()}; }
    // Any thread.
    Logger log() const noexcept { return Logger(*link_); }
    // Lane thread.
    State state() const noexcept { return State(*link_); }

    // Any thread. The topic is relative: the hub puts prefix and environment in front. Returns when the message has
    // been handed over; throws a HostError if not (is_temporary(): no peer is connected), which makes consume fail and
    // the message come again. Needs .publishes() in describe().
    void publish(std::string_view topic, const Json& msg) const {
        detail::Collector reason;
        const std::string text = msg.text();
        const auto status = link_->host().publish(link_->context(), detail::text(topic), detail::text(text),
                                                  &detail::Collector::append, &reason);
        if (status != FEDMSG_HUB_OK) detail::expect_ok(status, "publish " + detail::readable(topic), reason.take());
    }

    // The same with a message id of the plugin's own, "YEAR-" and a UUID: what is sent again after a crash keeps its
    // id.
    void publish(std::string_view topic, const Json& msg, std::string_view msg_id) const {
        const auto function = detail::of_minor_1(link_->host(), &fedmsg_hub_host::publish_with_id);
        detail::Collector reason;
        const std::string text = msg.text();
        const auto status = function(link_->context(), detail::text(topic), detail::text(text), detail::text(msg_id),
                                     &detail::Collector::append, &reason);
        if (status != FEDMSG_HUB_OK) detail::expect_ok(status, "publish " + detail::readable(topic), reason.take());
    }

    // Any thread. The absolute path of a directory of this consumer's own below the hub's state directory, made when
    // first asked for; throws a HostError if it cannot be.
    std::string directory() const {
        const auto function = detail::of_minor_1(link_->host(), &fedmsg_hub_host::directory);
        detail::Collector answer;  // the path, or why there is none
        const auto status = function(link_->context(), &detail::Collector::append, &detail::Collector::append, &answer);
        std::string text = answer.take();
        if (status != FEDMSG_HUB_OK) detail::expect_ok(status, "directory", text);
        return text;
    }

    // Any thread. Names: [a-z][a-z0-9_]*, at most 64 bytes, at most 256 of them; others throw a HostError.
    void count(std::string_view counter, std::uint64_t delta = 1) const {
        detail::expect_ok(link_->host().counter_add(link_->context(), detail::text(counter), delta),
                          "counter " + detail::readable(counter));
    }
    void gauge(std::string_view gauge, double value) const {
        detail::expect_ok(link_->host().gauge_set(link_->context(), detail::text(gauge), value),
                          "gauge " + detail::readable(gauge));
    }

    // Any thread. on_timer(id) is called once, after at least `delay`; scheduling the same id again moves it. Timers do
    // not survive a restart.
    void schedule(std::chrono::milliseconds delay, std::uint64_t id) const {
        if (!has_timer_) throw std::logic_error("schedule needs a public function: void on_timer(std::uint64_t id)");
        const auto delay_ms = static_cast<std::uint64_t>(delay.count() > 0 ? delay.count() : 0);
        detail::expect_ok(link_->host().schedule(link_->context(), delay_ms, id), "schedule " + std::to_string(id));
    }
    // Any thread. False if there is no such timer.
    bool cancel(std::uint64_t id) const {
        const auto status = link_->host().cancel(link_->context(), id);
        if (status == FEDMSG_HUB_NOT_FOUND) return false;
        detail::expect_ok(status, "cancel " + std::to_string(id));
        return true;
    }

    // Any thread. True once the hub wants this consumer to stop: long work should end soon.
    bool stop_requested() const noexcept { return link_->host().stop_requested(link_->context()) != 0; }
    // Any thread. The time by the hub's clock.
    std::chrono::system_clock::time_point now() const noexcept {
        return std::chrono::system_clock::time_point(std::chrono::duration_cast<std::chrono::system_clock::duration>(
            std::chrono::nanoseconds(link_->host().now_ns(link_->context()))));
    }
    // Any thread. Has the hub parse a text; throws a ValueError that says what is wrong with it.
    ParsedJson parse(std::string_view text) const { return {link_->host().json, text}; }

private:
    friend struct detail::Access;

    explicit Consumer(detail::Setup* setup)
        : link_(required(setup).link),
          description_(setup->description),
          options_(std::move(setup->options)),
          has_timer_(setup->has_timer) {}

    static detail::Setup& required(detail::Setup* setup) {
        if (setup != nullptr) return *setup;
        throw std::logic_error(
            "a consumer is made by the hub; in a test use fedmsg_hub::testing::FakeHost<MyConsumer> (testing.hpp)");
    }

    std::shared_ptr<detail::Link> link_;
    const Description* description_;
    ParsedJson options_;
    bool has_timer_;
};

// A consumer without topics that is called every now and then: describe() has .every(...), the class has poll().
class Producer : public Consumer {
protected:
    ~Producer() = default;
};

}  // namespace fedmsg_hub

#endif
