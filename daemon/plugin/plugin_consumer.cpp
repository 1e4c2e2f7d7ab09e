#include "daemon/plugin/plugin_consumer.hpp"

#include <algorithm>

#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/json_table.hpp"

namespace fedmsg::hub {
namespace {

std::uint32_t verdict_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::valid:
            return FEDMSG_HUB_VALID;
        case Verdict::invalid:
            return FEDMSG_HUB_INVALID_SIGNATURE;
        case Verdict::unchecked:
            break;
    }
    return FEDMSG_HUB_UNCHECKED;
}

std::int64_t nanoseconds(Clock::Wall time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

void fill_message(const Delivery& delivery, const json::Value& null, fedmsg_hub_message& out) {
    const Message& message = *delivery.message;
    const envelope::Envelope& envelope = message.envelope();
    out = {};
    out.struct_size = sizeof out;
    out.verdict = verdict_of(message.verdict());
    out.offset = message.offset().value;
    out.token = delivery.token;
    out.attempt = delivery.attempt;
    out.received_ns = nanoseconds(message.received());
    out.timestamp = envelope.timestamp;
    out.topic = text_from(message.topic());
    out.msg_id = text_from(envelope.msg_id);
    out.username = text_from(envelope.username);
    out.body = text_from(message.body());
    out.endpoint = text_from(message.endpoint());
    out.root = handle_of(message.root());
    out.msg = handle_of(envelope.msg == nullptr ? null : *envelope.msg);
}

// Where the texts of one call go.
struct Sinks {
    const PluginConsumer::TextSink* standard_output;
    const PluginConsumer::TextSink* standard_error;

    static void out(void* self, fedmsg_hub_text text) { (*static_cast<Sinks*>(self)->standard_output)(view_of(text)); }
    static void error(void* self, fedmsg_hub_text text) { (*static_cast<Sinks*>(self)->standard_error)(view_of(text)); }
};

}  // namespace

Result<std::unique_ptr<PluginConsumer>> PluginConsumer::create(ConsumerDeclarationPtr declaration,
                                                               const json::Value& options, HostServices& services,
                                                               const CreateLimits& limits) {
    auto instance = make_with_deadline(std::move(declaration), options, services, limits);
    if (!instance) return instance.error();
    return std::make_unique<PluginConsumer>(std::move(*instance));
}

Status PluginConsumer::start() {
    const auto function = instance_->functions().start;
    if (function == nullptr) return {};
    return guarded_status("start",
                          [&](fedmsg_hub_text_fn error, void* arg) { return function(instance_->get(), error, arg); });
}

void PluginConsumer::fill(std::span<const Delivery> deliveries) {
    messages_.resize(deliveries.size());
    pointers_.resize(deliveries.size());
    results_.assign(deliveries.size(), fedmsg_hub_result{});  // zero is ACK
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
        fill_message(deliveries[i], null_, messages_[i]);
        pointers_[i] = &messages_[i];
    }
}

void PluginConsumer::consume(std::span<const Delivery> deliveries, std::span<Outcome> outcomes) {
    const auto function = instance_->functions().consume_batch;
    if (function == nullptr) return fail_all(outcomes, "the consumer takes no messages");
    fill(deliveries);
    const Status status = guarded("consume_batch", [&] {
        function(instance_->get(), pointers_.data(), static_cast<std::uint32_t>(pointers_.size()), results_.data());
    });
    if (!status) return fail_all(outcomes, status.error().text);
    for (std::size_t i = 0; i < results_.size(); ++i) read_result(results_[i], outcomes[i]);
}

void PluginConsumer::fail_all(std::span<Outcome> outcomes, const std::string& reason) {
    for (Outcome& outcome : outcomes) outcome = {Outcome::Kind::fail, std::chrono::milliseconds{0}, reason};
}

void PluginConsumer::on_gap(Offset first, Offset last, std::uint64_t count) {
    const auto function = instance_->functions().on_gap;
    if (function == nullptr) return;
    log_failure(guarded("on_gap", [&] { function(instance_->get(), first.value, last.value, count); }));
}

Status PluginConsumer::on_timer(std::uint64_t id) {
    const auto function = instance_->functions().on_timer;
    if (function == nullptr) return failure("a timer is due, but the plugin has no function on_timer");
    return guarded_status(
        "on_timer", [&](fedmsg_hub_text_fn error, void* arg) { return function(instance_->get(), id, error, arg); });
}

Status PluginConsumer::poll() {
    const auto function = instance_->functions().poll;
    if (function == nullptr) return failure("a poll is due, but the plugin has no function poll");
    return guarded_status("poll",
                          [&](fedmsg_hub_text_fn error, void* arg) { return function(instance_->get(), error, arg); });
}

void PluginConsumer::stop() {
    const auto function = instance_->functions().stop;
    if (function == nullptr) return;
    log_failure(guarded("stop", [&] { function(instance_->get()); }));
}

Status PluginConsumer::reconfigure(const json::Value& options) {
    if (!declaration().reconfigures) return failure("the consumer cannot take new options over while it works");
    return guarded_status("reconfigure", [&](fedmsg_hub_text_fn error, void* arg) {
        return instance_->functions().reconfigure(instance_->get(), handle_of(options), error, arg);
    });
}

bool PluginConsumer::check(const TextSink& problem) {
    std::int32_t status = FEDMSG_HUB_OK;
    Sinks sinks{&problem, nullptr};
    const Status thrown =
        guarded("check", [&] { status = instance_->functions().check(instance_->get(), &Sinks::out, &sinks); });
    if (!thrown) problem(thrown.error().text);
    return thrown && status == FEDMSG_HUB_OK;
}

Status PluginConsumer::explain(const Message& message, const TextSink& out) {
    fedmsg_hub_message view{};
    fill_message({&message, 0, 1}, null_, view);
    std::string reason;
    const TextSink error = [&](std::string_view text) { reason += text; };
    Sinks sinks{&out, &error};
    std::int32_t status = FEDMSG_HUB_OK;
    const Status thrown = guarded("explain", [&] {
        status = instance_->functions().explain(instance_->get(), &view, &Sinks::out, &Sinks::error, &sinks);
    });
    if (!thrown) return thrown;
    if (status == FEDMSG_HUB_OK) return {};
    return failure(reason.empty() ? "explain failed without saying why" : one_line(reason));
}

int PluginConsumer::command(const std::vector<std::string>& arguments, const TextSink& out, const TextSink& error) {
    std::vector<fedmsg_hub_text> words;
    for (const std::string& argument : arguments) words.push_back(text_from(argument));
    Sinks sinks{&out, &error};
    int code = 1;
    const Status thrown = guarded("command", [&] {
        code = instance_->functions().command(instance_->get(), words.data(), static_cast<std::uint32_t>(words.size()),
                                              &Sinks::out, &Sinks::error, &sinks);
    });
    if (!thrown) error(thrown.error().text + "\n");
    return thrown ? code : 1;
}

void PluginConsumer::log_failure(const Status& status) {
    if (!status) instance_->services().log(log::Level::error, status.error().text);
}

}  // namespace fedmsg::hub
