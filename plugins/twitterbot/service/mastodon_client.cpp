#include "twitterbot/service/mastodon_client.hpp"

namespace twitterbot {

using fedmsg_hub::ParsedJson;
using fedmsg_hub::Value;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;
using fedmsg_plugins::Parameters;

namespace {

constexpr double kDay = 24 * 3600;
constexpr double kTenMinutes = 600;

std::size_t limit_or(const Value& value, std::int64_t low, std::int64_t fallback) {
    const std::int64_t number = value.integer_or(fallback);
    return static_cast<std::size_t>(number < low ? fallback : number);
}

}  // namespace

HttpRequest MastodonClient::request(const std::string& method, const std::string& path) const {
    HttpRequest request;
    request.method = method;
    request.url = fedmsg_plugins::join_url(base_url_, path);
    request.headers = {{"Authorization", "Bearer " + credentials_.bearer}};
    request.time_limit = surroundings_.time_limit;
    request.connect_limit = surroundings_.time_limit;
    return request;
}

Verdict MastodonClient::verdict_of(const HttpResponse& response) {
    const double now = surroundings_.now();
    const Verdict verdict = classify(ServiceKind::mastodon, response, surroundings_.json, now);
    exhausted_until_ = verdict.meaning == Meaning::success ? twitterbot::exhausted_until(response, now) : std::nullopt;
    return verdict;
}

Verdict MastodonClient::post(const Post& post) {
    Parameters form{{"status", post.text}};
    if (!post.media_id.empty()) form.emplace_back("media_ids[]", post.media_id);
    if (!post.visibility.empty()) form.emplace_back("visibility", post.visibility);
    if (!post.language.empty()) form.emplace_back("language", post.language);
    HttpRequest out = request("POST", "api/v1/statuses");
    out.headers.emplace_back("Idempotency-Key", "twitterbot:" + post.key);
    out.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    out.body = fedmsg_plugins::form_encode(form);
    return verdict_of(surroundings_.send(out));
}

Upload MastodonClient::upload(const Picture& picture) {
    ask_for_limits();
    if (picture_limit_ > 0 && picture.bytes.size() > picture_limit_)
        return {{Meaning::permanent, "the picture is larger than the server takes", {}, {}}, {}, true};
    HttpRequest out = request("POST", "api/v2/media");
    out.parts.push_back({"file", picture.bytes,
                         "picture." + picture.content_type.substr(picture.content_type.find('/') + 1),
                         picture.content_type});
    if (!picture.alt.empty()) out.parts.push_back({"description", picture.alt});
    const HttpResponse response = surroundings_.send(out);
    Upload upload{as_upload(verdict_of(response), response.status), {}, response.status != 202};
    if (upload.verdict.meaning == Meaning::success) upload.media_id = upload.verdict.remote_id;
    if (upload.verdict.meaning == Meaning::success && upload.media_id.empty())
        upload.verdict = {Meaning::permanent, "the service gave no id for the picture", {}, {}};
    return upload;
}

Upload MastodonClient::media_state(const std::string& media_id) {
    const HttpResponse response =
        surroundings_.send(request("GET", "api/v1/media/" + fedmsg_plugins::percent_encode(media_id)));
    return {as_upload(verdict_of(response), response.status), media_id, response.status == 200};
}

Found MastodonClient::find_own(const std::string&, double, Verdict* verdict) {
    *verdict = {Meaning::permanent, "Mastodon is asked again with the same key instead", {}, {}};
    return Found::unknown;
}

Verdict MastodonClient::check() {
    return as_question(verdict_of(surroundings_.send(request("GET", "api/v1/accounts/verify_credentials"))));
}

void MastodonClient::ask_for_limits() {
    const double now = surroundings_.now();
    if (now < ask_again_) return;
    ask_again_ = now + kTenMinutes;  // after a failure
    const HttpResponse response = surroundings_.send(request("GET", "api/v2/instance"));
    if (!response.is_success()) return;
    try {
        const ParsedJson json(surroundings_.json, response.body);
        const Value statuses = json["configuration"]["statuses"];
        rule_ = LengthRule::mastodon(limit_or(statuses["max_characters"], 50, 500),
                                     limit_or(statuses["characters_reserved_per_url"], 1, 23));
        picture_limit_ = limit_or(json["configuration"]["media_attachments"]["image_size_limit"], 1, 0);
        ask_again_ = now + kDay;
    } catch (const fedmsg_hub::ValueError&) {
        // Not JSON: the defaults stay, and it is asked again later.
    }
}

LengthRule MastodonClient::length_rule() {
    ask_for_limits();
    return rule_;
}

}  // namespace twitterbot
