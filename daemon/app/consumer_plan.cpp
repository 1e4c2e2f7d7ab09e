#include "daemon/app/consumer_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bus/config/duration.hpp"
#include "bus/config/loader.hpp"
#include "daemon/app/outward.hpp"
#include "daemon/plugin/options.hpp"

namespace fedmsg::hub {
namespace {

// `consumers: {NAME: {...}}` of one consumer.
class Override {
public:
    Override(const config::Configuration& configuration, const std::string& name)
        : configuration_(configuration), name_(name) {
        if (const auto* all = configuration.find("consumers")) entry_ = json::find(*all, name);
    }

    const json::Value* find(const char* key) const { return entry_ == nullptr ? nullptr : json::find(*entry_, key); }
    std::string text(const char* key, std::string_view fallback) const {
        const auto* value = find(key);
        return std::string(value == nullptr ? fallback : json::text_of(*value));
    }
    std::uint64_t number(const char* key, std::uint64_t fallback) const {
        const auto* value = find(key);
        return value != nullptr && value->IsUint64() ? value->GetUint64() : fallback;
    }
    std::chrono::milliseconds duration(const char* key, std::chrono::milliseconds fallback) const {
        const auto* value = find(key);
        return value == nullptr ? fallback : config::duration_of(*value).value();
    }
    std::optional<std::vector<std::string>> topics() const {
        const auto* value = find("topics");
        if (value == nullptr) return std::nullopt;
        if (json::is_text(*value)) return std::vector<std::string>{std::string(json::text_of(*value))};
        std::vector<std::string> list;
        for (const auto& topic : value->GetArray()) list.emplace_back(json::text_of(topic));
        return list;
    }
    config::Problem problem(const char* key, const std::string& text) const {
        return {configuration_.origin({"consumers", name_, key}), fmt::format("consumers.{}.{}: {}", name_, key, text)};
    }

private:
    const config::Configuration& configuration_;
    const std::string name_;
    const json::Value* entry_ = nullptr;
};

void fail(PlannedConsumer& planned, std::string reason) {
    planned.decision = PlannedConsumer::Decision::failed;
    planned.reason = std::move(reason);
}

topics::Rule rule_of(const Override& own, const Settings& settings, const config::Configuration& configuration) {
    const auto rule = own.text("topic_match", "");
    if (rule.empty()) return settings.topic_rule;
    if (rule != "prefix") return topics::Rule::glob;
    return configuration.boolean("zmq_strict", false) ? topics::Rule::prefix_strict : topics::Rule::prefix;
}

// The patterns that the configuration gives have been checked when it was loaded; those that the plugin declares are
// checked here, and a bad one makes the consumer fail.
void plan_topics(PlannedConsumer& planned, const Override& own, topics::Rule rule,
                 const config::Configuration& configuration, std::vector<config::Problem>& problems) {
    const auto configured = own.topics();
    if (configured && planned.declaration->topics.empty())
        problems.push_back(own.problem("topics", "this is a producer: it takes no messages; leave the key out"));
    planned.lane.declared_topics = configured.value_or(planned.declaration->topics);
    for (const auto& topic : planned.lane.declared_topics) {
        auto expanded = config::expand_pattern(topic, configuration);
        auto status = expanded ? topics::check_pattern(*expanded, rule) : Status(expanded.error());
        if (status)
            planned.lane.patterns.push_back({*expanded, rule});
        else
            fail(planned, fmt::format("its topic \"{}\" cannot be used: {}", topic, status.error().text));
    }
}

RetryPolicy retry_of(const RetryWish& wish, const Override& own) {
    RetryPolicy retry;
    if (wish.max_attempts > 0) retry.max_attempts = wish.max_attempts;
    if (wish.first_delay.count() > 0) retry.first_delay = wish.first_delay;
    if (wish.factor > 0) retry.factor = wish.factor;
    if (wish.max_delay.count() > 0) retry.max_delay = wish.max_delay;
    retry.max_attempts = static_cast<std::uint32_t>(own.number("max_attempts", retry.max_attempts));
    return retry;
}

// Settings that are known, but whose parts are not built yet: refused rather than ignored.
void check_not_built(const Override& own, std::vector<config::Problem>& problems) {
    if (own.text("order", "none") == "topic")
        problems.push_back(own.problem("order", "order: topic is not part of this version; use none or strict"));
    if (own.number("parallelism", 1) > 1)
        problems.push_back(own.problem("parallelism", "more than 1 is not part of this version; leave it out"));
    if (own.text("start", "end") == "earliest")
        problems.push_back(
            own.problem("start", "earliest needs the durable journal, which this version does not have"));
}

bool wants_validation(const ConsumerDeclaration& declaration, const Override& own) {
    if (const auto* configured = own.find("validate_signatures")) return json::is_truthy(*configured);
    return declaration.validate_signatures == Wish::yes;
}

void plan_lane(PlannedConsumer& planned, const Override& own, const Settings& settings) {
    const auto& declaration = *planned.declaration;
    planned.lane.module = declaration.plugin->file.path;
    planned.lane.may_publish = declaration.publishes;
    planned.lane.order = own.text("order", "none") == "strict" ? Order::strict : Order::none;
    planned.lane.retry = retry_of(declaration.retry, own);
    planned.lane.max_waiting = settings.max_waiting;
    planned.lane.period = declaration.period;
    planned.lane.call_deadline = own.duration("call_deadline", settings.call_deadline);
}

std::optional<std::string> why_disabled(const ConsumerDeclaration& declaration, const Settings& settings,
                                        const config::Configuration& configuration,
                                        const std::optional<std::vector<std::string>>& only) {
    if (only && std::find(only->begin(), only->end(), declaration.name) == only->end())
        return "not among the consumers of --with-consumers";
    if (!configuration.is_enabled(declaration.config_key))
        return configuration.has(declaration.config_key)
                   ? fmt::format("{} is false at {}", declaration.config_key,
                                 configuration.origin(declaration.config_key).text())
                   : fmt::format("{} is not set", declaration.config_key);
    if (!settings.instance.empty() && !configuration.origin(declaration.config_key).from_own_directory)
        return fmt::format("{} is set in the shared configuration; instance {} runs only what {}.d enables",
                           declaration.config_key, settings.instance, settings.id);
    return std::nullopt;
}

PlannedConsumer plan_shape(const ConsumerDeclarationPtr& declaration, const Override& own, const Settings& settings,
                           const config::Configuration& configuration, std::vector<config::Problem>& problems) {
    PlannedConsumer planned;
    planned.declaration = declaration;
    planned.lane.name = declaration->name;
    planned.config_key = declaration->config_key;
    plan_lane(planned, own, settings);
    plan_topics(planned, own, rule_of(own, settings, configuration), configuration, problems);
    return planned;
}

void plan_options(PlannedConsumer& planned, const config::Configuration& configuration,
                  std::vector<config::Problem>& problems) {
    auto options = effective_options(*planned.declaration, configuration);
    problems.insert(problems.end(), options.problems.begin(), options.problems.end());
    planned.options = std::move(options.values);
}

}  // namespace

PlannedConsumer plan_role_consumer(const Settings& settings, const config::Configuration& configuration) {
    const auto& facts = facts_of(settings.role);
    const Override own(configuration, std::string(facts.consumer));
    PlannedConsumer planned;
    planned.lane.name = facts.consumer;
    planned.lane.module = facts.module;
    planned.lane.declared_topics = {"*"};
    planned.lane.patterns = {{"*", topics::Rule::glob}};
    planned.lane.json_only = settings.role == Role::gateway;
    planned.lane.call_deadline = own.duration("call_deadline", settings.call_deadline);
    planned.config_key = facts.config_key;
    return planned;
}

PlannedConsumer plan_consumer(const ConsumerDeclarationPtr& declaration, const Settings& settings,
                              const config::Configuration& configuration,
                              const std::optional<std::vector<std::string>>& only,
                              std::vector<config::Problem>& problems) {
    const Override own(configuration, declaration->name);
    PlannedConsumer planned = plan_shape(declaration, own, settings, configuration, problems);
    if (auto why = why_disabled(*declaration, settings, configuration, only)) {
        planned.decision = PlannedConsumer::Decision::disabled;
        planned.reason = *why;
        return planned;
    }
    check_not_built(own, problems);
    if (wants_validation(*declaration, own))
        fail(planned, "it wants validated messages, which this version cannot give yet; set consumers." +
                          declaration->name + ".validate_signatures: false to give it unchecked ones");
    if (declaration->publishes && !outward_way(configuration))
        fail(planned,
             "it publishes, and the hub has no way to: set relay_inbound (publish through the relay), or "
             "hub_publisher: {name: NAME} with an entry of that name in endpoints");
    plan_options(planned, configuration, problems);
    return planned;
}

PlannedConsumer plan_by_hand(const ConsumerDeclarationPtr& declaration, const Settings& settings,
                             const config::Configuration& configuration, std::vector<config::Problem>& problems) {
    const Override own(configuration, declaration->name);
    PlannedConsumer planned = plan_shape(declaration, own, settings, configuration, problems);
    plan_options(planned, configuration, problems);
    return planned;
}

}  // namespace fedmsg::hub
