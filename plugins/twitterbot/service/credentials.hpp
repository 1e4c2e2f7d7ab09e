// The credentials of one account: a JSON file that only its owner may read (support/secret_file.hpp).
//     OAuth 1.0a    consumer_key, consumer_secret, access_token, access_token_secret
//     OAuth 2       client_id, client_secret (confidential clients only), access_token, refresh_token
//     Mastodon      bearer_token
// What is thrown names files and members, never values.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <string>

#include "support/secret_file.hpp"
#include "twitterbot/service/oauth1.hpp"

namespace twitterbot {

struct Credentials {
    OAuth1Keys oauth1;
    std::string bearer;  // OAuth 2: the access token; Mastodon: the bearer token
    std::string refresh_token;
    std::string client_id;
    std::string client_secret;
};

enum class Auth { oauth1, oauth2, bearer };

// Throws a fedmsg_plugins::SecretFileError: the file is refused, or lacks what `auth` needs. `may_lack_tokens`: before
// the first authorization by OAuth 2 there are none.
Credentials read_credentials(const std::string& file, Auth auth, const fedmsg_hub_json* json,
                             bool may_lack_tokens = false);

// Puts new tokens into the file, at once, and keeps everything else that stands there.
void store_tokens(const std::string& file, const Credentials& tokens, const fedmsg_hub_json* json);

}  // namespace twitterbot
