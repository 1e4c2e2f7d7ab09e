#include "daemon/dispatch/hub_publisher.hpp"

#include <fmt/format.h>

#include "bus/json/writer.hpp"

namespace fedmsg::hub {

HubPublisher::HubPublisher(Publisher publisher, Names names, const Clock& clock)
    : names_(std::move(names)), publisher_(std::move(publisher)), builder_(clock) {
    publisher_.require_subscriber(true);
}

Status HubPublisher::publish(std::string_view topic, std::string_view msg_json, std::string_view msg_id) {
    const auto dot = topic.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == topic.size())
        return failure(fmt::format("topic \"{}\" is not of the form SERVICE.EVENT", topic));
    auto msg = json::parse(msg_json);
    if (!msg) return failure(fmt::format("the message is no JSON: {}", msg.error().text));
    const auto full =
        envelope::full_topic(topic.substr(dot + 1), topic.substr(0, dot), names_.topic_prefix, names_.environment);
    Lock lock(mutex_);
    if (auto ready = publisher_.wait_for_subscriber(full, kPatience); !ready) return ready;
    return publisher_.send(full, json::canonical(builder_.build(full, *msg, msg_id)));
}

}  // namespace fedmsg::hub
