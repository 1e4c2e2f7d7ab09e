#include "daemon/plugin/declaration.hpp"

#include <algorithm>

#include "daemon/plugin/descriptor.hpp"
#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/json_table.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::size_t kMaxConsumers = 10'000;

// What the sink's functions write to while describe() runs.
class Collector {
public:
    explicit Collector(std::shared_ptr<const Plugin> plugin) : plugin_(std::move(plugin)) {}

    static std::int32_t add(void* self, const fedmsg_hub_consumer* consumer) noexcept {
        try {
            return static_cast<Collector*>(self)->take(consumer);
        } catch (...) {
            return FEDMSG_HUB_FAILED;  // memory is short
        }
    }

    static void error(void* self, fedmsg_hub_text text) noexcept {
        ErrorText::receive(&static_cast<Collector*>(self)->error_, text);
    }

    const std::string& error_text() const { return error_.text(); }
    Description& description() { return description_; }

    void refuse(std::string consumer, std::string reason) {
        description_.problems.push_back({plugin_->file.path, std::move(consumer), std::move(reason)});
    }

private:
    std::int32_t take(const fedmsg_hub_consumer* consumer) {
        if (consumer == nullptr) {
            refuse({}, "describe handed over a null pointer instead of a consumer");
            return FEDMSG_HUB_INVALID;
        }
        try {
            keep(read_descriptor(*consumer, plugin_));
            return FEDMSG_HUB_OK;
        } catch (const Refused& reason) {
            refuse(printable_name(*consumer), reason.what());
            return FEDMSG_HUB_INVALID;
        }
    }

    void keep(ConsumerDeclaration consumer) {
        auto& kept = description_.consumers;
        if (kept.size() >= kMaxConsumers) throw Refused("the file declares too many consumers");
        const auto has_its_name = [&](const auto& other) { return other->name == consumer.name; };
        if (std::any_of(kept.begin(), kept.end(), has_its_name))
            throw Refused("the file declares two consumers of this name; the second one is left out");
        kept.push_back(std::make_shared<const ConsumerDeclaration>(std::move(consumer)));
    }

    std::shared_ptr<const Plugin> plugin_;
    Description description_;
    ErrorText error_;
};

Status run(const Plugin& plugin, const json::Value& configuration, Collector& collector) {
    fedmsg_hub_describe_sink sink{};
    sink.struct_size = sizeof sink;
    sink.arg = &collector;
    sink.add = &Collector::add;
    sink.error = &Collector::error;
    std::int32_t status = FEDMSG_HUB_OK;
    const Status thrown =
        guarded("describe", [&] { status = plugin.table.describe(&json_table(), handle_of(configuration), &sink); });
    if (!thrown) return thrown;
    if (status == FEDMSG_HUB_OK) return {};
    if (!collector.error_text().empty()) return failure("describe failed: " + collector.error_text());
    // Many hand on what add() answered: then the refused consumer is the reason, and the others remain.
    if (!collector.description().problems.empty()) return {};
    return failure("describe failed without saying why (status " + std::to_string(status) + ")");
}

}  // namespace

std::string PluginProblem::text() const {
    return consumer.empty() ? file + ": " + reason : file + ": consumer " + consumer + ": " + reason;
}

Description describe(const std::shared_ptr<const Plugin>& plugin, const json::Value& configuration) {
    Collector collector(plugin);
    const Status status = run(*plugin, configuration, collector);
    if (!status) {
        collector.description().consumers.clear();
        collector.refuse({}, status.error().text);
    } else if (collector.description().consumers.empty() && collector.description().problems.empty()) {
        collector.refuse({}, "describe returned no consumer");
    }
    return std::move(collector.description());
}

bool fits_type(const json::Value& value, config::Type type) {
    switch (type) {
        case config::Type::boolean:
            return value.IsBool();
        case config::Type::integer:
            return value.IsInt64();
        case config::Type::number:
            return value.IsNumber();
        case config::Type::string:
            return json::is_text(value);
        case config::Type::list:
            return value.IsArray();
        case config::Type::map:
            return value.IsObject();
        case config::Type::string_or_list:
            return json::is_text(value) || value.IsArray();
        case config::Type::any:
            return true;
    }
    return false;
}

std::string type_name(config::Type type) {
    switch (type) {
        case config::Type::boolean:
            return "boolean";
        case config::Type::integer:
            return "integer";
        case config::Type::number:
            return "number";
        case config::Type::string:
            return "string";
        case config::Type::list:
            return "list";
        case config::Type::map:
            return "map";
        case config::Type::string_or_list:
            return "string or list";
        case config::Type::any:
            return "value";
    }
    return "value";
}

}  // namespace fedmsg::hub
