// OAuth 2 with PKCE: how an account gives its consent, and how tokens are renewed (consumers/twitterbot.md 4.1). One
// thread; HTTP through Surroundings.
#pragma once

#include <string>

#include "twitterbot/service/service.hpp"

namespace twitterbot {

// What must be remembered between the printing of the URL and the code that comes back.
struct Consent {
    std::string verifier;
    std::string state;
};

// base64url(SHA-256(verifier)), without padding.
std::string pkce_challenge(const std::string& verifier);

// The page on which the account's owner agrees.
std::string consent_url(const std::string& authorize_url, const std::string& client_id, const std::string& redirect_url,
                        const Consent& consent);

// The code in the URL to which the browser was sent, or in what the operator gave alone. Throws std::invalid_argument
// if the state is another one, or the service said no.
std::string code_from(const std::string& answer, const Consent& consent);

// Exchanges the code for tokens and stores them in the file. On success they are in `credentials` as well.
Verdict exchange_code(const std::string& base_url, const std::string& file, const std::string& redirect_url,
                      const std::string& code, const Consent& consent, Credentials& credentials,
                      const Surroundings& around);

// New tokens for the refresh token.
Verdict refresh_tokens(const std::string& base_url, const std::string& file, Credentials& credentials,
                       const Surroundings& around);

}  // namespace twitterbot
