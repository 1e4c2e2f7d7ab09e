#include "bus/envelope/envelope.hpp"

#include <cmath>

namespace fedmsg::envelope {
namespace {

double timestamp_of(const json::Value& value) {
    if (!value.IsNumber()) return 0;
    const double seconds = value.GetDouble();
    return std::isfinite(seconds) ? seconds : 0;
}

}  // namespace

Envelope read(const json::Value& body) {
    Envelope envelope;
    if (!body.IsObject()) return envelope;
    for (const auto& member : body.GetObject()) {
        const auto key = json::text_of(member.name);
        if (key == "topic")
            envelope.topic = json::text_of(member.value);
        else if (key == "msg")
            envelope.msg = &member.value;
        else if (key == "msg_id")
            envelope.msg_id = json::text_of(member.value);
        else if (key == "timestamp")
            envelope.timestamp = timestamp_of(member.value);
        else if (key == "username")
            envelope.username = json::text_of(member.value);
    }
    return envelope;
}

bool is_normal(const json::Value& body) {
    return json::find(body, "topic") != nullptr;
}

void normalise(json::Document& body, std::string_view frame_topic) {
    if (is_normal(body)) return;
    json::Value msg(std::move(static_cast<json::Value&>(body)));
    auto& pool = body.GetAllocator();
    body.SetObject();
    body.AddMember("topic", json::make_text(frame_topic, pool), pool);
    body.AddMember("msg", msg, pool);
}

std::string full_topic(std::string_view topic, std::string_view modname, std::string_view topic_prefix,
                       std::string_view environment) {
    std::string name(modname.empty() ? "fedmsg" : modname);
    name.append(1, '.').append(topic.empty() ? "unspecified" : topic);
    if (name.starts_with(topic_prefix)) return name;
    return std::string(topic_prefix).append(1, '.').append(environment).append(1, '.').append(name);
}

}  // namespace fedmsg::envelope
