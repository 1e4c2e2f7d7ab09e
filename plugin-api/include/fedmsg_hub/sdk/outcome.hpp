// Outcome: what became of a message; and Batch, for consumers that take many messages in one call.
#ifndef FEDMSG_HUB_SDK_OUTCOME_HPP
#define FEDMSG_HUB_SDK_OUTCOME_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "error.hpp"
#include "message.hpp"

namespace fedmsg_hub {

class Outcome {
public:
    static Outcome ack() { return Outcome(FEDMSG_HUB_ACK); }
    // Not wanted; counted apart.
    static Outcome drop(std::string reason = {}) { return Outcome(FEDMSG_HUB_DROP, std::move(reason)); }
    // Offer it again, after the delay that the retry policy says.
    static Outcome retry(std::string reason = {}) { return Outcome(FEDMSG_HUB_RETRY, std::move(reason)); }
    // Offer it again, but not before `delay` (at least 1 ms) has passed.
    template <class Rep, class Period>
    static Outcome retry_after(std::chrono::duration<Rep, Period> delay, std::string reason = {}) {
        Outcome outcome = retry(std::move(reason));
        const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(delay).count();
        outcome.delay_ms_ = static_cast<std::uint64_t>(std::max<std::int64_t>(rounded, 1));
        return outcome;
    }
    // A Later (see Consumer::defer) will say.
    static Outcome later() { return Outcome(FEDMSG_HUB_LATER); }
    // As if consume had thrown.
    static Outcome fail(std::string reason) { return Outcome(FEDMSG_HUB_FAIL, std::move(reason)); }

    std::int32_t kind() const noexcept { return kind_; }  // enum fedmsg_hub_outcome
    std::uint64_t delay_ms() const noexcept { return delay_ms_; }
    const std::string& reason() const noexcept { return reason_; }

    // The form that crosses the plugin edge; its reason points into this object.
    fedmsg_hub_result result() const noexcept {
        fedmsg_hub_result result{};
        result.outcome = kind_;
        result.delay_ms = delay_ms_;
        result.reason = detail::text(reason_);
        return result;
    }

private:
    explicit Outcome(std::int32_t kind, std::string reason = {})
        : kind_(kind), reason_(reason.empty() ? std::move(reason) : detail::readable(reason)) {}

    std::int32_t kind_;
    std::uint64_t delay_ms_ = 0;
    std::string reason_;
};

// One message of a batch.
class Delivery {
public:
    explicit Delivery(Message message) : message_(message) {}

    const Message& message() const noexcept { return message_; }
    // Messages that are not finished count as acked when consume_batch returns, as failed when it throws.
    void finish(Outcome outcome) { outcome_ = std::move(outcome), is_finished_ = true; }

    bool is_finished() const noexcept { return is_finished_; }
    const Outcome& outcome() const noexcept { return outcome_; }

private:
    Message message_;
    Outcome outcome_ = Outcome::ack();
    bool is_finished_ = false;
};

// The messages of one call, in journal order:  for (fedmsg_hub::Delivery& delivery : batch) ...
class Batch {
public:
    explicit Batch(std::vector<Delivery> deliveries) : deliveries_(std::move(deliveries)) {}

    std::size_t size() const noexcept { return deliveries_.size(); }
    Delivery& operator[](std::size_t at) { return deliveries_[at]; }
    auto begin() noexcept { return deliveries_.begin(); }
    auto end() noexcept { return deliveries_.end(); }

private:
    std::vector<Delivery> deliveries_;
};

// The consumer missed messages, for example because it was off for longer than the hub keeps them.
struct Gap {
    static constexpr std::uint64_t kUnknown = UINT64_MAX;
    std::uint64_t first = 0;  // offset
    std::uint64_t last = 0;
    std::uint64_t count = kUnknown;  // how many of them would have matched

    bool is_counted() const noexcept { return count != kUnknown; }
};

}  // namespace fedmsg_hub

#endif
