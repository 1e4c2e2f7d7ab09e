// Decides what enters the hub: limits, UTF-8, JSON. What is refused is counted and told, at most once a while.
//
// A source has one gate and calls it from its thread; counts() may be called from any.
// Signature checks, sequence numbers and duplicates join here, in this order, when the verifier exists.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "bus/base/clock.hpp"
#include "daemon/gate/message_pool.hpp"

namespace fedmsg::hub {

enum class Refusal : std::uint8_t { too_large, empty_body, topic_not_utf8, body_not_utf8 };
inline constexpr std::size_t kRefusals = 4;
std::string_view name_of(Refusal refusal);

class Gate {
public:
    static constexpr std::size_t kMaxMessageBytes = std::size_t{8} << 20;  // topic and body

    Gate(MessagePool& pool, const Clock& clock) : pool_(pool), clock_(clock) {}

    // The message, or null if it is refused. `endpoint` must outlive the message.
    MutableMessagePtr admit(std::string_view topic, std::string_view body, std::string_view endpoint);

    struct Counts {
        std::uint64_t admitted = 0;
        std::array<std::uint64_t, kRefusals> refused{};
        std::uint64_t total_refused() const;
    };
    Counts counts() const;

private:
    static constexpr std::chrono::seconds kQuiet{10};  // between two lines about the same kind of refusal

    MutableMessagePtr refuse(Refusal why, std::string_view topic, std::string_view endpoint);

    MessagePool& pool_;
    const Clock& clock_;
    std::atomic<std::uint64_t> admitted_{0};
    std::array<std::atomic<std::uint64_t>, kRefusals> refused_{};
    std::array<Clock::Steady, kRefusals> told_{};
    std::array<std::uint64_t, kRefusals> untold_{};
};

}  // namespace fedmsg::hub
