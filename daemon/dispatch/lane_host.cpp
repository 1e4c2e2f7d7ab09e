#include "daemon/dispatch/lane_host.hpp"

#include <filesystem>

#include "bus/base/directory.hpp"
#include "daemon/dispatch/lane.hpp"

namespace fedmsg::hub {

LaneHost::LaneHost(Lane& lane) : lane_(lane), logger_("fedmsg.consumers." + lane.settings().name) {}

void LaneHost::log(log::Level level, std::string_view line) {
    log::Logger(logger_).write(level, "CONSUMER_SAYS", line, {{"CONSUMER", lane_.settings_.name}});
}

bool LaneHost::counter_add(std::string_view name, std::uint64_t delta) {
    return lane_.metrics_.counter_add(name, delta);
}

bool LaneHost::gauge_set(std::string_view name, double value) {
    return lane_.metrics_.gauge_set(name, value);
}

Status LaneHost::publish(std::string_view topic, std::string_view msg_json, std::string_view msg_id) {
    if (!lane_.settings_.may_publish) return failure("the plugin does not declare that it publishes");
    if (lane_.shared_.publisher == nullptr) return failure("this hub has no publisher");
    return lane_.shared_.publisher->publish(topic, msg_json, msg_id);
}

// Beside the file with its key-value state, which is NAME.sqlite.
Result<std::string> LaneHost::directory() {
    const auto path = std::filesystem::absolute(lane_.shared_.state_directory + "/" + lane_.settings_.name).string();
    if (auto made = make_directory(path); !made) return made.error();
    return path;
}

void LaneHost::schedule(std::chrono::milliseconds delay, std::uint64_t id) {
    Lock lock(lane_.mutex_);
    lane_.timers_.schedule(id, lane_.shared_.clock.steady() + delay);
    lane_.wake_.notify_one();
}

bool LaneHost::cancel(std::uint64_t id) {
    Lock lock(lane_.mutex_);
    return lane_.timers_.cancel(id);
}

Status LaneHost::finish(std::uint64_t token, Outcome outcome) {
    if (outcome.kind == Outcome::Kind::later) return failure("a message cannot be finished with \"later\"");
    Lock lock(lane_.mutex_);
    const bool in_delivery = token >= lane_.first_token_ && token < lane_.next_token_;
    if (!in_delivery && lane_.later_.count(token) == 0)
        return failure("no message is waiting under this token: it has been finished, or never was \"later\"");
    lane_.finished_.push_back({token, std::move(outcome)});
    lane_.wake_.notify_one();
    return {};
}

bool LaneHost::stop_requested() const {
    return lane_.stop_requested_.load(std::memory_order_relaxed);
}

std::int64_t LaneHost::now_ns() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(lane_.shared_.clock.wall().time_since_epoch()).count();
}

Result<std::optional<std::string>> LaneHost::state_get(std::string_view key) {
    return lane_.state_.get(key);
}

Status LaneHost::state_put(std::string_view key, std::string_view value) {
    return lane_.state_.put(key, value);
}

Result<bool> LaneHost::state_delete(std::string_view key) {
    return lane_.state_.remove(key);
}

Status LaneHost::state_keys(std::string_view prefix, const std::function<void(std::string_view)>& each) {
    return lane_.state_.keys(prefix, each);
}

Status LaneHost::state_sync() {
    return lane_.state_.sync();
}

}  // namespace fedmsg::hub
