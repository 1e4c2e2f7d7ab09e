#include "daemon/plugin/host_table.hpp"

#include <algorithm>
#include <string>

#include "bus/envelope/envelope.hpp"
#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/json_table.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::size_t kMaxKeyBytes = 1024;
constexpr std::size_t kMaxValueBytes = 8 * 1024 * 1024;
// Longer waits would overflow the clocks, and nobody means them.
constexpr std::uint64_t kMaxDelayMs = 100ULL * 366 * 24 * 3600 * 1000;

// Runs a service and gives its status. Nothing that it throws crosses into the plugin.
template <class Work>
std::int32_t answered(Work&& work) noexcept {
    try {
        return work();
    } catch (...) {
        return FEDMSG_HUB_FAILED;
    }
}

std::int32_t ok_or(std::int32_t otherwise, bool is_ok) {
    return is_ok ? FEDMSG_HUB_OK : otherwise;
}

// The view, or nothing if the text is a null pointer with a size.
bool is_sound(fedmsg_hub_text text) {
    return text.data != nullptr || text.size == 0;
}

bool is_key(fedmsg_hub_text key) {
    return is_sound(key) && key.size >= 1 && key.size <= kMaxKeyBytes;
}

std::chrono::milliseconds delay_of(std::uint64_t milliseconds) {
    return std::chrono::milliseconds(std::min(milliseconds, kMaxDelayMs));
}

log::Level level_of(std::int32_t level) {
    switch (level) {
        case FEDMSG_HUB_DEBUG:
            return log::Level::debug;
        case FEDMSG_HUB_INFO:
            return log::Level::info;
        case FEDMSG_HUB_WARNING:
            return log::Level::warning;
        default:
            return log::Level::error;
    }
}

void log_line(fedmsg_hub_context* context, std::int32_t level, fedmsg_hub_text line) noexcept {
    answered([&] {
        context->services.log(level_of(level), one_line(view_of(line)));
        return FEDMSG_HUB_OK;
    });
}

std::int32_t counter_add(fedmsg_hub_context* context, fedmsg_hub_text name, std::uint64_t delta) noexcept {
    return answered([&] { return ok_or(FEDMSG_HUB_INVALID, context->services.counter_add(view_of(name), delta)); });
}

std::int32_t gauge_set(fedmsg_hub_context* context, fedmsg_hub_text name, double value) noexcept {
    return answered([&] { return ok_or(FEDMSG_HUB_INVALID, context->services.gauge_set(view_of(name), value)); });
}

std::int32_t tell(std::int32_t status, std::string_view why, fedmsg_hub_text_fn error, void* arg) {
    if (error != nullptr) error(arg, text_from(why));
    return status;
}

std::int32_t publish_as(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                        std::string_view msg_id, fedmsg_hub_text_fn error, void* arg) noexcept {
    return answered([&] {
        if (!context->may_publish)
            return tell(FEDMSG_HUB_INVALID, "the consumer does not declare the capability PUBLISHES", error, arg);
        if (!is_sound(topic) || !is_sound(msg))
            return tell(FEDMSG_HUB_INVALID, "topic or msg is a null pointer with a size", error, arg);
        const Status status = context->services.publish(view_of(topic), view_of(msg), msg_id);
        return status ? FEDMSG_HUB_OK : tell(FEDMSG_HUB_UNAVAILABLE, status.error().text, error, arg);
    });
}

std::int32_t publish(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg, fedmsg_hub_text_fn error,
                     void* arg) noexcept {
    return publish_as(context, topic, msg, {}, error, arg);
}

std::int32_t publish_with_id(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                             fedmsg_hub_text msg_id, fedmsg_hub_text_fn error, void* arg) noexcept {
    if (envelope::is_msg_id(view_of(msg_id))) return publish_as(context, topic, msg, view_of(msg_id), error, arg);
    return answered([&] {
        return tell(FEDMSG_HUB_INVALID,
                    "a message id is a year, \"-\" and a UUID in lower case, not \"" + one_line(view_of(msg_id)) + "\"",
                    error, arg);
    });
}

std::int32_t directory(fedmsg_hub_context* context, fedmsg_hub_text_fn out, fedmsg_hub_text_fn error,
                       void* arg) noexcept {
    return answered([&]() -> std::int32_t {
        if (out == nullptr) return FEDMSG_HUB_INVALID;
        const Result<std::string> path = context->services.directory();
        if (!path) return tell(FEDMSG_HUB_UNAVAILABLE, path.error().text, error, arg);
        out(arg, text_from(*path));
        return FEDMSG_HUB_OK;
    });
}

std::int32_t state_get(fedmsg_hub_context* context, fedmsg_hub_text key, fedmsg_hub_text_fn out, void* arg) noexcept {
    return answered([&]() -> std::int32_t {
        if (!is_key(key) || out == nullptr) return FEDMSG_HUB_INVALID;
        const Result<std::optional<std::string>> value = context->services.state_get(view_of(key));
        if (!value) return FEDMSG_HUB_UNAVAILABLE;
        if (!value->has_value()) return FEDMSG_HUB_NOT_FOUND;
        out(arg, text_from(**value));
        return FEDMSG_HUB_OK;
    });
}

std::int32_t state_put(fedmsg_hub_context* context, fedmsg_hub_text key, fedmsg_hub_text value) noexcept {
    return answered([&]() -> std::int32_t {
        if (!is_key(key) || !is_sound(value) || value.size > kMaxValueBytes) return FEDMSG_HUB_INVALID;
        return ok_or(FEDMSG_HUB_UNAVAILABLE, context->services.state_put(view_of(key), view_of(value)).has_value());
    });
}

std::int32_t state_delete(fedmsg_hub_context* context, fedmsg_hub_text key) noexcept {
    return answered([&]() -> std::int32_t {
        if (!is_key(key)) return FEDMSG_HUB_INVALID;
        const Result<bool> found = context->services.state_delete(view_of(key));
        return found ? ok_or(FEDMSG_HUB_NOT_FOUND, *found) : FEDMSG_HUB_UNAVAILABLE;
    });
}

std::int32_t state_keys(fedmsg_hub_context* context, fedmsg_hub_text prefix, fedmsg_hub_text_fn out,
                        void* arg) noexcept {
    return answered([&]() -> std::int32_t {
        if (!is_sound(prefix) || out == nullptr) return FEDMSG_HUB_INVALID;
        const auto each = [&](std::string_view key) { out(arg, text_from(key)); };
        return ok_or(FEDMSG_HUB_UNAVAILABLE, context->services.state_keys(view_of(prefix), each).has_value());
    });
}

std::int32_t state_sync(fedmsg_hub_context* context) noexcept {
    return answered([&] { return ok_or(FEDMSG_HUB_UNAVAILABLE, context->services.state_sync().has_value()); });
}

std::int32_t schedule(fedmsg_hub_context* context, std::uint64_t delay_ms, std::uint64_t id) noexcept {
    return answered([&] {
        context->services.schedule(delay_of(delay_ms), id);
        return FEDMSG_HUB_OK;
    });
}

std::int32_t cancel(fedmsg_hub_context* context, std::uint64_t id) noexcept {
    return answered([&] { return ok_or(FEDMSG_HUB_NOT_FOUND, context->services.cancel(id)); });
}

std::int32_t finish(fedmsg_hub_context* context, std::uint64_t token, const fedmsg_hub_result* result) noexcept {
    return answered([&]() -> std::int32_t {
        if (result == nullptr || result->outcome == FEDMSG_HUB_LATER) return FEDMSG_HUB_INVALID;
        Outcome outcome;
        read_result(*result, outcome);
        return ok_or(FEDMSG_HUB_NOT_FOUND, context->services.finish(token, std::move(outcome)).has_value());
    });
}

std::int32_t stop_requested(fedmsg_hub_context* context) noexcept {
    try {
        return context->services.stop_requested() ? 1 : 0;
    } catch (...) {
        return 0;
    }
}

std::int64_t now_ns(fedmsg_hub_context* context) noexcept {
    try {
        return context->services.now_ns();
    } catch (...) {
        return 0;
    }
}

std::int32_t render(fedmsg_hub_context*, const fedmsg_hub_message*, std::int32_t, fedmsg_hub_text_fn, void*) noexcept {
    return FEDMSG_HUB_UNSUPPORTED;
}

Outcome::Kind kind_of(std::int32_t outcome) {
    switch (outcome) {
        case FEDMSG_HUB_ACK:
            return Outcome::Kind::ack;
        case FEDMSG_HUB_DROP:
            return Outcome::Kind::drop;
        case FEDMSG_HUB_RETRY:
            return Outcome::Kind::retry;
        case FEDMSG_HUB_LATER:
            return Outcome::Kind::later;
        default:
            return Outcome::Kind::fail;
    }
}

bool is_known(std::int32_t outcome) {
    return outcome >= FEDMSG_HUB_ACK && outcome <= FEDMSG_HUB_FAIL;
}

fedmsg_hub_host make_table() {
    fedmsg_hub_host table{};
    table.struct_size = sizeof table;
    table.abi_minor = FEDMSG_HUB_ABI_MINOR;
    table.json = &json_table();
    table.log = &log_line;
    table.counter_add = &counter_add;
    table.gauge_set = &gauge_set;
    table.publish = &publish;
    table.state_get = &state_get;
    table.state_put = &state_put;
    table.state_delete = &state_delete;
    table.state_keys = &state_keys;
    table.state_sync = &state_sync;
    table.schedule = &schedule;
    table.cancel = &cancel;
    table.finish = &finish;
    table.stop_requested = &stop_requested;
    table.now_ns = &now_ns;
    table.render = &render;
    table.publish_with_id = &publish_with_id;
    table.directory = &directory;
    return table;
}

}  // namespace

const fedmsg_hub_host& host_table() {
    static const fedmsg_hub_host table = make_table();
    return table;
}

void read_result(const fedmsg_hub_result& result, Outcome& outcome) {
    outcome.kind = kind_of(result.outcome);
    outcome.delay = delay_of(result.delay_ms);
    if (!is_known(result.outcome))
        outcome.reason = "the plugin answered with the unknown outcome " + std::to_string(result.outcome);
    else if (result.reason.size > 0 && result.reason.data != nullptr)
        outcome.reason = one_line(view_of(result.reason));
    else
        outcome.reason.clear();
}

}  // namespace fedmsg::hub
