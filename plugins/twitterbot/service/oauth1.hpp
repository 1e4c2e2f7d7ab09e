// OAuth 1.0a, HMAC-SHA1, for requests in the name of a user (consumers/twitterbot.md 4.1). Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "support/url.hpp"

namespace twitterbot {

struct OAuth1Keys {
    std::string consumer_key;
    std::string consumer_secret;
    std::string token;
    std::string token_secret;
};

// What makes each request different.
struct OAuth1Moment {
    std::string nonce;
    long long timestamp = 0;
};

// `form`: the parameters of an urlencoded body; JSON and multipart bodies are not signed. Throws std::invalid_argument
// if the URL cannot be read.
std::string oauth1_signature(std::string_view method, std::string_view url, const fedmsg_plugins::Parameters& form,
                             const OAuth1Keys& keys, const OAuth1Moment& moment);

// The value of the Authorization header.
std::string oauth1_header(std::string_view method, std::string_view url, const fedmsg_plugins::Parameters& form,
                          const OAuth1Keys& keys, const OAuth1Moment& moment);

std::string base64(std::string_view bytes);

}  // namespace twitterbot
