#include "twitterbot/service/credentials.hpp"

namespace twitterbot {

using fedmsg_hub::Json;
using fedmsg_hub::ParsedJson;
using fedmsg_plugins::SecretFileError;

namespace {

// The parser's own words could quote the content.
ParsedJson parsed_file(const std::string& file, const fedmsg_hub_json* json) {
    const std::string content = fedmsg_plugins::read_secret_file(file);
    try {
        ParsedJson out(json, content);
        if (out.root().is_object()) return out;
    } catch (const fedmsg_hub::ValueError&) {
        // Said below.
    }
    throw SecretFileError("the file " + fedmsg_plugins::secret_path(file) + " is not a JSON object");
}

class Members {
public:
    Members(const ParsedJson& json, std::string file) : json_(json), file_(std::move(file)) {}

    std::string optional(const char* name) const { return json_[name].text_or(""); }
    std::string required(const char* name) const {
        std::string value = optional(name);
        if (value.empty())
            throw SecretFileError("the file " + fedmsg_plugins::secret_path(file_) + " has no \"" + name + "\"");
        return value;
    }

private:
    const ParsedJson& json_;
    std::string file_;
};

}  // namespace

Credentials read_credentials(const std::string& file, Auth auth, const fedmsg_hub_json* json, bool may_lack_tokens) {
    const ParsedJson parsed = parsed_file(file, json);
    const Members members(parsed, file);
    Credentials out;
    if (auth == Auth::oauth1)
        out.oauth1 = {members.required("consumer_key"), members.required("consumer_secret"),
                      members.required("access_token"), members.required("access_token_secret")};
    if (auth == Auth::bearer) out.bearer = members.required("bearer_token");
    if (auth == Auth::oauth2) {
        out.client_id = members.required("client_id");
        out.client_secret = members.optional("client_secret");
        out.bearer = members.optional("access_token");
        if (out.bearer.empty() && !may_lack_tokens)
            throw SecretFileError("the file " + fedmsg_plugins::secret_path(file) +
                                  " has no \"access_token\" yet: run fedmsg-tweet authorize");
        out.refresh_token = members.optional("refresh_token");
    }
    return out;
}

void store_tokens(const std::string& file, const Credentials& tokens, const fedmsg_hub_json* json) {
    const ParsedJson old = parsed_file(file, json);
    Json content = Json::object();
    for (const auto& [key, value] : old.root().members()) content.set(key, Json(value));
    content.set("access_token", tokens.bearer);
    if (!tokens.refresh_token.empty()) content.set("refresh_token", tokens.refresh_token);
    fedmsg_plugins::write_secret_file(file, content.text() + "\n");
}

}  // namespace twitterbot
