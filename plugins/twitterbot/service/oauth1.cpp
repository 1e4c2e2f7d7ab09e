#include "twitterbot/service/oauth1.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace twitterbot {

using fedmsg_plugins::Parameters;
using fedmsg_plugins::percent_encode;

namespace {

Parameters oauth_parameters(const OAuth1Keys& keys, const OAuth1Moment& moment) {
    return {{"oauth_consumer_key", keys.consumer_key},
            {"oauth_nonce", moment.nonce},
            {"oauth_signature_method", "HMAC-SHA1"},
            {"oauth_timestamp", std::to_string(moment.timestamp)},
            {"oauth_token", keys.token},
            {"oauth_version", "1.0"}};
}

// All parameters, each encoded, sorted by name and then value.
std::string normalized(const std::string& query, const Parameters& form, const Parameters& oauth) {
    Parameters all;
    for (const Parameters& group : {fedmsg_plugins::form_decode(query), form, oauth})
        for (const auto& [name, value] : group) all.emplace_back(percent_encode(name), percent_encode(value));
    std::sort(all.begin(), all.end());
    std::string out;
    for (const auto& [name, value] : all) out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
    return out;
}

std::string hmac_sha1(const std::string& key, const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), bytes, text.size(), digest.data(), &size) == nullptr)
        throw std::runtime_error("OpenSSL cannot compute HMAC-SHA1");
    return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string oauth1_signature(std::string_view method, std::string_view url, const Parameters& form,
                             const OAuth1Keys& keys, const OAuth1Moment& moment) {
    const fedmsg_plugins::Url parts = fedmsg_plugins::parse_url(url);
    const std::string base = std::string(method) + "&" + percent_encode(parts.without_query()) + "&" +
                             percent_encode(normalized(parts.query, form, oauth_parameters(keys, moment)));
    return base64(hmac_sha1(percent_encode(keys.consumer_secret) + "&" + percent_encode(keys.token_secret), base));
}

std::string oauth1_header(std::string_view method, std::string_view url, const Parameters& form, const OAuth1Keys& keys,
                          const OAuth1Moment& moment) {
    Parameters parameters = oauth_parameters(keys, moment);
    parameters.insert(parameters.begin() + 2, {"oauth_signature", oauth1_signature(method, url, form, keys, moment)});
    std::string out;
    for (const auto& [name, value] : parameters)
        out.append(out.empty() ? "OAuth " : ", ").append(name).append("=\"").append(percent_encode(value)).append("\"");
    return out;
}

}  // namespace twitterbot
