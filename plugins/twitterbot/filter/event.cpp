#include "twitterbot/filter/event.hpp"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace twitterbot {

namespace {

// C1 of the shared rules: sha256(topic, timestamp, i, canonical msg).
std::string made_up_id(const Event& event) {
    return "sha256-" + sha256(event.topic + "\n" + event.root["timestamp"].json() + "\n" + event.root["i"].json() +
                              "\n" + event.msg.json());
}

}  // namespace

Event event_of(const fedmsg_hub::Message& message) {
    Event event{std::string(message.topic()),
                std::string(message.msg_id()),
                std::string(message.username()),
                message.timestamp(),
                message.root(),
                message.msg()};
    if (event.timestamp <= 0)
        event.timestamp = std::chrono::duration<double>(message.received().time_since_epoch()).count();
    if (event.msg_id.empty()) event.msg_id = made_up_id(event);
    return event;
}

Event event_of(const fedmsg_hub::Value& root) {
    Event event{std::string(root["topic"].text()),
                root["msg_id"].text_or(""),
                root["username"].text_or(""),
                root["timestamp"].number_or(0),
                root,
                root["msg"]};
    if (event.msg_id.empty()) event.msg_id = made_up_id(event);
    return event;
}

std::string sha256(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    std::string out;
    for (unsigned at = 0; at < size; ++at) out.append({kDigits[digest[at] >> 4], kDigits[digest[at] & 0xF]});
    return out;
}

}  // namespace twitterbot
