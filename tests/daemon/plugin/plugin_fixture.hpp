// What the tests of the loader share: where the fixture plugins lie, a probe, and a host that records what is asked of
// it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "daemon/dispatch/host_services.hpp"
#include "daemon/gate/message_pool.hpp"
#include "daemon/plugin/catalog.hpp"
#include "daemon/plugin/loader.hpp"
#include "daemon/plugin/options.hpp"
#include "daemon/plugin/plugin_consumer.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg::hub::test {

using fedmsg::test::read_file;
using fedmsg::test::TemporaryDirectory;
using fedmsg::test::wait_for;

// "good/minimal" -> ".../good/minimal.so"
inline std::string fixture(const std::string& name) {
    return std::string(FEDMSG_HUB_FIXTURE_PLUGINS) + '/' + name + ".so";
}

inline Prober make_prober(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    return Prober({.program = FEDMSG_HUB_PLUGIN_CHECK, .limit = limit});
}

inline Result<std::shared_ptr<const Plugin>> load(const std::string& path, Trust trust = Trust::own_user_too) {
    Prober prober = make_prober();
    return load_plugin(path, trust, prober);
}

// Why the file is not loaded; empty if it is.
inline std::string refusal(const std::string& path, Trust trust = Trust::own_user_too) {
    const auto plugin = load(path, trust);
    return plugin ? std::string() : plugin.error().text;
}

inline json::Document parsed(const std::string& text) {
    return json::parse(text).value();
}

inline config::Configuration configuration_of(const std::string& object,
                                              const config::Origin& origin = {"/etc/fedmsg.d/test.yaml", 7}) {
    config::Configuration configuration;
    const json::Document document = parsed(object);
    for (const auto& member : document.GetObject())
        configuration.set(member.name.GetString(), json::Value(member.value, configuration.pool()), origin);
    return configuration;
}

// All of a file's consumers; the file must load.
inline Description describe_file(const std::string& path, const std::string& configuration = "{}") {
    return describe(load(path).value(), parsed(configuration));
}

inline ConsumerDeclarationPtr consumer_of(const std::string& path, const std::string& name) {
    for (const auto& consumer : describe_file(path).consumers)
        if (consumer->name == name) return consumer;
    throw std::runtime_error("no consumer " + name + " in " + path);
}

// Copies a file of the fixtures and gives it a mode.
inline std::string copy_of(const std::string& name, const TemporaryDirectory& directory, const std::string& as,
                           std::filesystem::perms mode = std::filesystem::perms{0644}) {
    const std::string target = directory / as;
    std::filesystem::create_directories(std::filesystem::path(target).parent_path());
    std::filesystem::copy_file(fixture(name), target);
    std::filesystem::permissions(target, mode);
    return target;
}

// Records; any thread.
class FakeServices final : public HostServices {
public:
    void log(log::Level level, std::string_view line) override {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::to_string(static_cast<int>(level)) + ' ' + std::string(line));
    }
    bool counter_add(std::string_view name, std::uint64_t delta) override {
        if (name.empty()) return false;
        counters[std::string(name)] += delta;
        return true;
    }
    bool gauge_set(std::string_view name, double value) override {
        if (name.empty()) return false;
        gauges[std::string(name)] = value;
        return true;
    }
    Status publish(std::string_view topic, std::string_view msg_json, std::string_view msg_id) override {
        if (topic == "unreachable") return failure("no peer is connected");
        published.emplace_back(std::string(topic) + ' ' + std::string(msg_json));
        if (!msg_id.empty()) published.back() += ' ' + std::string(msg_id);
        return {};
    }
    Result<std::string> directory() override {
        if (is_disk_full) return failure("disk full");
        return "/directory/of/the/consumer";
    }
    void schedule(std::chrono::milliseconds delay, std::uint64_t id) override { timers[id] = delay; }
    bool cancel(std::uint64_t id) override { return timers.erase(id) > 0; }
    Status finish(std::uint64_t token, Outcome outcome) override {
        const std::lock_guard lock(mutex_);
        if (token == 404) return failure("no such message");
        finished_.emplace_back(token, std::move(outcome));
        return {};
    }
    bool stop_requested() const override { return stop; }
    std::int64_t now_ns() const override { return 1'790'000'000'000'000'000; }
    Result<std::optional<std::string>> state_get(std::string_view key) override {
        if (key == "broken") return failure("disk full");
        const auto found = state.find(std::string(key));
        return found == state.end() ? std::nullopt : std::optional(found->second);
    }
    Status state_put(std::string_view key, std::string_view value) override {
        if (key == "broken") return failure("disk full");
        state[std::string(key)] = value;
        return {};
    }
    Result<bool> state_delete(std::string_view key) override {
        if (key == "broken") return failure("disk full");
        return state.erase(std::string(key)) > 0;
    }
    Status state_keys(std::string_view prefix, const std::function<void(std::string_view)>& each) override {
        for (const auto& [key, value] : state)
            if (key.starts_with(prefix)) each(key);
        return {};
    }
    Status state_sync() override { return is_disk_full ? Status(failure("disk full")) : Status(); }

    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    std::vector<std::pair<std::uint64_t, Outcome>> finished() const {
        const std::lock_guard lock(mutex_);
        return finished_;
    }

    std::map<std::string, std::uint64_t> counters;
    std::map<std::string, double> gauges;
    std::vector<std::string> published;
    std::map<std::uint64_t, std::chrono::milliseconds> timers;
    std::map<std::string, std::string> state;
    bool stop = false, is_disk_full = false;

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::vector<std::pair<std::uint64_t, Outcome>> finished_;
};

}  // namespace fedmsg::hub::test
