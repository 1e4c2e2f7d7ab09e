#include "daemon/plugin/instance.hpp"

#include <atomic>
#include <optional>
#include <thread>

#include "bus/base/thread_annotations.hpp"
#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/json_table.hpp"

namespace fedmsg::hub {
namespace {

using MadeInstance = Result<std::unique_ptr<Instance>>;

// Shared by the thread that calls create and the one that waits for it; lives as long as the later of the two.
class CreateCall {
public:
    CreateCall(ConsumerDeclarationPtr declaration, const json::Value& options, HostServices& services,
               std::shared_ptr<void> keep_alive)
        : declaration_(std::move(declaration)), services_(services), keep_alive_(std::move(keep_alive)) {
        options_.CopyFrom(options, options_.GetAllocator());
    }

    void run() {
        MadeInstance made = Instance::make(declaration_, options_, services_);
        const Lock lock(mutex_);
        // If nobody waits any more, `made` ends here and with it the instance.
        if (is_abandoned_) return;
        result_.emplace(std::move(made));
        returned_.notify_one();
    }

    // The result, or nothing: then it will never be asked for.
    std::optional<MadeInstance> wait(std::chrono::milliseconds limit) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        const Lock lock(mutex_);
        while (!result_) {
            const auto left = deadline - std::chrono::steady_clock::now();
            if (left <= left.zero()) break;
            returned_.wait_for(mutex_, left);
        }
        is_abandoned_ = !result_;
        return std::exchange(result_, std::nullopt);
    }

private:
    const ConsumerDeclarationPtr declaration_;
    json::Document options_;
    HostServices& services_;
    const std::shared_ptr<void> keep_alive_;
    Mutex mutex_;
    CondVar returned_;
    std::optional<MadeInstance> result_ FEDMSG_HUB_GUARDED_BY(mutex_);
    bool is_abandoned_ FEDMSG_HUB_GUARDED_BY(mutex_) = false;
};

}  // namespace

Instance::Instance(ConsumerDeclarationPtr declaration, HostServices& services)
    : declaration_(std::move(declaration)), context_{services, declaration_->publishes} {}

Result<std::unique_ptr<Instance>> Instance::make(ConsumerDeclarationPtr declaration, const json::Value& options,
                                                 HostServices& services) {
    std::unique_ptr<Instance> made(new Instance(std::move(declaration), services));
    void* instance = nullptr;
    const Status status = guarded_status("create", [&](fedmsg_hub_text_fn error, void* arg) {
        return made->functions().create(made->declaration().user, &host_table(), &made->context_, handle_of(options),
                                        &instance, error, arg);
    });
    if (!status) return status.error();
    if (instance == nullptr) return failure("create reported success, but returned no instance");
    made->instance_ = instance;
    return made;
}

Instance::~Instance() {
    if (instance_ == nullptr) return;
    const Status status = guarded("destroy", [&] { functions().destroy(instance_); });
    if (!status) services().log(log::Level::error, status.error().text);
}

Result<std::unique_ptr<Instance>> make_with_deadline(ConsumerDeclarationPtr declaration, const json::Value& options,
                                                     HostServices& services, const CreateLimits& limits) {
    auto call = std::make_shared<CreateCall>(std::move(declaration), options, services, limits.keep_alive);
    auto finished = std::make_shared<std::atomic<bool>>(false);
    std::thread thread([call, finished]() mutable {
        call->run();
        call.reset();
        finished->store(true);
    });
    std::optional<MadeInstance> made = call->wait(limits.deadline);
    if (made) {
        thread.join();
        return std::move(*made);
    }
    limits.graveyard.add(std::move(thread), std::move(finished));
    return failure("create did not return within " + std::to_string(limits.deadline.count()) + " ms");
}

}  // namespace fedmsg::hub
