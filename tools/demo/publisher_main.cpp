// fedmsg-demo-publisher: sends made-up events to a relay, as the services of a distribution would: some per second, now
// and then a burst. Used by ./run; not installed. With --record it writes one line "MSG_ID TAB TOPIC" for each message
// once it is handed over, so that what consumers did can be compared with what was sent.
#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <zmq.hpp>

#include "bus/base/clock.hpp"
#include "bus/cli/command_line.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/writer.hpp"
#include "bus/publisher/publisher.hpp"
#include "tools/demo/event_source.hpp"

namespace fedmsg::demo {
namespace {

// SIGINT and SIGTERM as something to wait for. Made before any thread is started, which then inherit the block.
class StopSignals {
public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }

    // True if one came within the time.
    bool wait(std::chrono::nanoseconds time) const {
        if (time.count() < 0) time = std::chrono::nanoseconds(0);
        const timespec limit{static_cast<time_t>(time.count() / 1'000'000'000), time.count() % 1'000'000'000};
        return sigtimedwait(&set_, nullptr, &limit) > 0;
    }

private:
    sigset_t set_{};
};

// When the next event is due: at random around the rate, one time in fifty followed by a burst of twenty to sixty.
class Pace {
public:
    Pace(double events_per_second, unsigned seed) : random_(seed), gap_(events_per_second) {}

    std::chrono::nanoseconds next_gap() {
        if (burst_ > 0 && burst_--) return std::chrono::nanoseconds(0);
        if (std::uniform_int_distribution<int>(0, 49)(random_) == 0)
            burst_ = std::uniform_int_distribution<int>(20, 60)(random_);
        return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(gap_(random_)));
    }

private:
    std::mt19937 random_;
    std::exponential_distribution<double> gap_;
    int burst_ = 0;
};

// The publishing side: builds bodies, sends them, records what was handed over.
class DemoPublisher {
public:
    DemoPublisher(const config::Configuration& configuration, Publisher publisher, const std::string& record)
        : prefix_(configuration.text("topic_prefix", "org.fedoraproject")),
          environment_(configuration.text("environment", "dev")),
          publisher_(std::move(publisher)),
          builder_(clock_) {
        if (record.empty()) return;
        record_.open(record);
        if (!record_) throw cli::Failure("cannot write " + record);
    }

    void publish(const Event& event) {
        const auto dot = event.topic.find('.');
        const std::string topic =
            envelope::full_topic(event.topic.substr(dot + 1), event.topic.substr(0, dot), prefix_, environment_);
        const json::Document msg = json::parse(event.msg).value();
        const json::Document body = builder_.build(topic, msg);
        const Status sent = publisher_.send(topic, json::canonical(body));
        if (!sent) return report_failure(sent.error());
        ++published_;
        record_ << json::text_of(*json::find(body, "msg_id")) << '\t' << topic << '\n' << std::flush;
    }

    // Exit code: 0 if every event was handed over.
    int finish() {
        publisher_.close();
        std::cout << "published " << published_ << " messages";
        if (failed_) std::cout << ", " << failed_ << " could not be handed over";
        std::cout << std::endl;
        return failed_ ? 1 : 0;
    }

private:
    void report_failure(const Error& error) {
        if (failed_++ == 0) std::cerr << "fedmsg-demo-publisher: " << error.text << std::endl;
    }

    SystemClock clock_;
    std::string prefix_, environment_;
    Publisher publisher_;
    envelope::Builder builder_;
    std::ofstream record_;
    std::uint64_t published_ = 0, failed_ = 0;
};

Publisher connect(zmq::context_t& context, const config::Configuration& configuration) {
    const auto relay = configuration.texts("relay_inbound");
    if (relay.empty()) throw cli::Failure("no relay_inbound in the configuration: where is the relay?");
    auto publisher = Publisher::connect(context, "relay_inbound", relay, SocketOptions::from(configuration)).value();
    publisher.require_subscriber(true);
    const Status ready = publisher.wait_for_subscriber("", std::chrono::seconds(10));
    if (!ready) throw cli::Failure("the relay at " + relay.front() + " does not answer: " + ready.error().text);
    return publisher;
}

int work(cli::Invocation& invocation, const StopSignals& stop) {
    const double rate = std::stod(invocation.last("--rate").value_or("20"));
    const double seconds = std::stod(invocation.last("--seconds").value_or("1e9"));
    if (!(rate > 0)) throw cli::Failure("--rate must be above 0", 2);
    auto left = std::stoull(invocation.last("--count").value_or("18446744073709551615"));
    const auto seed = std::random_device{}();

    zmq::context_t context(1);
    DemoPublisher demo(invocation.configuration, connect(context, invocation.configuration),
                       invocation.last("--record").value_or(""));
    EventSource events(seed);
    Pace pace(rate, seed);
    auto due = std::chrono::steady_clock::now();
    const auto end = due + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
    for (; left > 0; --left) {
        due += pace.next_gap();
        if (due > end || stop.wait(due - std::chrono::steady_clock::now())) break;
        demo.publish(events.next());
    }
    return demo.finish();
}

}  // namespace
}  // namespace fedmsg::demo

int main(int argc, char** argv) {
    using namespace fedmsg;
    const demo::StopSignals stop;
    cli::CommandLine line("fedmsg-demo-publisher", "sends made-up events of 40 topics to the relay");
    line.option("--rate", "", cli::Kind::number, "events per second, on average and without bursts (20)");
    line.option("--seconds", "", cli::Kind::number, "end by itself after this time (never)");
    line.option("--count", "", cli::Kind::integer, "end by itself after this many events (never)");
    line.option("--record", "", cli::Kind::text, "file that gets msg_id and topic of each message handed over");
    return cli::run(argc, argv, line, [&](cli::Invocation& invocation) { return demo::work(invocation, stop); });
}
