// Description: everything that a consumer says about itself before it exists.
//
//     static fedmsg_hub::Description describe() {
//         return fedmsg_hub::Description("greeter", "Greets everyone who pushes")
//             .topics({"org.*.git.receive"})
//             .option(fedmsg_hub::Option::text("greeter.greeting", "What to say").defaults_to("Hello"))
//             .publishes();
//     }
#ifndef FEDMSG_HUB_SDK_DESCRIPTION_HPP
#define FEDMSG_HUB_SDK_DESCRIPTION_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "options.hpp"

namespace fedmsg_hub {

class Description {
public:
    using Milliseconds = std::chrono::milliseconds;

    // `name`: [a-z][a-z0-9-]*, at most 64 bytes. The consumer runs if the configuration key NAME.enabled is true, and
    // keys that begin with "NAME." are its own, so the hub reports misspelt ones. Both can be changed below.
    explicit Description(std::string name, std::string summary = {})
        : name_(std::move(name)), summary_(std::move(summary)), config_key_(name_ + ".enabled"), key_prefixes_{name_} {}

    // Patterns of the topics it wants: "org.example.prod.git.*" (shell glob, * crosses dots), "org.example.prod.git"
    // (that and all below), "words:org.*.*.git.#" (AMQP words), "*" (all). ${topic_prefix} and ${environment} are
    // replaced by the hub.
    Description& topics(std::vector<std::string> patterns) { return topics_ = std::move(patterns), *this; }
    Description& option(Option option) { return options_.push_back(std::move(option)), *this; }
    // The consumer runs only if the configuration has true here.
    Description& config_key(std::string key) { return config_key_ = std::move(key), *this; }
    // "badges" stands for all keys that begin with "badges.".
    Description& key_prefixes(std::vector<std::string> prefixes) { return key_prefixes_ = std::move(prefixes), *this; }
    // Producers: poll() is called this often.
    Description& every(Milliseconds period) { return period_ms_ = count(period), *this; }

    // What it does, so that the hub can say no before it starts.
    Description& publishes() { return capabilities_ |= FEDMSG_HUB_PUBLISHES, *this; }
    Description& executes() { return capabilities_ |= FEDMSG_HUB_EXECUTES, *this; }  // starts child processes
    Description& parallel() { return capabilities_ |= FEDMSG_HUB_PARALLEL, *this; }  // many instances may work at once

    // Whether it wants verified messages only; not called: as the hub is configured.
    Description& validate_signatures(bool wanted) {
        return validate_signatures_ = wanted ? FEDMSG_HUB_YES : FEDMSG_HUB_NO, *this;
    }
    // How often a message is offered in all. Not called: the hub's default.
    Description& max_attempts(std::uint32_t attempts) { return max_attempts_ = attempts, *this; }
    // The delay before the second attempt, its growth with each further one, and its limit.
    Description& retry_delays(Milliseconds first, double factor, Milliseconds longest) {
        first_delay_ms_ = static_cast<std::uint32_t>(count(first));
        delay_factor_ = factor;
        max_delay_ms_ = count(longest);
        return *this;
    }

    const std::string& name() const noexcept { return name_; }
    const std::string& summary() const noexcept { return summary_; }
    const std::string& config_key() const noexcept { return config_key_; }
    const std::vector<std::string>& topics() const noexcept { return topics_; }
    const std::vector<std::string>& key_prefixes() const noexcept { return key_prefixes_; }
    const std::vector<Option>& options() const noexcept { return options_; }
    std::uint64_t period_ms() const noexcept { return period_ms_; }
    bool has_capability(fedmsg_hub_capabilities flag) const noexcept { return (capabilities_ & flag) != 0; }

    // Fills in the scalar fields of the form that crosses the plugin edge.
    void write_to(fedmsg_hub_consumer& consumer) const noexcept {
        consumer.capabilities = capabilities_;
        consumer.name = detail::text(name_);
        consumer.description = detail::text(summary_);
        consumer.config_key = detail::text(config_key_);
        consumer.validate_signatures = validate_signatures_;
        consumer.period_ms = period_ms_;
        consumer.max_attempts = max_attempts_;
        consumer.first_delay_ms = first_delay_ms_;
        consumer.delay_factor = delay_factor_;
        consumer.max_delay_ms = max_delay_ms_;
    }

    friend bool operator==(const Description& a, const Description& b) {
        const auto fields = [](const Description& d) {
            return std::tie(d.name_, d.summary_, d.config_key_, d.topics_, d.key_prefixes_, d.options_, d.capabilities_,
                            d.validate_signatures_, d.period_ms_, d.max_attempts_, d.first_delay_ms_, d.delay_factor_,
                            d.max_delay_ms_);
        };
        return fields(a) == fields(b);
    }

private:
    static std::uint64_t count(Milliseconds time) noexcept {
        return time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0;
    }

    std::string name_;
    std::string summary_;
    std::string config_key_;
    std::vector<std::string> topics_;
    std::vector<std::string> key_prefixes_;
    std::vector<Option> options_;
    std::uint32_t capabilities_ = 0;
    std::int32_t validate_signatures_ = FEDMSG_HUB_AS_CONFIGURED;
    std::uint64_t period_ms_ = 0;
    std::uint32_t max_attempts_ = 0;
    std::uint32_t first_delay_ms_ = 0;
    double delay_factor_ = 0;
    std::uint64_t max_delay_ms_ = 0;
};

}  // namespace fedmsg_hub

#endif
