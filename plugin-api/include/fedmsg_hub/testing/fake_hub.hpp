// FakeHub: plays the hub for one consumer, through the same C table that the real hub uses. Authors use FakeHost<T> of
// testing.hpp, which adds the consumer's class.
//
// Time stands still until advance() is called. Threads: the test's thread is the lane thread; what the consumer may
// call from its own threads (log, counters, publish, timers, finish) is safe here, too. Breaking the rules of
// plugin_abi.h gives the consumer an error, and the test a line in violations().
#ifndef FEDMSG_HUB_TESTING_FAKE_HUB_HPP
#define FEDMSG_HUB_TESTING_FAKE_HUB_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "../plugin_abi.h"
#include "../sdk/text.hpp"
#include "descriptor.hpp"
#include "json_table.hpp"
#include "records.hpp"
#include "temporary_directory.hpp"

namespace fedmsg_hub::testing {

using StateMap = std::map<std::string, std::string>;

class FakeHub {
public:
    // Validates, creates and starts the consumer. `options`: a JSON object of full option names. `state`: what an
    // earlier run left. `directory`: what directory() gives; empty: a temporary one. Throws Refused with the reason.
    FakeHub(Descriptor descriptor, std::string_view options, StateMap state, std::string directory = {})
        : descriptor_(std::move(descriptor)), directory_(std::move(directory)), state_(std::move(state)) {
        create(OptionMaker(descriptor_).make(options));
        try {
            start();
        } catch (...) {
            functions().destroy(instance_);
            throw;
        }
    }
    FakeHub(const FakeHub&) = delete;
    FakeHub& operator=(const FakeHub&) = delete;
    ~FakeHub() {
        stop();
        functions().destroy(instance_);
    }

    // ---- Doing things to the consumer

    // `msg` is JSON: what stands under "msg" of the body.
    Result deliver(const std::string& topic, const std::string& msg) { return deliver(Incoming(topic, msg)); }
    Result deliver(const Incoming& incoming) { return deliver_batch({incoming}).front(); }
    // In one call, as the hub does when many messages wait.
    std::vector<Result> deliver_batch(const std::vector<Incoming>& incoming) {
        if (functions().consume_batch == nullptr) throw std::logic_error("this consumer takes no messages");
        const std::vector<std::unique_ptr<Letter>> letters = write(incoming);
        std::vector<const fedmsg_hub_message*> messages;
        for (const auto& letter : letters) messages.push_back(letter->message());
        std::vector<fedmsg_hub_result> results(messages.size(), fedmsg_hub_result{});
        functions().consume_batch(instance_, messages.data(), static_cast<std::uint32_t>(messages.size()),
                                  results.data());
        return settle(messages, results);
    }
    // What a Later made of a message. Waits for it, since another thread may be at work; nothing if it never came.
    std::optional<Result> finished(const Result& delivery, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, limit, [&] { return finished_.count(delivery.token) != 0; });
        const auto found = finished_.find(delivery.token);
        return found != finished_.end() ? std::optional(found->second) : std::nullopt;
    }
    // The hub's clock moves on: timers that are due run, in order; so does poll.
    void advance(std::chrono::milliseconds time) {
        const std::int64_t end = now_ms_ + time.count();
        while (run_next_before(end)) {
        }
        now_ms_ = end;
    }
    // One poll now. The error's text if it failed, else empty.
    std::string poll() {
        if (functions().poll == nullptr) throw std::logic_error("this consumer has no poll");
        return note(call([&](fedmsg_hub_text_fn error, void* arg) { return functions().poll(instance_, error, arg); }));
    }
    void gap(std::uint64_t first, std::uint64_t last, std::uint64_t count = UINT64_MAX) {
        if (functions().on_gap != nullptr) functions().on_gap(instance_, first, last, count);
    }
    // Empty if the consumer took the new options, else why not.
    std::string reconfigure(std::string_view options) {
        if (functions().reconfigure == nullptr) throw std::logic_error("this consumer has no reconfigure");
        const Node node = OptionMaker(descriptor_).make(options);
        if (const std::string problem = problems_with(node); !problem.empty()) return problem;
        return call([&](fedmsg_hub_text_fn error, void* arg) {
            return functions().reconfigure(instance_, handle_of(&node), error, arg);
        });
    }
    void request_stop() { stop_requested_ = true; }
    // As often as you like: the hub may stop a consumer twice, and start it again.
    void stop() {
        request_stop();
        functions().stop(instance_);
        const std::lock_guard lock(mutex_);
        timers_.clear();
    }
    // After stop. Throws Refused with the reason.
    void start() {
        stop_requested_ = false;
        next_poll_ms_ = now_ms_ + static_cast<std::int64_t>(descriptor_.period_ms);
        const std::string problem =
            call([&](fedmsg_hub_text_fn error, void* arg) { return functions().start(instance_, error, arg); });
        if (!problem.empty()) throw Refused("start: " + problem);
    }

    // ---- What operators ask for, without or with start

    // What the consumer's check does not like.
    std::vector<std::string> check() {
        if (functions().check == nullptr) throw std::logic_error("this consumer has no check");
        std::vector<std::string> problems;
        const auto add = [](void* arg, fedmsg_hub_text text) {
            static_cast<std::vector<std::string>*>(arg)->emplace_back(detail::view(text));
        };
        const auto status = functions().check(instance_, add, &problems);
        if (status != FEDMSG_HUB_OK && problems.empty()) problems.emplace_back("check failed without a reason");
        return problems;
    }
    std::string explain(const std::string& topic, const std::string& msg) { return explain(Incoming(topic, msg)); }
    // Throws Refused if it fails.
    std::string explain(const Incoming& incoming) {
        if (functions().explain == nullptr) throw std::logic_error("this consumer has no explain");
        const Letter letter(incoming, last_token_ + 1, now_ms_ * 1'000'000);
        CommandResult said;
        if (functions().explain(instance_, letter.message(), &hear_out, &hear_error, &said) != FEDMSG_HUB_OK)
            throw Refused("explain: " + said.error);
        return said.out;
    }
    CommandResult command(const std::vector<std::string>& arguments) {
        if (functions().command == nullptr) throw std::logic_error("this consumer has no command");
        std::vector<fedmsg_hub_text> words;
        for (const std::string& argument : arguments) words.push_back(detail::text(argument));
        CommandResult result;
        result.code = functions().command(instance_, words.data(), static_cast<std::uint32_t>(words.size()), &hear_out,
                                          &hear_error, &result);
        return result;
    }

    // ---- Making the surroundings unfriendly

    // From now on publish says that no peer is connected.
    void disconnect(bool is_disconnected = true) { is_disconnected_ = is_disconnected; }
    // From now on state cannot be written.
    void fill_disk(bool is_full = true) { is_disk_full_ = is_full; }

    // ---- Looking at what it did

    const Descriptor& descriptor() const { return descriptor_; }
    // Called with each line of the log from now on, also with those that come while this object is destroyed.
    void on_log(std::function<void(const LogLine&)> observer) {
        const std::lock_guard lock(mutex_);
        log_observer_ = std::move(observer);
    }
    std::vector<LogLine> logs() const { return guarded(logs_); }
    // True if a line of the log contains this text.
    bool logged(std::string_view text) const {
        const std::vector<LogLine> lines = logs();
        return std::any_of(lines.begin(), lines.end(),
                           [&](const LogLine& line) { return line.text.find(text) != std::string::npos; });
    }
    std::vector<Published> published() const { return guarded(published_); }
    std::uint64_t counter(const std::string& name) const {
        const auto all = guarded(counters_);
        return all.count(name) != 0 ? all.at(name) : 0;
    }
    std::optional<double> gauge(const std::string& name) const {
        const auto all = guarded(gauges_);
        return all.count(name) != 0 ? std::optional(all.at(name)) : std::nullopt;
    }
    StateMap state() const { return guarded(state_); }
    // The ids of the timers that wait.
    std::vector<std::uint64_t> timers() const {
        std::vector<std::uint64_t> ids;
        for (const auto& timer : guarded(timers_)) ids.push_back(timer.first);
        return ids;
    }
    // The texts of failed on_timer and poll calls.
    std::vector<std::string> failures() const { return guarded(failures_); }
    // Rules of plugin_abi.h that the consumer has broken.
    std::vector<std::string> violations() const { return guarded(violations_); }
    std::chrono::system_clock::time_point now() const {
        return std::chrono::system_clock::time_point(std::chrono::milliseconds(now_ms_.load()));
    }

protected:
    void* instance() const { return instance_; }

private:
    const fedmsg_hub_functions& functions() const { return descriptor_.functions(); }

    template <class T>
    T guarded(const T& member) const {
        const std::lock_guard lock(mutex_);
        return member;
    }

    // Runs a function of the plugin that can fail. Its reason, or empty.
    template <class Function>
    static std::string call(Function function) {
        detail::Collector reason;
        if (function(&detail::Collector::append, &reason) == FEDMSG_HUB_OK) return {};
        const std::string text = reason.take();
        return text.empty() ? "it failed without a reason" : text;
    }
    std::string note(std::string failure) {
        const std::lock_guard lock(mutex_);
        if (!failure.empty()) failures_.push_back(failure);
        return failure;
    }

    std::string problems_with(const Node& options) const {
        if (functions().validate == nullptr) return {};
        std::string problems;
        const auto add = [](void* arg, fedmsg_hub_text text) {
            auto& all = *static_cast<std::string*>(arg);
            all.append(all.empty() ? "" : "; ").append(detail::view(text));
        };
        const auto status =
            functions().validate(descriptor_.raw.user, json_functions(), handle_of(&options), add, &problems);
        return status != FEDMSG_HUB_OK && problems.empty() ? "validate failed without a reason" : problems;
    }
    void create(const Node& options) {
        if (const std::string problems = problems_with(options); !problems.empty()) throw Refused(problems);
        const std::string problem = call([&](fedmsg_hub_text_fn error, void* arg) {
            return functions().create(descriptor_.raw.user, &host_, context(), handle_of(&options), &instance_, error,
                                      arg);
        });
        if (!problem.empty()) throw Refused("create: " + problem);
    }

    std::vector<std::unique_ptr<Letter>> write(const std::vector<Incoming>& incoming) {
        std::vector<std::unique_ptr<Letter>> letters;
        for (const Incoming& message : incoming) {
            letters.push_back(std::make_unique<Letter>(message, ++last_token_, now_ms_ * 1'000'000));
            const std::lock_guard lock(mutex_);
            waiting_.insert(last_token_);
        }
        return letters;
    }
    std::vector<Result> settle(const std::vector<const fedmsg_hub_message*>& messages,
                               const std::vector<fedmsg_hub_result>& results) {
        const std::lock_guard lock(mutex_);
        std::vector<Result> out;
        for (std::size_t at = 0; at < messages.size(); ++at) {
            out.push_back(Result::of(messages[at]->token, results[at]));
            if (out.back().is_later()) continue;
            waiting_.erase(out.back().token);
            finished_.erase(out.back().token);
        }
        return out;
    }

    // The next timer or poll that is due by `end`. False if there is none.
    bool run_next_before(std::int64_t end) {
        const std::optional<std::pair<std::int64_t, std::uint64_t>> timer = next_timer();
        const bool has_poll = functions().poll != nullptr && descriptor_.period_ms > 0;
        const bool is_poll = has_poll && (!timer || next_poll_ms_ < timer->first);
        if (!is_poll && !timer) return false;
        const std::int64_t due = is_poll ? next_poll_ms_ : timer->first;
        if (due > end) return false;
        now_ms_ = std::max(now_ms_.load(), due);
        if (is_poll) {
            next_poll_ms_ += static_cast<std::int64_t>(descriptor_.period_ms);
            poll();
        } else {
            run_timer(timer->second);
        }
        return true;
    }
    std::optional<std::pair<std::int64_t, std::uint64_t>> next_timer() const {
        const auto timers = guarded(timers_);
        const auto is_earlier = [](const auto& a, const auto& b) { return a.second < b.second; };
        const auto first = std::min_element(timers.begin(), timers.end(), is_earlier);
        if (first == timers.end()) return std::nullopt;
        return std::pair(first->second, first->first);
    }
    void run_timer(std::uint64_t id) {
        {
            const std::lock_guard lock(mutex_);
            timers_.erase(id);
        }
        note(
            call([&](fedmsg_hub_text_fn error, void* arg) { return functions().on_timer(instance_, id, error, arg); }));
    }

    // ---- What the consumer calls

    fedmsg_hub_context* context() { return reinterpret_cast<fedmsg_hub_context*>(this); }
    static FakeHub& of(fedmsg_hub_context* context) { return *reinterpret_cast<FakeHub*>(context); }

    std::int32_t violate(std::int32_t status, const std::string& what) {
        const std::lock_guard lock(mutex_);
        violations_.push_back(what);
        return status;
    }
    static bool is_metric_name(std::string_view name) {
        const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
        const auto is_allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
        return !name.empty() && name.size() <= 64 && is_letter(name[0]) &&
               std::all_of(name.begin(), name.end(), is_allowed);
    }
    template <class Map>
    typename Map::mapped_type* metric(Map& map, const std::string& name) {
        static constexpr std::size_t kMost = 256;
        const bool is_known = counters_.count(name) + gauges_.count(name) > 0;
        if (!is_metric_name(name) || (!is_known && counters_.size() + gauges_.size() >= kMost)) return nullptr;
        return &map[name];
    }
    std::int32_t bad_metric(const std::string& name) {
        return violate(FEDMSG_HUB_INVALID, "metric " + name + ": a bad name, or more than 256 of them");
    }
    // OK if the caller may touch the state with this key.
    std::int32_t check_state(std::string_view key, bool is_key_needed) {
        static constexpr std::size_t kLongestKey = 1024;
        if (std::this_thread::get_id() != lane_)
            return violate(FEDMSG_HUB_INVALID, "state is for the lane thread only");
        if (key.size() > kLongestKey || (is_key_needed && key.empty()))
            return violate(FEDMSG_HUB_INVALID, "a state key has 1 to 1,024 bytes");
        return FEDMSG_HUB_OK;
    }

    static void hear_out(void* result, fedmsg_hub_text text) {
        static_cast<CommandResult*>(result)->out += detail::view(text);
    }
    static void hear_error(void* result, fedmsg_hub_text text) {
        static_cast<CommandResult*>(result)->error += detail::view(text);
    }
    static void log(fedmsg_hub_context* context, std::int32_t level, fedmsg_hub_text line) {
        FakeHub& hub = of(context);
        const std::lock_guard lock(hub.mutex_);
        hub.logs_.push_back({static_cast<fedmsg_hub_level>(level), std::string(detail::view(line))});
        if (hub.log_observer_) hub.log_observer_(hub.logs_.back());
    }
    static std::int32_t counter_add(fedmsg_hub_context* context, fedmsg_hub_text name, std::uint64_t delta) {
        FakeHub& hub = of(context);
        const std::string key(detail::view(name));
        {
            const std::lock_guard lock(hub.mutex_);
            if (std::uint64_t* counter = hub.metric(hub.counters_, key)) return *counter += delta, FEDMSG_HUB_OK;
        }
        return hub.bad_metric(key);
    }
    static std::int32_t gauge_set(fedmsg_hub_context* context, fedmsg_hub_text name, double value) {
        FakeHub& hub = of(context);
        const std::string key(detail::view(name));
        {
            const std::lock_guard lock(hub.mutex_);
            if (double* gauge = hub.metric(hub.gauges_, key)) return *gauge = value, FEDMSG_HUB_OK;
        }
        return hub.bad_metric(key);
    }
    static std::int32_t publish(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                                fedmsg_hub_text_fn error, void* arg) {
        return publish_as(context, topic, msg, {}, error, arg);
    }
    static std::int32_t publish_with_id(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                                        fedmsg_hub_text msg_id, fedmsg_hub_text_fn error, void* arg) {
        const std::string id(detail::view(msg_id));
        if (is_msg_id(id)) return publish_as(context, topic, msg, id, error, arg);
        detail::report(error, arg, "a message id is a year, - and a UUID, not \"" + id + "\"");
        return of(context).violate(FEDMSG_HUB_INVALID, "publish with the message id \"" + id + "\"");
    }
    // "2026-" and 8-4-4-4-12 hexadecimal digits.
    static bool is_msg_id(const std::string& id) {
        static constexpr std::string_view kForm = "0000-00000000-0000-0000-0000-000000000000";
        if (id.size() != kForm.size()) return false;
        for (std::size_t at = 0; at < id.size(); ++at) {
            const char* allowed = kForm[at] == '-' ? "-" : at < 4 ? "0123456789" : "0123456789abcdef";
            if (std::string_view(allowed).find(id[at]) == std::string_view::npos) return false;
        }
        return true;
    }
    static std::int32_t publish_as(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                                   std::string msg_id, fedmsg_hub_text_fn error, void* arg) {
        FakeHub& hub = of(context);
        if (!hub.descriptor_.has(FEDMSG_HUB_PUBLISHES)) {
            detail::report(error, arg, "this consumer does not say that it publishes: add .publishes() to describe()");
            return hub.violate(FEDMSG_HUB_UNSUPPORTED, "publish without the capability");
        }
        if (hub.is_disconnected_) {
            detail::report(error, arg, "no peer is connected");
            return FEDMSG_HUB_UNAVAILABLE;
        }
        try {
            Published record{std::string(detail::view(topic)), std::string(detail::view(msg)), std::move(msg_id),
                             nullptr};
            record.node = std::make_shared<const Node>(JsonReader(record.text).read());
            const std::lock_guard lock(hub.mutex_);
            hub.published_.push_back(std::move(record));
            return FEDMSG_HUB_OK;
        } catch (const std::exception& problem) {
            detail::report(error, arg, problem.what());
            return hub.violate(FEDMSG_HUB_INVALID, std::string("publish: ") + problem.what());
        }
    }
    static std::int32_t state_get(fedmsg_hub_context* context, fedmsg_hub_text key, fedmsg_hub_text_fn out, void* arg) {
        FakeHub& hub = of(context);
        if (const auto status = hub.check_state(detail::view(key), true); status != FEDMSG_HUB_OK) return status;
        const StateMap all = hub.state();
        const auto found = all.find(std::string(detail::view(key)));
        if (found == all.end()) return FEDMSG_HUB_NOT_FOUND;
        out(arg, detail::text(found->second));
        return FEDMSG_HUB_OK;
    }
    static std::int32_t state_put(fedmsg_hub_context* context, fedmsg_hub_text key, fedmsg_hub_text value) {
        static constexpr std::uint64_t kLongestValue = 8 << 20;
        FakeHub& hub = of(context);
        if (const auto status = hub.check_state(detail::view(key), true); status != FEDMSG_HUB_OK) return status;
        if (value.size > kLongestValue) return hub.violate(FEDMSG_HUB_INVALID, "a state value has at most 8 MiB");
        if (hub.is_disk_full_) return FEDMSG_HUB_UNAVAILABLE;
        const std::lock_guard lock(hub.mutex_);
        hub.state_[std::string(detail::view(key))] = std::string(detail::view(value));
        return FEDMSG_HUB_OK;
    }
    static std::int32_t state_delete(fedmsg_hub_context* context, fedmsg_hub_text key) {
        FakeHub& hub = of(context);
        if (const auto status = hub.check_state(detail::view(key), true); status != FEDMSG_HUB_OK) return status;
        if (hub.is_disk_full_) return FEDMSG_HUB_UNAVAILABLE;
        const std::lock_guard lock(hub.mutex_);
        return hub.state_.erase(std::string(detail::view(key))) != 0 ? FEDMSG_HUB_OK : FEDMSG_HUB_NOT_FOUND;
    }
    static std::int32_t state_keys(fedmsg_hub_context* context, fedmsg_hub_text prefix, fedmsg_hub_text_fn out,
                                   void* arg) {
        FakeHub& hub = of(context);
        if (const auto status = hub.check_state(detail::view(prefix), false); status != FEDMSG_HUB_OK) return status;
        for (const auto& entry : hub.state())
            if (entry.first.compare(0, prefix.size, detail::view(prefix)) == 0) out(arg, detail::text(entry.first));
        return FEDMSG_HUB_OK;
    }
    static std::int32_t state_sync(fedmsg_hub_context* context) {
        FakeHub& hub = of(context);
        const auto status = hub.check_state({}, false);
        return status == FEDMSG_HUB_OK && hub.is_disk_full_ ? static_cast<std::int32_t>(FEDMSG_HUB_UNAVAILABLE)
                                                            : status;
    }
    static std::int32_t schedule(fedmsg_hub_context* context, std::uint64_t delay_ms, std::uint64_t id) {
        FakeHub& hub = of(context);
        const std::lock_guard lock(hub.mutex_);
        hub.timers_[id] = hub.now_ms_ + static_cast<std::int64_t>(delay_ms);
        return FEDMSG_HUB_OK;
    }
    static std::int32_t cancel(fedmsg_hub_context* context, std::uint64_t id) {
        FakeHub& hub = of(context);
        const std::lock_guard lock(hub.mutex_);
        return hub.timers_.erase(id) != 0 ? FEDMSG_HUB_OK : FEDMSG_HUB_NOT_FOUND;
    }
    static std::int32_t finish(fedmsg_hub_context* context, std::uint64_t token, const fedmsg_hub_result* result) {
        FakeHub& hub = of(context);
        const std::lock_guard lock(hub.mutex_);
        if (hub.waiting_.erase(token) == 0) return FEDMSG_HUB_NOT_FOUND;
        hub.finished_.emplace(token, Result::of(token, *result));
        hub.changed_.notify_all();
        return FEDMSG_HUB_OK;
    }
    static std::int32_t stop_requested(fedmsg_hub_context* context) { return of(context).stop_requested_ ? 1 : 0; }
    static std::int64_t now_ns(fedmsg_hub_context* context) { return of(context).now_ms_ * 1'000'000; }
    static std::int32_t render(fedmsg_hub_context*, const fedmsg_hub_message*, std::int32_t, fedmsg_hub_text_fn,
                               void*) {
        return FEDMSG_HUB_UNSUPPORTED;
    }
    static std::int32_t directory(fedmsg_hub_context* context, fedmsg_hub_text_fn out, fedmsg_hub_text_fn error,
                                  void* arg) {
        FakeHub& hub = of(context);
        const std::lock_guard lock(hub.mutex_);
        try {
            if (hub.directory_.empty()) hub.directory_ = hub.temporary_.emplace().path();
            out(arg, detail::text(hub.directory_));
            return FEDMSG_HUB_OK;
        } catch (const std::exception& problem) {
            detail::report(error, arg, problem.what());
            return FEDMSG_HUB_UNAVAILABLE;
        }
    }

    const fedmsg_hub_host host_{sizeof(fedmsg_hub_host),
                                FEDMSG_HUB_ABI_MINOR,
                                json_functions(),
                                &log,
                                &counter_add,
                                &gauge_set,
                                &publish,
                                &state_get,
                                &state_put,
                                &state_delete,
                                &state_keys,
                                &state_sync,
                                &schedule,
                                &cancel,
                                &finish,
                                &stop_requested,
                                &now_ns,
                                &render,
                                &publish_with_id,
                                &directory};
    const Descriptor descriptor_;
    const std::thread::id lane_ = std::this_thread::get_id();
    void* instance_ = nullptr;
    std::uint64_t last_token_ = 0;
    std::int64_t next_poll_ms_ = 0;
    std::atomic<std::int64_t> now_ms_{1'767'225'600'000};  // the beginning of 2026
    std::atomic<bool> stop_requested_{false};
    std::atomic<bool> is_disconnected_{false};
    std::atomic<bool> is_disk_full_{false};

    mutable std::mutex mutex_;  // guards all below
    std::condition_variable changed_;
    std::vector<LogLine> logs_;
    std::function<void(const LogLine&)> log_observer_;
    std::vector<Published> published_;
    std::map<std::string, std::uint64_t> counters_;
    std::map<std::string, double> gauges_;
    std::optional<TemporaryDirectory> temporary_;
    std::string directory_;  // empty: not asked for yet
    StateMap state_;
    std::map<std::uint64_t, std::int64_t> timers_;  // id: due, milliseconds
    std::set<std::uint64_t> waiting_;               // tokens without an outcome
    std::map<std::uint64_t, Result> finished_;      // by a Later
    std::vector<std::string> failures_;
    std::vector<std::string> violations_;
};

}  // namespace fedmsg_hub::testing

#endif
