#include "tools/logger/sender.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "bus/base/text.hpp"
#include "bus/cli/command_line.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::tools {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlice{200};  // between two looks at whether to stop

std::vector<std::string> relay_addresses(const config::Configuration& configuration) {
    const auto addresses = configuration.texts("relay_inbound");
    if (addresses.empty())
        throw cli::Failure(
            "Could not find endpoint for fedmsg-relay. Try installing fedmsg-relay. (The configuration has no "
            "relay_inbound; for a relay on this machine add: relay_inbound: [tcp://127.0.0.1:2003])");
    if (!configuration.boolean("zmq_enabled", true))
        throw cli::Failure(fmt::format("{}: zmq_enabled is false, but there is no other way to send messages",
                                       configuration.origin("zmq_enabled").text()));
    return addresses;
}

}  // namespace

Sender::Destination Sender::destination(const config::Configuration& configuration) {
    const auto linger = configuration.integer("zmq_linger", 1000);
    const auto start = static_cast<std::int64_t>(configuration.number("post_init_sleep", 0.5) * 1000);
    return {relay_addresses(configuration),
            envelope::full_topic(configuration.text("topic", "log"), configuration.text("modname", "logger"),
                                 configuration.text("topic_prefix", "org.fedoraproject"),
                                 configuration.text("environment", "dev")),
            milliseconds(linger < 0 ? -1 : start + linger)};
}

Sender::Sender(const config::Configuration& configuration, Destination destination, std::function<bool()> is_stopping,
               bool dry_run)
    : destination_(std::move(destination)),
      is_stopping_(std::move(is_stopping)),
      dry_run_(dry_run),
      options_(SocketOptions::from(configuration)),
      builder_(clock_),
      context_(static_cast<int>(configuration.integer("io_threads", 1))) {}

void Sender::connect() {
    auto publisher = Publisher::connect(context_, "relay_inbound", destination_.relay, options_);
    if (!publisher) throw cli::Failure(publisher.error().text);
    publisher_ = std::move(*publisher);
    publisher_->require_subscriber(true);
    if (destination_.wait.count() >= 0) publisher_->wait_when_full(destination_.wait);
}

void Sender::wait_for_relay(const std::string& what) {
    const bool for_ever = destination_.wait.count() < 0;
    const auto deadline = clock_.steady() + destination_.wait;
    for (;;) {
        const auto rest = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
        const auto slice = for_ever ? kSlice : std::clamp(rest, milliseconds(0), kSlice);
        const auto status = publisher_->wait_for_subscriber(destination_.topic, slice);
        if (status) return;
        if (is_stopping_()) fail(what, "interrupted while waiting for the relay");
        if (!for_ever && clock_.steady() >= deadline)
            fail(what,
                 fmt::format("the relay at {} did not take messages within {} ms ({})",
                             text::join(destination_.relay, ", "), destination_.wait.count(), status.error().text));
    }
}

void Sender::fail(const std::string& what, const std::string& why) const {
    throw cli::Failure(fmt::format("{} was not handed over: {}{}", what, why,
                                   sent_ == 0 ? "" : fmt::format("; {} earlier messages were", sent_)));
}

void Sender::send(const json::Value& msg, const std::string& what) {
    const std::string body = json::canonical(builder_.build(destination_.topic, msg));
    if (body.size() > kMessageLimit)
        fail(what, fmt::format("the message has {} bytes, the limit is {}", body.size(), kMessageLimit));
    if (dry_run_) {
        std::printf("%s\n", body.c_str());
    } else {
        if (!publisher_) connect();
        wait_for_relay(what);
        if (const auto status = publisher_->send(destination_.topic, body); !status) fail(what, status.error().text);
    }
    ++sent_;
}

void Sender::idle() {
    if (publisher_) publisher_->read_subscriptions();
}

void Sender::finish() {
    if (!publisher_) return;
    if (const auto status = publisher_->close(); !status)
        throw cli::Failure(
            fmt::format("the last of {} messages may not have been handed over: {}", sent_, status.error().text));
    publisher_.reset();
}

}  // namespace fedmsg::tools
