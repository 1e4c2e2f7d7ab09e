#include "daemon/gate/gate.hpp"

#include <fmt/format.h>

#include <numeric>

#include "bus/base/utf8.hpp"
#include "bus/log/log.hpp"

namespace fedmsg::hub {
namespace {

constexpr log::Logger kLog{"fedmsg.consumers"};
constexpr std::size_t kTopicShown = 200;  // bytes of a topic that a log line shows

constexpr std::array<std::string_view, kRefusals> kNames{"too_large", "empty_body", "topic_not_utf8", "body_not_utf8"};
constexpr std::array<std::string_view, kRefusals> kReasons{"it is larger than 8 MiB", "its body is empty",
                                                           "its topic is not UTF-8",
                                                           "its body is neither JSON nor UTF-8 text"};

std::size_t index_of(Refusal refusal) {
    return static_cast<std::size_t>(refusal);
}

// A topic as it can stand in a log line, whatever bytes it holds.
std::string printable(std::string_view topic) {
    std::string shown;
    for (const char c : topic.substr(0, kTopicShown)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F)
            shown += c;
        else
            shown += fmt::format("\\x{:02x}", byte);
    }
    return topic.size() > kTopicShown ? shown + "..." : shown;
}

}  // namespace

std::string_view name_of(Refusal refusal) {
    return kNames[index_of(refusal)];
}

MutableMessagePtr Gate::admit(std::string_view topic, std::string_view body, std::string_view endpoint) {
    if (topic.size() + body.size() > kMaxMessageBytes) return refuse(Refusal::too_large, topic, endpoint);
    if (body.empty()) return refuse(Refusal::empty_body, topic, endpoint);
    if (!utf8::is_valid(topic)) return refuse(Refusal::topic_not_utf8, topic, endpoint);
    auto message = pool_.take();
    if (!message->fill(topic, body, endpoint, clock_.wall())) return refuse(Refusal::body_not_utf8, topic, endpoint);
    admitted_.fetch_add(1, std::memory_order_relaxed);
    return message;
}

MutableMessagePtr Gate::refuse(Refusal why, std::string_view topic, std::string_view endpoint) {
    const auto index = index_of(why);
    refused_[index].fetch_add(1, std::memory_order_relaxed);
    const auto now = clock_.steady();
    if (told_[index] != Clock::Steady{} && now - told_[index] < kQuiet) {
        ++untold_[index];
        return nullptr;
    }
    const auto more = untold_[index] == 0 ? "" : fmt::format(" ({} more since the last such line)", untold_[index]);
    kLog.warning("MESSAGE_REFUSED",
                 fmt::format("Received invalid message from {}, topic \"{}\": refused because {}{}", endpoint,
                             printable(topic), kReasons[index], more),
                 {{"ENDPOINT", endpoint}, {"REASON", kNames[index]}});
    told_[index] = now;
    untold_[index] = 0;
    return nullptr;
}

std::uint64_t Gate::Counts::total_refused() const {
    return std::accumulate(refused.begin(), refused.end(), std::uint64_t{0});
}

Gate::Counts Gate::counts() const {
    Counts counts;
    counts.admitted = admitted_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < kRefusals; ++i) counts.refused[i] = refused_[i].load(std::memory_order_relaxed);
    return counts;
}

}  // namespace fedmsg::hub
