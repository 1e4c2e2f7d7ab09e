// What a consumer may ask of the hub: the C++ side of fedmsg_hub_host (plugin_abi.h states the contract of each).
// One object per consumer, implemented by its lane.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bus/base/result.hpp"
#include "bus/log/log.hpp"
#include "daemon/dispatch/consumer.hpp"

namespace fedmsg::hub {

class HostServices {
public:
    virtual ~HostServices() = default;

    // Any thread.
    virtual void log(log::Level level, std::string_view line) = 0;
    virtual bool counter_add(std::string_view name, std::uint64_t delta) = 0;  // false: bad name or too many
    virtual bool gauge_set(std::string_view name, double value) = 0;
    // `msg_json` is the payload as JSON text. An error of kind "unavailable" is any failed Status.
    // `msg_id`: empty for a new one, else of the form that envelope::is_msg_id knows.
    virtual Status publish(std::string_view topic, std::string_view msg_json, std::string_view msg_id) = 0;
    // The consumer's own directory, made if need be.
    virtual Result<std::string> directory() = 0;
    virtual void schedule(std::chrono::milliseconds delay, std::uint64_t id) = 0;
    virtual bool cancel(std::uint64_t id) = 0;  // false: no such timer
    virtual Status finish(std::uint64_t token, Outcome outcome) = 0;
    virtual bool stop_requested() const = 0;
    virtual std::int64_t now_ns() const = 0;

    // Lane thread.
    virtual Result<std::optional<std::string>> state_get(std::string_view key) = 0;
    virtual Status state_put(std::string_view key, std::string_view value) = 0;
    virtual Result<bool> state_delete(std::string_view key) = 0;  // false: no such key
    virtual Status state_keys(std::string_view prefix, const std::function<void(std::string_view)>& each) = 0;
    virtual Status state_sync() = 0;
};

}  // namespace fedmsg::hub
