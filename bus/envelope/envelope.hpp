// The fields around a message's payload (wire-and-crypto.md 3, 11 and 2.1): read from a body, and built for publishing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "bus/base/clock.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::envelope {

// Views into a parsed body; valid as long as it. Fields that are missing or of another type are empty, 0 or null; so is
// a timestamp that is infinite or NaN.
struct Envelope {
    std::string_view topic;
    std::string_view msg_id;
    std::string_view username;
    double timestamp = 0;
    const json::Value* msg = nullptr;  // null pointer if the body has none
};

Envelope read(const json::Value& body);

// True if the body is an object with a key "topic". Any other one is wrapped by normalise().
bool is_normal(const json::Value& body);

// wire-and-crypto.md 11.1: replaces a body that is no object, or has no "topic", by {"topic": frame topic, "msg":
// body}.
void normalise(json::Document& body, std::string_view frame_topic);

// wire-and-crypto.md 2.1: modname.topic, with prefix and environment in front unless it begins with the prefix.
// An empty topic is "unspecified", an empty modname "fedmsg".
std::string full_topic(std::string_view topic, std::string_view modname, std::string_view topic_prefix,
                       std::string_view environment);

// "YYYY-" and a random version 4 UUID; YYYY is the local year of `now`.
std::string make_msg_id(Clock::Wall now);
// True for texts of that form: four digits, "-", and 8-4-4-4-12 lower-case hexadecimal digits.
bool is_msg_id(std::string_view text);

// LOGNAME, USER, LNAME, USERNAME, else the passwd name of the real user, or its number if it has none. WTF-8.
std::string current_username();

// Makes the bodies of one publishing context, counting `i`. One thread.
class Builder {
public:
    explicit Builder(const Clock& clock);

    // A complete unsigned body. A false-ish msg becomes {}. Numbers are copied exactly. `msg_id`: empty for a new one.
    json::Document build(std::string_view full_topic, const json::Value& msg, std::string_view msg_id = {});

private:
    const Clock& clock_;
    std::string username_;
    std::int64_t count_ = 0;
};

}  // namespace fedmsg::envelope
