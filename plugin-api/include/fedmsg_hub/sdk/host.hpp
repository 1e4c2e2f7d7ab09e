// What the hub offers to a consumer: log, durable state, and Later for messages that are finished elsewhere.
#ifndef FEDMSG_HUB_SDK_HOST_HPP
#define FEDMSG_HUB_SDK_HOST_HPP

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "error.hpp"
#include "json.hpp"
#include "outcome.hpp"
#include "value.hpp"

namespace fedmsg_hub {

namespace detail {

// The connection of one consumer with the hub. Shared by the consumer and its Later objects, some of which may live on
// in other threads when the consumer is gone: then they find the link closed.
class Link {
public:
    Link(const fedmsg_hub_host* host, fedmsg_hub_context* context) noexcept : host_(host), context_(context) {}

    const fedmsg_hub_host& host() const noexcept { return *host_; }
    fedmsg_hub_context* context() const noexcept { return context_; }

    // Any thread. False if the hub no longer waits for this message.
    bool finish(std::uint64_t token, const Outcome& outcome) noexcept {
        const std::lock_guard lock(mutex_);
        return phase_ != Phase::closed && tell(token, outcome);
    }
    // The same for a message that was let go of: while stopping that is no failure, the hub will offer it again.
    void abandon(std::uint64_t token, const Outcome& outcome) noexcept {
        const std::lock_guard lock(mutex_);
        if (phase_ == Phase::open) tell(token, outcome);
    }

    enum class Phase { closed, open, stopping };  // before start and after stop; between; during stop
    void enter(Phase phase) noexcept {
        const std::lock_guard lock(mutex_);
        phase_ = phase;
    }

private:
    bool tell(std::uint64_t token, const Outcome& outcome) noexcept {
        const fedmsg_hub_result result = outcome.result();
        return host_->finish(context_, token, &result) == FEDMSG_HUB_OK;
    }

    const fedmsg_hub_host* host_;
    fedmsg_hub_context* context_;
    std::mutex mutex_;
    Phase phase_ = Phase::closed;  // guarded by mutex_
};

// A function that the hub has since minor version 1 of the ABI; throws a HostError if it is older.
template <class Function>
Function of_minor_1(const fedmsg_hub_host& host, Function fedmsg_hub_host::*member) {
    if (host.abi_minor >= 1) return host.*member;
    throw HostError(FEDMSG_HUB_UNSUPPORTED, "this needs a hub with plugin ABI 1.1 or later; this one has 1.0");
}

inline void append_part(std::string& line, const Value& part) {
    line += part.display();
}
inline void append_part(std::string& line, const Json& part) {
    line += part.text();
}
inline void append_part(std::string& line, const std::exception& part) {
    line += text_of(part);
}

template <class T>
void append_part(std::string& line, const T& part) {
    if constexpr (std::is_same_v<T, bool>)
        line += part ? "true" : "false";
    else if constexpr (std::is_same_v<T, char>)
        line.push_back(part);
    else if constexpr (std::is_integral_v<T>)
        line += std::to_string(part);
    else if constexpr (std::is_floating_point_v<T>)
        append_json_number(line, static_cast<double>(part));
    else if constexpr (std::is_convertible_v<const T&, std::string_view>)
        line += std::string_view(part);
    else if constexpr (std::is_base_of_v<std::exception, T>)
        line += text_of(static_cast<const std::exception&>(part));
    else
        static_assert(!sizeof(T), "fedmsg_hub: log() takes texts, numbers, booleans, Values, Json and exceptions");
}

}  // namespace detail

// Lines of the hub's log, under the consumer's name. Any thread.
//     log().info("pushed ", count, " commits to ", message.msg()["repo"]);
class Logger {
public:
    explicit Logger(detail::Link& link) noexcept : link_(&link) {}

    template <class... Parts>
    void debug(const Parts&... parts) const {
        write(FEDMSG_HUB_DEBUG, parts...);
    }
    template <class... Parts>
    void info(const Parts&... parts) const {
        write(FEDMSG_HUB_INFO, parts...);
    }
    template <class... Parts>
    void warning(const Parts&... parts) const {
        write(FEDMSG_HUB_WARNING, parts...);
    }
    template <class... Parts>
    void error(const Parts&... parts) const {
        write(FEDMSG_HUB_ERROR, parts...);
    }

private:
    template <class... Parts>
    void write(std::int32_t level, const Parts&... parts) const {
        std::string line;
        (detail::append_part(line, parts), ...);
        line = detail::readable(line);
        link_->host().log(link_->context(), level, detail::text(line));
    }

    detail::Link* link_;
};

// Durable key-value state of a consumer: keys of 1 to 1,024 bytes, values up to 8 MiB. Lane thread only. Throws a
// HostError if the hub cannot do it.
class State {
public:
    explicit State(detail::Link& link) noexcept : link_(&link) {}

    std::optional<std::string> get(std::string_view key) const {
        detail::Collector out;
        const auto status =
            link_->host().state_get(link_->context(), detail::text(key), &detail::Collector::append, &out);
        if (status == FEDMSG_HUB_NOT_FOUND) return std::nullopt;
        detail::expect_ok(status, about("get", key));
        return out.take();
    }
    // Returns when the value survives the death of the process.
    void put(std::string_view key, std::string_view value) {
        detail::expect_ok(link_->host().state_put(link_->context(), detail::text(key), detail::text(value)),
                          about("put", key));
    }
    // False if there was no such key.
    bool remove(std::string_view key) {
        const auto status = link_->host().state_delete(link_->context(), detail::text(key));
        if (status == FEDMSG_HUB_NOT_FOUND) return false;
        detail::expect_ok(status, about("remove", key));
        return true;
    }
    // The keys that begin with `prefix`, in byte order.
    std::vector<std::string> keys(std::string_view prefix = {}) const {
        KeyList list;
        const auto status = link_->host().state_keys(link_->context(), detail::text(prefix), &KeyList::append, &list);
        detail::expect_ok(status, about("keys", prefix));
        if (list.out_of_memory) throw std::bad_alloc();
        return std::move(list.keys);
    }
    // Returns when all puts so far survive a power cut, too.
    void sync() { detail::expect_ok(link_->host().state_sync(link_->context()), "state sync"); }

private:
    struct KeyList {
        std::vector<std::string> keys;
        bool out_of_memory = false;

        static void append(void* self, fedmsg_hub_text key) noexcept {
            auto& list = *static_cast<KeyList*>(self);
            try {
                list.keys.emplace_back(detail::view(key));
            } catch (...) {
                list.out_of_memory = true;
            }
        }
    };
    static std::string about(const char* action, std::string_view key) {
        return std::string("state ") + action + " \"" + detail::readable(key) + "\"";
    }

    detail::Link* link_;
};

// The promise to finish one message, from any thread. Move-only. If it is destroyed without having been used while the
// consumer runs, the message counts as failed; during and after stop the hub just keeps it and offers it again.
class Later {
public:
    Later(std::shared_ptr<detail::Link> link, std::uint64_t token) noexcept : link_(std::move(link)), token_(token) {}
    Later(Later&&) noexcept = default;
    Later& operator=(Later&& other) noexcept {
        abandon();
        link_ = std::move(other.link_);
        token_ = other.token_;
        return *this;
    }
    ~Later() { abandon(); }

    // Each can be called once; false if the hub no longer waits (it was finished, or the consumer was stopped).
    bool ack() { return finish(Outcome::ack()); }
    bool drop(std::string reason = {}) { return finish(Outcome::drop(std::move(reason))); }
    bool retry(std::string reason = {}) { return finish(Outcome::retry(std::move(reason))); }
    bool fail(std::string reason) { return finish(Outcome::fail(std::move(reason))); }
    template <class Rep, class Period>
    bool retry_after(std::chrono::duration<Rep, Period> delay, std::string reason = {}) {
        return finish(Outcome::retry_after(delay, std::move(reason)));
    }

private:
    bool finish(const Outcome& outcome) noexcept {
        const std::shared_ptr<detail::Link> link = std::exchange(link_, nullptr);
        return link && link->finish(token_, outcome);
    }
    void abandon() noexcept {
        const std::shared_ptr<detail::Link> link = std::exchange(link_, nullptr);
        if (!link) return;
        try {
            link->abandon(token_, Outcome::fail("the consumer let go of the message without saying what became of it"));
        } catch (...) {
            // Out of memory: the message stays unfinished, so the hub offers it again after a restart.
        }
    }

    std::shared_ptr<detail::Link> link_;
    std::uint64_t token_;
};

}  // namespace fedmsg_hub

#endif
