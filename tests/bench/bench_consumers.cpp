// Consumers for measuring: as many as `bench.count` says, each taking everything (`bench.topics: all`), the topic
// "bench.t<its number>" (own), or that and the next (pairs). The first `bench.uncounted` of them sleep `bench.block_ms`
// per message. When the others have been handed `bench.expect` messages in all, one JSON line goes to `bench.file`.
#include <atomic>
#include <cstdio>
#include <fedmsg_hub/plugin.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench_time.hpp"

namespace {

using namespace fedmsg;

// What all consumers of the process have been handed.
struct Score {
    std::atomic<long long> messages{0};
    std::atomic<std::int64_t> first{0};
    std::atomic<double> cpu_at_first{0};
    std::mutex mutex;
    std::vector<double> delays;  // microseconds
};

Score& score() {
    static Score score;
    return score;
}

void write_result(const std::string& file, long long messages) {
    auto& all = score();
    const double seconds = static_cast<double>(bench::steady_ns() - all.first) / 1e9;
    const double cpu = bench::cpu_seconds() - all.cpu_at_first;
    const std::lock_guard lock(all.mutex);
    if (std::FILE* out = std::fopen((file + ".new").c_str(), "w")) {
        std::fprintf(out, "{\"messages\":%lld,\"per_second\":%.0f,\"cpu_us\":%.3f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n",
                     messages, static_cast<double>(messages) / seconds, cpu * 1e6 / static_cast<double>(messages),
                     bench::percentile(all.delays, 0.5), bench::percentile(all.delays, 0.99));
        std::fclose(out);
        std::rename((file + ".new").c_str(), file.c_str());
    }
}

class BenchConsumer : public fedmsg_hub::Consumer {
public:
    void consume(const fedmsg_hub::Message& message) {
        if (!counts_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(block_ms_));  // the load itself, not a wait
            return;
        }
        auto& all = score();
        if (all.first.load(std::memory_order_relaxed) == 0) note_first();
        if (latency_) note_delay(message);
        if (all.messages.fetch_add(1, std::memory_order_relaxed) + 1 == expect_) write_result(file_, expect_);
    }

private:
    static void note_first() {
        std::int64_t none = 0;
        if (score().first.compare_exchange_strong(none, bench::steady_ns()))
            score().cpu_at_first = bench::cpu_seconds();
    }
    static void note_delay(const fedmsg_hub::Message& message) {
        const auto body = message.body();
        const auto delay = static_cast<double>(bench::steady_ns() - bench::sent_ns(body.data(), body.size())) / 1e3;
        const std::lock_guard lock(score().mutex);
        score().delays.push_back(delay);
    }

    const std::string file_{options().text("bench.file")};
    const std::int64_t expect_ = options().integer("bench.expect");
    const std::int64_t block_ms_ = options().integer("bench.block_ms");
    const bool latency_ = options().boolean("bench.latency");
    const bool counts_ = std::stoll(name().substr(name().rfind('-') + 1)) >= options().integer("bench.uncounted");
};

// The topics of consumer number `index` of `count`.
std::vector<std::string> topics_of(std::string_view topics, std::int64_t index, std::int64_t count) {
    if (topics == "all") return {"*"};
    const auto topic = [](std::int64_t number) { return "bench.t" + std::to_string(number); };
    if (topics == "pairs") return {topic(index), topic((index + 1) % count)};
    return {topic(index)};
}

void describe(fedmsg_hub::Registrar& registrar) {
    using fedmsg_hub::Option;
    const auto configuration = registrar.configuration();
    const auto count = configuration["bench.count"].integer_or(1);
    const auto topics = configuration["bench.topics"].text_or("all");
    for (std::int64_t i = 0; i < count; ++i)
        registrar.add<BenchConsumer>(
            fedmsg_hub::Description("bench-" + std::to_string(i), "Counts what it is given")
                .config_key("bench.enabled")
                .key_prefixes({"bench"})
                .topics(topics_of(topics, i, count))
                .option(Option::integer("bench.count", "how many consumers there are").defaults_to(1))
                .option(Option::text("bench.topics", "all, own or pairs").defaults_to("all"))
                .option(Option::text("bench.file", "where the result goes"))
                .option(Option::integer("bench.expect", "messages to be handed in all").defaults_to(0))
                .option(Option::integer("bench.uncounted", "so many consumers are not counted").defaults_to(0))
                .option(Option::integer("bench.block_ms", "what those sleep per message").defaults_to(0))
                .option(Option::boolean("bench.latency", "note delays").defaults_to(false)));
}

}  // namespace

FEDMSG_HUB_PLUGIN(describe)
