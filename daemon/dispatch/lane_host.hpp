// What a lane offers to its consumer: HostServices on the lane's own parts.
#pragma once

#include <string>

#include "daemon/dispatch/host_services.hpp"

namespace fedmsg::hub {

class Lane;

class LaneHost final : public HostServices {
public:
    explicit LaneHost(Lane& lane);

    void log(log::Level level, std::string_view line) override;
    bool counter_add(std::string_view name, std::uint64_t delta) override;
    bool gauge_set(std::string_view name, double value) override;
    Status publish(std::string_view topic, std::string_view msg_json, std::string_view msg_id) override;
    Result<std::string> directory() override;
    void schedule(std::chrono::milliseconds delay, std::uint64_t id) override;
    bool cancel(std::uint64_t id) override;
    Status finish(std::uint64_t token, Outcome outcome) override;
    bool stop_requested() const override;
    std::int64_t now_ns() const override;

    Result<std::optional<std::string>> state_get(std::string_view key) override;
    Status state_put(std::string_view key, std::string_view value) override;
    Result<bool> state_delete(std::string_view key) override;
    Status state_keys(std::string_view prefix, const std::function<void(std::string_view)>& each) override;
    Status state_sync() override;

private:
    Lane& lane_;
    const std::string logger_;
};

}  // namespace fedmsg::hub
