// One message of the bus, as the filters and templates see it: from the hub, or from a line of a file. The values are
// views; they live as long as what they came from.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <string>
#include <string_view>

namespace twitterbot {

struct Event {
    std::string topic;
    std::string msg_id;  // made up from the content if the message has none
    std::string username;
    double timestamp = 0;  // seconds since the epoch
    fedmsg_hub::Value root;
    fedmsg_hub::Value msg;
};

Event event_of(const fedmsg_hub::Message& message);
// From a whole body: {"topic": ..., "msg": ...}. Throws a fedmsg_hub::ValueError if it has no topic.
Event event_of(const fedmsg_hub::Value& root);

std::string sha256(std::string_view text);  // 64 hexadecimal digits

}  // namespace twitterbot
