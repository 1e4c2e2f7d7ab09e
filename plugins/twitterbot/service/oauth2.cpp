#include "twitterbot/service/oauth2.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace twitterbot {

using fedmsg_hub::ParsedJson;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;
using fedmsg_plugins::Parameters;

namespace {

constexpr char kScopes[] = "tweet.read tweet.write users.read media.write offline.access";

Verdict ask_for_tokens(const std::string& base_url, const std::string& file, Parameters form, Credentials& credentials,
                       const Surroundings& around) {
    HttpRequest request;
    request.method = "POST";
    request.url = fedmsg_plugins::join_url(base_url, "2/oauth2/token");
    request.time_limit = around.time_limit;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    if (credentials.client_secret.empty())
        form.emplace_back("client_id", credentials.client_id);
    else
        request.headers.emplace_back(
            "Authorization", fedmsg_plugins::basic_authorization(credentials.client_id, credentials.client_secret));
    request.body = fedmsg_plugins::form_encode(form);
    const HttpResponse response = around.send(request);
    Verdict verdict = classify(ServiceKind::x, response, around.json, around.now());
    if (verdict.meaning == Meaning::bad_text) verdict.meaning = Meaning::account_fault;  // 400: invalid_grant
    if (verdict.meaning != Meaning::success) return verdict;
    try {
        const ParsedJson json(around.json, response.body);
        credentials.bearer = std::string(json["access_token"].text());
        credentials.refresh_token = json["refresh_token"].text_or(credentials.refresh_token);
    } catch (const fedmsg_hub::ValueError&) {
        return {Meaning::account_fault, "the service gave no access token", {}, {}};
    }
    try {
        store_tokens(file, credentials, around.json);
    } catch (const fedmsg_plugins::SecretFileError& error) {
        return {Meaning::account_fault, error.what(), {}, {}};
    }
    return verdict;
}

}  // namespace

std::string pkce_challenge(const std::string& verifier) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(verifier.data(), verifier.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    std::string out = base64({reinterpret_cast<const char*>(digest.data()), size});
    while (!out.empty() && out.back() == '=') out.pop_back();
    for (char& character : out) character = character == '+' ? '-' : character == '/' ? '_' : character;
    return out;
}

std::string consent_url(const std::string& authorize_url, const std::string& client_id, const std::string& redirect_url,
                        const Consent& consent) {
    return authorize_url + "?" +
           fedmsg_plugins::form_encode({{"response_type", "code"},
                                        {"client_id", client_id},
                                        {"redirect_uri", redirect_url},
                                        {"scope", kScopes},
                                        {"state", consent.state},
                                        {"code_challenge", pkce_challenge(consent.verifier)},
                                        {"code_challenge_method", "S256"}});
}

std::string code_from(const std::string& answer, const Consent& consent) {
    const auto question = answer.find('?');
    if (question == std::string::npos) return answer;
    std::string code;
    std::string state;
    for (const auto& [name, value] : fedmsg_plugins::form_decode(answer.substr(question + 1))) {
        if (name == "code") code = value;
        if (name == "state") state = value;
        if (name == "error") throw std::invalid_argument("the service did not give its consent: " + value);
    }
    if (state != consent.state)
        throw std::invalid_argument("this answer does not belong to the URL that was printed last: begin again");
    if (code.empty()) throw std::invalid_argument("there is no code in this URL");
    return code;
}

Verdict exchange_code(const std::string& base_url, const std::string& file, const std::string& redirect_url,
                      const std::string& code, const Consent& consent, Credentials& credentials,
                      const Surroundings& around) {
    return ask_for_tokens(base_url, file,
                          {{"grant_type", "authorization_code"},
                           {"code", code},
                           {"redirect_uri", redirect_url},
                           {"code_verifier", consent.verifier}},
                          credentials, around);
}

Verdict refresh_tokens(const std::string& base_url, const std::string& file, Credentials& credentials,
                       const Surroundings& around) {
    if (credentials.refresh_token.empty())
        return {Meaning::account_fault, "there is no refresh token: run fedmsg-tweet authorize", {}, {}};
    return ask_for_tokens(base_url, file,
                          {{"grant_type", "refresh_token"}, {"refresh_token", credentials.refresh_token}}, credentials,
                          around);
}

}  // namespace twitterbot
