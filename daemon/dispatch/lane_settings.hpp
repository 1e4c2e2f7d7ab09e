// How a lane treats its consumer: what the consumer declares, with `consumers: {NAME: ...}` laid over it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "bus/topics/matcher.hpp"
#include "daemon/dispatch/retry_policy.hpp"

namespace fedmsg::hub {

struct TopicPattern {
    std::string text;
    topics::Rule rule = topics::Rule::glob;
};

// What happens to newer messages while an older one waits to be offered again.
enum class Order { none, strict };

struct LaneSettings {
    std::string name;
    std::string module;                        // file or role that the consumer is from
    std::vector<std::string> declared_topics;  // as declared, for reports
    std::vector<TopicPattern> patterns;        // empty: a producer, gets no messages
    bool json_only = false;                    // bodies that are no JSON are not delivered (gateway)
    bool may_publish = false;
    Order order = Order::none;
    RetryPolicy retry;
    std::size_t max_waiting = 1000;  // messages set aside; more pause the consumer
    std::size_t window_messages = 4096;
    std::size_t window_bytes = std::size_t{8} << 20;
    std::chrono::milliseconds period{0};                                // of poll; 0: none
    std::chrono::milliseconds call_deadline{std::chrono::seconds(60)};  // a longer call counts as stalled
};

}  // namespace fedmsg::hub
