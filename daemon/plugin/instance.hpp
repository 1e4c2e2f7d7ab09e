// One instance of a plugin's consumer: what create made, until destroy. Internal to PluginConsumer.
#pragma once

#include <chrono>
#include <memory>

#include "bus/base/result.hpp"
#include "bus/json/document.hpp"
#include "daemon/plugin/declaration.hpp"
#include "daemon/plugin/graveyard.hpp"
#include "daemon/plugin/host_table.hpp"

namespace fedmsg::hub {

class Instance {
public:
    // Calls create on this thread.
    static Result<std::unique_ptr<Instance>> make(ConsumerDeclarationPtr declaration, const json::Value& options,
                                                  HostServices& services);
    // Calls destroy. What it throws is logged.
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    const ConsumerDeclaration& declaration() const { return *declaration_; }
    const fedmsg_hub_functions& functions() const { return declaration_->functions; }
    void* get() const { return instance_; }
    HostServices& services() const { return context_.services; }

private:
    Instance(ConsumerDeclarationPtr declaration, HostServices& services);

    const ConsumerDeclarationPtr declaration_;
    fedmsg_hub_context context_;
    void* instance_ = nullptr;
};

// How long create may take, and who keeps what a call leaves behind that takes longer.
struct CreateLimits {
    std::chrono::milliseconds deadline = std::chrono::seconds(10);
    Graveyard& graveyard;
    // Kept alive until create has returned, even past the deadline: whatever owns the HostServices.
    std::shared_ptr<void> keep_alive;
};

// Calls create on a thread of its own. If it is not back by the deadline the instance is given up: should it appear
// later, that thread destroys it at once.
Result<std::unique_ptr<Instance>> make_with_deadline(ConsumerDeclarationPtr declaration, const json::Value& options,
                                                     HostServices& services, const CreateLimits& limits);

}  // namespace fedmsg::hub
