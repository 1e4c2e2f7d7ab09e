// How much of the bus the plugin can follow: 150 rules, 10,000 messages a second.
//
// Measured is the processor time of the lane thread, which neighbours on the machine do not change much. Built for
// speed (NDEBUG) the plugin must take at most one second for 10,000 messages; other builds only print their figure.
#include <time.h>

#include <iostream>
#include <random>

#include "badges_fixture.hpp"

namespace badges::testing {
namespace {

constexpr int kMessages = 20'000;
constexpr int kBatch = 256;

double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

class UnderLoad : public ABadgeAwarder {
protected:
    // 15 series of 10 tiers each, on 15 topics.
    UnderLoad() {
        std::string people = "accounts:\n";
        for (int person = 0; person < 300; ++person) people += "  user" + std::to_string(person) + ":\n";
        accounts(people);
        for (int series = 0; series < 15; ++series)
            for (int tier : {1, 5, 10, 50, 100, 150, 200, 500, 1000, 5000}) tier_rule(series, tier);
    }
    void tier_rule(int series, int tier) const {
        const std::string topic = "service" + std::to_string(series) + ".done";
        rule("s" + std::to_string(series) + "-" + std::to_string(tier), "trigger:\n  all:\n    - topic: " + topic + R"(
    - lambda: msg.get('msg', {}).get('state') == 1
recipient: "%(msg.user)s"
criteria:
  datanommer:
    filter: {topics: ["%(topic)s"], users: ["%(msg.user)s"]}
    operation: count
    condition: {greater than or equal to: )" + std::to_string(tier) + "}\n");
    }
    // `relevant`: per cent of messages whose topic some rule names.
    std::vector<Incoming> traffic(int relevant, int people) {
        std::vector<Incoming> messages;
        for (int at = 0; at < kMessages; ++at) {
            const bool is_relevant = static_cast<int>(random_() % 100) < relevant;
            const std::string topic = is_relevant ? "service" + std::to_string(random_() % 15) + ".done"
                                                  : "other" + std::to_string(at % 200) + ".event";
            const Json msg = Json::object({{"user", "user" + std::to_string(random_() % static_cast<unsigned>(people))},
                                           {"state", static_cast<int>(random_() % 2)},
                                           {"package", "package" + std::to_string(random_() % 5000)},
                                           {"text", std::string(300, 'x')}});
            messages.push_back(
                message(std::to_string(relevant) + "-" + std::to_string(at), "org.example.prod." + topic, msg.text()));
        }
        return messages;
    }
    // Messages per second of processor time.
    double rate(Host& host, const std::vector<Incoming>& messages) const {
        double used = 0;
        for (std::size_t start = 0; start < messages.size(); start += kBatch) {
            const auto end = std::min(start + kBatch, messages.size());
            const std::vector<Incoming> batch(messages.begin() + static_cast<std::ptrdiff_t>(start),
                                              messages.begin() + static_cast<std::ptrdiff_t>(end));
            const double before = processor_seconds();
            host.deliver_batch(batch);
            used += processor_seconds() - before;
        }
        return static_cast<double>(messages.size()) / used;
    }
    std::mt19937 random_{7};
};

// Most of a bus is of no interest to any rule. The figure holds what the fake host needs to parse the messages.
TEST_F(UnderLoad, FollowsTenThousandMessagesASecondWithOneIn20OfInterest) {
    Json all = options();
    const auto hub = host(all.set("badges.max_awards_per_hour", 1'000'000));
    const double measured = rate(*hub, traffic(5, 300));
    std::cout << "5 per cent of interest: " << static_cast<int>(measured) << " messages/s\n";
    RecordProperty("messages_per_second", static_cast<int>(measured));
    EXPECT_EQ(hub->counter("errors"), 0u);
    EXPECT_GT(hub->counter("awards"), 100u);
#ifdef NDEBUG
    EXPECT_GE(measured, 10'000);
#endif
}

// What each message of interest costs: stored, noted, all tiers of its series judged by one count.
TEST_F(UnderLoad, TellsItsRateWithEveryMessageOfInterest) {
    Json all = options();
    const auto hub = host(all.set("badges.max_awards_per_hour", 1'000'000));
    const double measured = rate(*hub, traffic(100, 5));
    std::cout << "all of interest: " << static_cast<int>(measured) << " messages/s\n";
    RecordProperty("messages_per_second", static_cast<int>(measured));
    EXPECT_EQ(hub->counter("errors"), 0u);
    EXPECT_EQ(hub->counter("judged"), static_cast<std::uint64_t>(kMessages));
}

}  // namespace
}  // namespace badges::testing
