// The hub's own way onto the bus, for consumers that publish (wire-and-crypto.md 2.1 and 14).
// Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bus/base/clock.hpp"
#include "bus/base/thread_annotations.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/publisher/publisher.hpp"

namespace fedmsg::hub {

class HubPublisher {
public:
    struct Names {
        std::string topic_prefix;
        std::string environment;
    };
    HubPublisher(Publisher publisher, Names names, const Clock& clock);

    // Sends {"topic": full topic, "msg": the JSON text, ...}. `topic` is "modname.rest", relative to prefix and
    // environment. OK once handed to libzmq with a subscriber connected; waits up to kPatience for the first one.
    // `msg_id`: empty for a new one.
    Status publish(std::string_view topic, std::string_view msg_json, std::string_view msg_id = {});

private:
    static constexpr std::chrono::milliseconds kPatience{2000};

    const Names names_;
    Mutex mutex_;
    Publisher publisher_ FEDMSG_HUB_GUARDED_BY(mutex_);
    envelope::Builder builder_ FEDMSG_HUB_GUARDED_BY(mutex_);
};

}  // namespace fedmsg::hub
