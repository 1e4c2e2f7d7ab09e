#include "badges/rules/envelope.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "badges/rules/any_json.hpp"
#include "badges/rules/python_text.hpp"
#include "badges/rules/texts.hpp"

namespace badges {
namespace {

// Takes one part off the front, and the dot after it.
std::string_view take_part(std::string_view& rest) {
    const auto dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    return part;
}

std::string text_in(const Dict& root, std::string_view key) {
    const Any* value = root.find(key);
    return value != nullptr && value->is_text() ? value->text() : std::string();
}

double number_in(const Dict& root, std::string_view key) {
    const Any* value = root.find(key);
    return value == nullptr ? 0 : value->as_real().value_or(0);
}

std::int64_t integer_in(const Dict& root, std::string_view key) {
    const Any* value = root.find(key);
    return value == nullptr ? 0 : value->as_integer().value_or(0);
}

std::string sha256(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
    std::string out;
    for (unsigned at = 0; at < size; ++at) {
        out.push_back("0123456789abcdef"[digest[at] >> 4U]);
        out.push_back("0123456789abcdef"[digest[at] & 0xFU]);
    }
    return out;
}

// An answer of the meta layer, which may throw.
template <class Answer>
Answer ask(const Texts* texts, Answer (Texts::*question)(const Envelope&) const, const Envelope& message) {
    if (texts == nullptr || !texts->is_available()) return std::nullopt;
    try {
        return (texts->*question)(message);
    } catch (const std::exception&) {
        return std::nullopt;  // no text, as C1 has it
    }
}

}  // namespace

TopicParts split_topic(std::string_view topic) {
    take_part(topic);
    take_part(topic);
    TopicParts parts;
    parts.environment = take_part(topic);
    parts.event = topic;
    parts.category = take_part(topic);
    return parts;
}

Envelope Envelope::from(const fedmsg_hub::Message& message, const Texts* texts) {
    return from_root(any_from(message.root()), texts);
}

Envelope Envelope::from_json(std::string_view json, const Texts* texts) {
    return from_root(any_from_json(json), texts);
}

Envelope Envelope::from_root(Any root, const Texts* texts) {
    if (!root.is_dict()) throw EvaluationError("a message is a JSON object; this is " + std::string(root.type_name()));
    auto data = std::make_shared<Data>();
    const Dict& members = root.dict();
    data->topic = text_in(members, "topic");
    if (data->topic.empty()) throw EvaluationError("the message has no topic");
    const TopicParts parts = split_topic(data->topic);
    data->category = parts.category;
    data->environment = parts.environment;
    data->event = parts.event;
    data->msg_id = text_in(members, "msg_id");
    data->timestamp = number_in(members, "timestamp");
    data->i = integer_in(members, "i");
    if (const Any* body = members.find("msg")) data->body = *body;
    data->root = std::move(root);
    if (data->msg_id.empty())
        data->msg_id = sha256(data->topic + '\n' + python_repr(data->timestamp) + '\n' + std::to_string(data->i) +
                              '\n' + canonical_json(data->body));
    const Envelope bare(data);
    auto users = ask(texts, &Texts::usernames, bare);
    auto packages = ask(texts, &Texts::packages, bare);
    data->agent = ask(texts, &Texts::agent, bare);
    if (!users || !packages) {
        NamedInBody named = named_in(data->body);
        if (!users) users = std::move(named.users);
        if (!packages) packages = std::move(named.packages);
    }
    data->users = std::move(*users);
    data->packages = std::move(*packages);
    return Envelope(std::move(data));
}

}  // namespace badges
