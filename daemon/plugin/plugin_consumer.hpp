// A consumer that lives in a plugin file, as the lane sees it: translates messages, results and failures across the C
// edge. One lane thread at a time, like every Consumer.
//
// Whatever a function of the plugin throws becomes a failure. If consume_batch itself throws, it is unknown which
// messages it had finished, so all of that batch fail and are offered again by the policy. (The C++ SDK catches per
// message.)
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/dispatch/consumer.hpp"
#include "daemon/plugin/instance.hpp"

namespace fedmsg::hub {

class PluginConsumer final : public Consumer {
public:
    // Calls the plugin's create within the limits. `options` is what effective_options() gave. `services` must live as
    // long as the consumer, and as limits.keep_alive.
    static Result<std::unique_ptr<PluginConsumer>> create(ConsumerDeclarationPtr declaration,
                                                          const json::Value& options, HostServices& services,
                                                          const CreateLimits& limits);
    explicit PluginConsumer(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}

    Status start() override;
    void consume(std::span<const Delivery> deliveries, std::span<Outcome> outcomes) override;
    void on_gap(Offset first, Offset last, std::uint64_t count) override;
    Status on_timer(std::uint64_t id) override;
    Status poll() override;
    void stop() override;
    // UNSUPPORTED in effect for a consumer without the capability: make a new instance then.
    Status reconfigure(const json::Value& options);

    // What fedmsg-hub-plugin-run offers to operators; called without start. The consumer may lack each of them.
    using TextSink = std::function<void(std::string_view)>;
    bool has_check() const { return instance_->functions().check != nullptr; }
    bool has_explain() const { return instance_->functions().explain != nullptr; }
    bool has_command() const { return instance_->functions().command != nullptr; }
    // False if something is wrong; each problem has gone to the sink.
    bool check(const TextSink& problem);
    Status explain(const Message& message, const TextSink& out);
    // The exit code that the plugin gives; 1 if it throws.
    int command(const std::vector<std::string>& arguments, const TextSink& out, const TextSink& error);

    const ConsumerDeclaration& declaration() const { return instance_->declaration(); }

private:
    void fill(std::span<const Delivery> deliveries);
    void fail_all(std::span<Outcome> outcomes, const std::string& reason);
    void log_failure(const Status& status);

    std::unique_ptr<Instance> instance_;
    const json::Value null_;  // "msg" of messages that have none
    // Reused from batch to batch.
    std::vector<fedmsg_hub_message> messages_;
    std::vector<const fedmsg_hub_message*> pointers_;
    std::vector<fedmsg_hub_result> results_;
};

}  // namespace fedmsg::hub
