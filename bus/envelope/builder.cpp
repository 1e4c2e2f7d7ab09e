#include <pwd.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>
#include <vector>

#include "bus/base/utf8.hpp"
#include "bus/envelope/envelope.hpp"

namespace fedmsg::envelope {
namespace {

using Uuid = std::array<unsigned char, 16>;

Uuid random_uuid() {
    Uuid bytes{};
    // Never short for 16 bytes; fails only on kernels without the call.
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw std::system_error(errno, std::generic_category(), "getrandom, needed for a message id");
    bytes[6] = static_cast<unsigned char>(0x40U | (bytes[6] & 0x0FU));  // version 4
    bytes[8] = static_cast<unsigned char>(0x80U | (bytes[8] & 0x3FU));  // variant of RFC 4122
    return bytes;
}

void append_uuid(std::string& out, const Uuid& bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHex[bytes[i] >> 4];
        out += kHex[bytes[i] & 15U];
    }
}

std::string name_from_passwd(uid_t user) {
    std::vector<char> buffer(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    while (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == ERANGE) buffer.resize(2 * buffer.size());
    return found != nullptr ? found->pw_name : std::to_string(user);
}

// Bytes that are not UTF-8 become unpaired surrogates DC80-DCFF, as in Python, so that they can stand in a message.
std::string as_wtf8(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        std::size_t length = 1;
        while (length <= 4 && !utf8::is_valid(bytes.substr(0, length))) ++length;
        if (length <= 4) {
            text += bytes.substr(0, length);
        } else {
            length = 1;
            utf8::append(text, 0xDC00U + static_cast<unsigned char>(bytes.front()));
        }
        bytes.remove_prefix(std::min(length, bytes.size()));
    }
    return text;
}

}  // namespace

std::string make_msg_id(Clock::Wall now) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::string id = std::to_string(1900 + local.tm_year) + '-';
    append_uuid(id, random_uuid());
    return id;
}

bool is_msg_id(std::string_view text) {
    constexpr std::string_view kForm = "0000-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        const bool is_letter = text[i] >= 'a' && text[i] <= 'f';
        if (kForm[i] == '-' ? text[i] != '-' : !is_digit && !(kForm[i] == 'x' && is_letter)) return false;
    }
    return true;
}

std::string current_username() {
    for (const char* variable : {"LOGNAME", "USER", "LNAME", "USERNAME"}) {
        const char* name = std::getenv(variable);
        if (name != nullptr && *name != '\0') return as_wtf8(name);
    }
    return as_wtf8(name_from_passwd(getuid()));
}

Builder::Builder(const Clock& clock) : clock_(clock), username_(current_username()) {}

json::Document Builder::build(std::string_view full_topic, const json::Value& msg, std::string_view msg_id) {
    const auto now = clock_.wall();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    json::Document body(rapidjson::kObjectType);
    auto& pool = body.GetAllocator();
    body.AddMember("i", json::Value(++count_), pool);
    body.AddMember("msg", json::is_truthy(msg) ? json::copy(msg, pool) : json::Value(rapidjson::kObjectType), pool);
    body.AddMember("msg_id", json::make_text(msg_id.empty() ? make_msg_id(now) : std::string(msg_id), pool), pool);
    body.AddMember("timestamp", json::Value(static_cast<std::int64_t>(seconds)), pool);
    body.AddMember("topic", json::make_text(full_topic, pool), pool);
    body.AddMember("username", json::make_text(username_, pool), pool);
    return body;
}

}  // namespace fedmsg::envelope
