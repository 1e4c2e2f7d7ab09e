// Hands messages over to the relay, and knows whether that worked (KF-001): it waits for the relay's subscription
// before a message is sent and for libzmq to be done with it at the end. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/base/clock.hpp"
#include "bus/config/configuration.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/document.hpp"
#include "bus/publisher/publisher.hpp"

namespace fedmsg::tools {

// architecture.md "gate": larger ones would be thrown away on the other side.
inline constexpr std::size_t kMessageLimit = std::size_t{8} << 20;

class Sender {
public:
    struct Destination {
        std::vector<std::string> relay;  // relay_inbound
        std::string topic;               // whole
        std::chrono::milliseconds wait;  // for the relay, at most; negative: for ever
    };
    // Throws cli::Failure where the configuration does not say how to reach the relay.
    static Destination destination(const config::Configuration& configuration);

    // `is_stopping` ends a wait early. With `dry_run` bodies are printed instead.
    Sender(const config::Configuration& configuration, Destination destination, std::function<bool()> is_stopping,
           bool dry_run);

    // Connects at the first message. `what` names it ("line 3"). Throws cli::Failure if the message is too large or was
    // not handed over.
    void send(const json::Value& msg, const std::string& what);
    // Call it at least every few seconds while there is nothing to send.
    void idle();
    // Waits until everything is handed over. Throws cli::Failure if that is not known to have worked.
    void finish();

    std::size_t sent() const { return sent_; }

private:
    void connect();
    void wait_for_relay(const std::string& what);
    [[noreturn]] void fail(const std::string& what, const std::string& why) const;

    Destination destination_;
    std::function<bool()> is_stopping_;
    bool dry_run_;
    SocketOptions options_;
    SystemClock clock_;
    envelope::Builder builder_;
    zmq::context_t context_;
    std::optional<Publisher> publisher_;
    std::size_t sent_ = 0;
};

}  // namespace fedmsg::tools
