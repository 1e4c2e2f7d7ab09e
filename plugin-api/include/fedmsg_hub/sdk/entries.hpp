// The function table of a consumer class: C functions that turn the plugin edge into calls of the author's functions.
//
// Every one is noexcept and catches everything; tests/plugin-api throws from each. `user` is the consumer's
// Description, `instance` an Instance<T>.
#ifndef FEDMSG_HUB_SDK_ENTRIES_HPP
#define FEDMSG_HUB_SDK_ENTRIES_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "consumer.hpp"
#include "shape.hpp"
#include "text_stream.hpp"

namespace fedmsg_hub::detail {

// What the SDK may do with a consumer's private parts.
struct Access {
    static Link& link(const Consumer& consumer) noexcept { return *consumer.link_; }
    static std::shared_ptr<Link> shared_link(const Consumer& consumer) noexcept { return consumer.link_; }
    static const Description& description(const Consumer& consumer) noexcept { return *consumer.description_; }
    static void replace_options(Consumer& consumer, ParsedJson options) noexcept {
        consumer.options_ = std::move(options);
    }
};

template <class T>
struct Instance {
    T consumer;
    bool is_running = false;
    std::vector<Outcome> outcomes;  // of the last batch: results point to their reasons until the next call
};

inline void log_failure(const Link& link, const char* where) noexcept {
    try {
        const std::string line = std::string(where) + " threw: " + describe_current_exception();
        link.host().log(link.context(), FEDMSG_HUB_ERROR, text(line));
    } catch (...) {
        link.host().log(link.context(), FEDMSG_HUB_ERROR, text(where));
    }
}

// The options, in a copy of the consumer's own: what the host hands over lives during the call only.
inline ParsedJson own_copy(const fedmsg_hub_json* json, const fedmsg_hub_value* options) {
    return {json, Value(json, options).pretty()};  // keeps the order of keys
}

inline void check_options(const std::vector<Option>& declared, Value values, Problems& problems) {
    for (const Option& option : declared) {
        const std::string problem = option.problem_with(values[option.name()]);
        if (!problem.empty()) problems.add(option.name(), problem);
    }
}

template <class T>
class FEDMSG_HUB_DETAIL_HIDDEN Entries {
    using Self = Instance<T>;

    static Self& self(void* instance) noexcept { return *static_cast<Self*>(instance); }

    static std::int32_t validate(void* user, const fedmsg_hub_json* json, const fedmsg_hub_value* options,
                                 fedmsg_hub_text_fn problem, void* arg) noexcept {
        Problems problems(problem, arg);
        const std::int32_t status = guarded(problem, arg, [&] {
            const std::vector<Option>& declared = static_cast<const Description*>(user)->options();
            check_options(declared, Value(json, options), problems);
            if constexpr (Can<T>::kValidate) T::validate(Options(Value(json, options), declared), problems);
        });
        return status == FEDMSG_HUB_OK && problems.count() > 0 ? FEDMSG_HUB_INVALID : status;
    }

    static std::int32_t create(void* user, const fedmsg_hub_host* host, fedmsg_hub_context* context,
                               const fedmsg_hub_value* options, void** instance, fedmsg_hub_text_fn error,
                               void* arg) noexcept {
        *instance = nullptr;
        return guarded(error, arg, [&] {
            Setup setup{std::make_shared<Link>(host, context), static_cast<const Description*>(user),
                        own_copy(host->json, options), Can<T>::kOnTimer};
            *instance = construct(setup);
        });
    }

    static Self* construct(Setup& setup) {
        Setup::current() = &setup;
        try {
            return new Self();
        } catch (...) {
            Setup::current() = nullptr;
            throw;
        }
    }

    static std::int32_t start(void* instance, fedmsg_hub_text_fn error, void* arg) noexcept {
        return guarded(error, arg, [&] {
            Link& link = Access::link(self(instance).consumer);
            link.enter(Link::Phase::open);
            try {
                if constexpr (Can<T>::kStart) self(instance).consumer.start();
            } catch (...) {
                link.enter(Link::Phase::closed);
                throw;
            }
            self(instance).is_running = true;
        });
    }

    // A second call finds nothing to do.
    static void stop(void* instance) noexcept {
        if (!std::exchange(self(instance).is_running, false)) return;
        Link& link = Access::link(self(instance).consumer);
        link.enter(Link::Phase::stopping);
        try {
            if constexpr (Can<T>::kStop) self(instance).consumer.stop();
        } catch (...) {
            log_failure(link, "stop");
        }
        link.enter(Link::Phase::closed);
    }

    static void destroy(void* instance) noexcept {
        const std::shared_ptr<Link> link = Access::shared_link(self(instance).consumer);
        link->enter(Link::Phase::closed);
        try {
            delete static_cast<Self*>(instance);
        } catch (...) {
            log_failure(*link, "the destructor");
        }
    }

    static Outcome consume(T& consumer, const Message& message) noexcept {
        try {
            if constexpr (Can<T>::kConsumeToOutcome) {
                return consumer.consume(message);
            } else if constexpr (Can<T>::kConsume) {
                consumer.consume(message);
            }
            return Outcome::ack();
        } catch (...) {
            return failure();
        }
    }

    static Outcome failure() noexcept {
        std::string reason = describe_current_exception();
        try {
            return Outcome::fail(std::move(reason));
        } catch (...) {
            return Outcome::fail({});  // out of memory
        }
    }

    static void consume_each(Self& self, const fedmsg_hub_message* const* messages, std::uint32_t count) {
        const fedmsg_hub_json* json = Access::link(self.consumer).host().json;
        for (std::uint32_t at = 0; at < count; ++at)
            self.outcomes.push_back(consume(self.consumer, Message(json, messages[at])));
    }

    static void consume_together(Self& self, const fedmsg_hub_message* const* messages, std::uint32_t count) {
        const fedmsg_hub_json* json = Access::link(self.consumer).host().json;
        std::vector<Delivery> deliveries;
        for (std::uint32_t at = 0; at < count; ++at) deliveries.emplace_back(Message(json, messages[at]));
        Batch batch(std::move(deliveries));
        try {
            if constexpr (Can<T>::kConsumeBatch) self.consumer.consume_batch(batch);
        } catch (...) {
            const Outcome failed = failure();
            for (Delivery& delivery : batch)
                if (!delivery.is_finished()) delivery.finish(failed);
        }
        for (const Delivery& delivery : batch) self.outcomes.push_back(delivery.outcome());
    }

    static void consume_batch(void* instance, const fedmsg_hub_message* const* messages, std::uint32_t count,
                              fedmsg_hub_result* results) noexcept {
        Self& self = Entries::self(instance);
        std::uint32_t done = 0;
        try {
            self.outcomes.clear();
            self.outcomes.reserve(count);
            if constexpr (Can<T>::kConsumeBatch)
                consume_together(self, messages, count);
            else
                consume_each(self, messages, count);
            for (; done < count; ++done) results[done] = self.outcomes[done].result();
        } catch (...) {  // out of memory
            for (; done < count; ++done) results[done] = {FEDMSG_HUB_FAIL, 0, 0, text("out of memory"), {0, 0}};
        }
    }

    static void on_gap(void* instance, std::uint64_t first, std::uint64_t last, std::uint64_t count) noexcept {
        try {
            if constexpr (Can<T>::kOnGap) self(instance).consumer.on_gap(Gap{first, last, count});
        } catch (...) {
            log_failure(Access::link(self(instance).consumer), "on_gap");
        }
    }

    static std::int32_t on_timer(void* instance, std::uint64_t id, fedmsg_hub_text_fn error, void* arg) noexcept {
        return guarded(error, arg, [&] {
            if constexpr (Can<T>::kOnTimer) self(instance).consumer.on_timer(id);
        });
    }

    static std::int32_t poll(void* instance, fedmsg_hub_text_fn error, void* arg) noexcept {
        return guarded(error, arg, [&] {
            if constexpr (Can<T>::kPoll) self(instance).consumer.poll();
        });
    }

    static std::int32_t reconfigure(void* instance, const fedmsg_hub_value* options, fedmsg_hub_text_fn error,
                                    void* arg) noexcept {
        return guarded(error, arg, [&] {
            T& consumer = self(instance).consumer;
            ParsedJson next = own_copy(Access::link(consumer).host().json, options);
            if constexpr (Can<T>::kReconfigure)
                consumer.reconfigure(Options(next.root(), Access::description(consumer).options()));
            Access::replace_options(consumer, std::move(next));
        });
    }

    static std::int32_t check(void* instance, fedmsg_hub_text_fn problem, void* arg) noexcept {
        Problems problems(problem, arg);
        const std::int32_t status = guarded(problem, arg, [&] {
            if constexpr (Can<T>::kCheck) self(instance).consumer.check(problems);
        });
        return status == FEDMSG_HUB_OK && problems.count() > 0 ? FEDMSG_HUB_INVALID : status;
    }

    static std::int32_t explain(void* instance, const fedmsg_hub_message* message, fedmsg_hub_text_fn out,
                                fedmsg_hub_text_fn error, void* arg) noexcept {
        return guarded(error, arg, [&] {
            TextStream text(out, arg);
            T& consumer = self(instance).consumer;
            const Message view(Access::link(consumer).host().json, message);
            if constexpr (Can<T>::kExplain) consumer.explain(view, text.stream());
        });
    }

    static std::int32_t command(void* instance, const fedmsg_hub_text* arguments, std::uint32_t count,
                                fedmsg_hub_text_fn out, fedmsg_hub_text_fn error, void* arg) noexcept {
        std::int32_t code = 1;
        const std::int32_t status = guarded(error, arg, [&] {
            std::vector<std::string> words;
            for (std::uint32_t at = 0; at < count; ++at) words.emplace_back(view(arguments[at]));
            TextStream text(out, arg);
            TextStream errors(error, arg);
            if constexpr (Can<T>::kCommand)
                code = self(instance).consumer.command(words, text.stream(), errors.stream());
        });
        return status == FEDMSG_HUB_OK ? code : 1;
    }

public:
    // Functions that the class does not have are absent from the table, too; those that the SDK itself needs are there.
    static constexpr fedmsg_hub_functions kTable = {
        sizeof(fedmsg_hub_functions),
        0,
        &validate,
        &create,
        &start,
        Can<T>::kTakesMessages ? &consume_batch : nullptr,
        Can<T>::kOnGap ? &on_gap : nullptr,
        Can<T>::kOnTimer ? &on_timer : nullptr,
        Can<T>::kPoll ? &poll : nullptr,
        &stop,
        &destroy,
        Can<T>::kReconfigure ? &reconfigure : nullptr,
        Can<T>::kCheck ? &check : nullptr,
        Can<T>::kExplain ? &explain : nullptr,
        Can<T>::kCommand ? &command : nullptr,
    };
    static constexpr std::uint32_t kCapabilities = Can<T>::kReconfigure ? FEDMSG_HUB_RECONFIGURES : 0;
};

}  // namespace fedmsg_hub::detail

#endif
