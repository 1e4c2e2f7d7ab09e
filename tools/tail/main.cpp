// fedmsg-tail: prints the messages of the bus as they come (cli.md 4).
#include <fmt/format.h>

#include <cstdio>

#include "bus/base/thread_annotations.hpp"
#include "bus/base/utf8.hpp"
#include "bus/cli/command_line.hpp"
#include "bus/cli/stop_signal.hpp"
#include "bus/json/writer.hpp"
#include "bus/log/log.hpp"
#include "bus/subscriber/subscriber.hpp"
#include "bus/subscriber/troubles.hpp"
#include "tools/tail/filter.hpp"
#include "tools/tail/formatter.hpp"

namespace {

using namespace fedmsg;

constexpr log::Logger kLog{"fedmsg.commands"};
constexpr std::chrono::milliseconds kWait{500};

cli::OptionSpec text_option(const char* name, const char* key, const char* help) {
    cli::OptionSpec option;
    option.name = name;
    option.key = key;
    option.help = help;
    return option;
}

cli::OptionSpec switch_option(const char* name, bool value, const char* help) {
    auto option = text_option(name, "validate_signatures", help);
    option.is_flag = true;
    option.flag_value = value;
    return option;
}

cli::CommandLine command_line() {
    cli::CommandLine line("fedmsg-tail", "prints the messages of the bus as they come");
    line.request.id.clear();
    line.data_flag = "--json";
    line.add(text_option("--topic", "topic", "only topics that begin with this text (no wildcards)"));
    line.add(text_option("--query", "query", "print only these parts: dotted paths, separated by commas"));
    line.flag("--pretty", "pretty", "indented, in Python's form");
    line.flag("--really-pretty", "really_pretty", "coloured JSON");
    line.flag("--cowsay", "cowsay", "in a speech bubble (needs the program cowsay)");
    line.flag("--terse", "terse", "one line of text per message");
    line.add(text_option("--exclude", "exclusive_regexp", "leave out topics in which this is found"));
    line.add(text_option("--include", "inclusive_regexp", "keep only topics in which this is found"));
    line.add(text_option("--users", "users", "only messages about one of these users, separated by commas"));
    line.add(text_option("--packages", "packages", "only messages about one of these packages"));
    line.add(switch_option("--validate", true, "check signatures"));
    line.add(switch_option("--no-validate", false, "do not check signatures"));
    line.flag("--json", "",
              "bare lines of JSON, one per message, on standard output; everything else on standard error");
    return line;
}

void refuse_validation(const config::Configuration& configuration) {
    if (!configuration.boolean("validate_signatures", false)) return;
    throw cli::Failure(
        fmt::format("{}: validate_signatures is on, but this version cannot validate signatures yet; use "
                    "--no-validate to see messages unchecked",
                    configuration.origin("validate_signatures").text()));
}

// Results go to standard output, everything else to standard error.
class Tail {
public:
    Tail(const config::Configuration& configuration, std::string program, bool as_json)
        : program_(std::move(program)),
          rules_(made(tools::TextRules::make(configuration.text("topic_prefix_re", "")))),
          filter_(configuration, rules_),
          formatter_(tools::Modes::from(configuration), rules_),
          as_json_(as_json) {}

    // A message that cannot be read is told about, and the next one is read. `endpoint`: where it came from.
    void show(const Received& received, const std::string& endpoint) {
        if (!utf8::is_valid(received.topic)) return skip(endpoint, "its topic is not UTF-8");
        if (!filter_.wants_topic(received.topic)) return;
        if (auto status = json::parse(received.body, message_); !status)
            return skip(endpoint, fmt::format("topic {}: {}", quoted(received.topic), status.error().text));
        if (!filter_.wants(message_)) return;
        as_json_ ? show_json() : show_text();
        if (std::ferror(stdout) != 0) throw cli::Failure("cannot write to standard output");
    }

    void tell_trouble(const EndpointStatus& endpoint) const {
        cli::print_warning(program_, fmt::format("{}: {}; it is tried again", endpoint.address, endpoint.error));
    }
    // SIGINT: a blank line, but not among data.
    void finish() const {
        if (!as_json_) std::puts("");
    }

private:
    static tools::TextRules made(Result<tools::TextRules> rules) {
        if (!rules) throw cli::Failure(rules.error().text);
        return std::move(*rules);
    }
    static std::string quoted(std::string_view topic) {
        std::string text;
        json::append_string(text, topic);
        return text;
    }
    void skip(const std::string& endpoint, const std::string& why) const {
        cli::print_warning(program_, fmt::format("a message from {} cannot be shown: {}", endpoint, why));
    }
    void show_json() {
        const auto line = json::canonical(message_) + "\n";
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fflush(stdout);
    }
    void show_text() {
        const auto text = formatter_.text_of(message_);
        if (text.empty()) return;
        kLog.info("TAIL_RESULT", text);
        log::flush();
    }

    const std::string program_;
    const tools::TextRules rules_;
    const tools::Filter filter_;
    const tools::Formatter formatter_;
    const bool as_json_;
    json::Document message_;
};

void connect_all(Subscriber& subscriber, const config::Configuration& configuration) {
    subscriber.set_subscriptions({configuration.text("topic", "")});
    for (const auto& [name, addresses] : configuration.endpoints()) {
        if (name == "relay_inbound") continue;
        for (const auto& address : addresses)
            if (auto status = subscriber.connect(address); !status)
                throw cli::Failure(fmt::format("endpoints.{}: {}: {}", name, address, status.error().text));
    }
}

std::size_t count_addresses(const config::Configuration& configuration) {
    std::size_t count = 0;
    for (const auto& [name, addresses] : configuration.endpoints()) count += addresses.size();
    return count;
}

// Shows messages until it is told to stop.
void follow(Subscriber& subscriber, Tail& tail, const cli::StopSignal& stop) {
    EndpointTroubles troubles;
    auto endpoints = subscriber.endpoints();
    auto next_look = std::chrono::steady_clock::now();
    while (!stop.requested()) {
        Received received;
        while (!stop.requested() && subscriber.receive(received))
            tail.show(received, endpoints.at(received.endpoint).address);
        if (const auto now = std::chrono::steady_clock::now(); now >= next_look) {
            endpoints = subscriber.endpoints();
            for (const auto& endpoint : troubles.fresh(endpoints)) tail.tell_trouble(endpoint);
            next_look = now + kWait;
        }
        subscriber.wait(kWait);
    }
}

// The subscriber that a signal wakes, as long as there is one.
class Waker {
public:
    void wake() {
        Lock lock(mutex_);
        if (subscriber_ != nullptr) subscriber_->wake();
    }
    void set(Subscriber* subscriber) {
        Lock lock(mutex_);
        subscriber_ = subscriber;
    }

private:
    Mutex mutex_;
    Subscriber* subscriber_ FEDMSG_HUB_GUARDED_BY(mutex_) = nullptr;
};

int work(cli::Invocation& invocation) {
    const auto& configuration = invocation.configuration;
    cli::print_warnings(invocation);
    refuse_validation(configuration);
    Tail tail(configuration, invocation.program, invocation.has("--json"));
    const std::size_t count = count_addresses(configuration);
    if (auto status = ensure_descriptor_budget(count); !status) throw cli::Failure(status.error().text);
    Waker waker;
    const cli::StopSignal stop([&] { waker.wake(); });
    zmq::context_t context;
    prepare_context(context, static_cast<int>(configuration.integer("io_threads", 1)), count);
    Subscriber subscriber(context, {.socket = SocketOptions::from(configuration)});
    waker.set(&subscriber);
    connect_all(subscriber, configuration);
    follow(subscriber, tail, stop);
    waker.set(nullptr);
    tail.finish();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run(argc, argv, command_line(), work);
}
