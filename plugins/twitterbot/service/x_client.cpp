#include "twitterbot/service/x_client.hpp"

#include "twitterbot/service/oauth2.hpp"

namespace twitterbot {

using fedmsg_hub::Json;
using fedmsg_hub::ParsedJson;
using fedmsg_hub::Value;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;
using fedmsg_plugins::join_url;
using fedmsg_plugins::Parameters;

namespace {

constexpr int kLatestPosts = 50;
constexpr double kClockTolerance = 120;  // seconds between their clock and ours

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    if (from.empty()) return text;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::string unescaped(std::string text) {
    text = replaced(std::move(text), "&lt;", "<");
    text = replaced(std::move(text), "&gt;", ">");
    return replaced(std::move(text), "&amp;", "&");
}

bool is_picture_link(const std::string& expanded) {
    return expanded.find("/photo/") != std::string::npos || expanded.find("/video/") != std::string::npos;
}

// https://upload.x.com for https://api.x.com; other servers take uploads where they take everything.
std::string upload_base(const std::string& base) {
    const std::string api = "https://api.";
    const bool is_theirs = base.rfind("https://api.x.com", 0) == 0 || base.rfind("https://api.twitter.com", 0) == 0;
    return is_theirs ? "https://upload." + base.substr(api.size()) : base;
}

std::string file_name(const Picture& picture) {
    return "picture." + picture.content_type.substr(picture.content_type.find('/') + 1);
}

// Another attempt would end in the same way.
bool is_lasting(Meaning meaning) {
    return meaning == Meaning::account_fault || meaning == Meaning::permanent || meaning == Meaning::bad_text;
}

HttpResponse not_sent(std::string why, bool is_cancelled) {
    HttpResponse out;
    out.problem = is_cancelled ? fedmsg_plugins::HttpProblem::cancelled : fedmsg_plugins::HttpProblem::other;
    out.error = std::move(why);
    return out;
}

double time_of(const Value& post) {
    return parse_post_time(post["created_at"].text_or("")).value_or(0);
}

}  // namespace

bool is_same_post(const std::string& ours, const Value& theirs) {
    std::string text = theirs["full_text"].text_or(theirs["text"].text_or(""));
    bool has_expanded = false;
    for (const Value url : theirs["entities"]["urls"].elements()) {
        const std::string expanded = url["expanded_url"].text_or("");
        has_expanded = true;
        text = replaced(std::move(text), url["url"].text_or(""), is_picture_link(expanded) ? "" : expanded);
    }
    for (const Value media : theirs["entities"]["media"].elements())
        text = replaced(std::move(text), media["url"].text_or(""), "");
    text = clean(unescaped(std::move(text)));
    if (has_expanded) return text == clean(ours);
    const std::string mark = "\u2192";
    const std::string marked = with_urls_as(text, mark);
    const std::string wanted = with_urls_as(clean(ours), mark);
    return marked == wanted || marked == wanted + " " + mark;  // the second with a link to our picture
}

HttpRequest XClient::request(const std::string& method, const std::string& url) const {
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.time_limit = surroundings_.time_limit;
    request.connect_limit = surroundings_.time_limit;
    return request;
}

std::string XClient::authorization(const HttpRequest& request, const Parameters& form) const {
    if (settings_.auth != Auth::oauth1) return "Bearer " + credentials_.bearer;
    return oauth1_header(request.method, request.url, form, credentials_.oauth1,
                         {surroundings_.nonce(), static_cast<long long>(surroundings_.now())});
}

// A 401 by OAuth 2 may mean that the access token has expired: then it is refreshed, and the request sent again. The
// first one did nothing.
HttpResponse XClient::send(HttpRequest request, const Parameters& form, bool may_refresh) {
    const HttpRequest bare = request;
    if (!form.empty()) {
        request.body = fedmsg_plugins::form_encode(form);
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    }
    request.headers.emplace_back("Authorization", authorization(request, form));
    HttpResponse response = surroundings_.send(request);
    const bool has_expired = response.is_answered() && response.status == 401 && settings_.auth == Auth::oauth2;
    renewal_problem_.clear();
    if (!has_expired || !may_refresh) return response;
    const Verdict renewal = refreshed();
    if (renewal.meaning == Meaning::success) return send(bare, form, false);
    if (is_lasting(renewal.meaning)) {
        renewal_problem_ = renewal.reason;
        return response;
    }
    return not_sent("the access token has expired and is not renewed yet: " + renewal.reason,
                    renewal.meaning == Meaning::cancelled);
}

// Another process may have renewed them: then those in the file are taken.
Verdict XClient::refreshed() {
    try {
        const Credentials stored = read_credentials(settings_.credentials_file, settings_.auth, surroundings_.json);
        const bool is_newer = stored.bearer != credentials_.bearer;
        credentials_ = stored;
        if (is_newer) return {Meaning::success, {}, {}, {}};
    } catch (const fedmsg_plugins::SecretFileError& error) {
        return {Meaning::account_fault, error.what(), {}, {}};
    }
    return refresh_tokens(settings_.base_url, settings_.credentials_file, credentials_, surroundings_);
}

Verdict XClient::verdict_of(const HttpResponse& response) {
    const double now = surroundings_.now();
    Verdict verdict = classify(ServiceKind::x, response, surroundings_.json, now);
    if (!renewal_problem_.empty()) verdict.reason += "; the access token cannot be renewed: " + renewal_problem_;
    exhausted_until_ = verdict.meaning == Meaning::success ? twitterbot::exhausted_until(response, now) : std::nullopt;
    is_unauthorized_ = response.status == 401;
    return verdict;
}

Verdict XClient::post(const Post& post) {
    if (!settings_.is_v2) {
        Parameters form{{"status", post.text}};
        if (!post.media_id.empty()) form.emplace_back("media_ids", post.media_id);
        return verdict_of(send(request("POST", join_url(settings_.base_url, "1.1/statuses/update.json")), form));
    }
    Json body = Json::object({{"text", post.text}});
    if (!post.media_id.empty()) body.set("media", Json::object({{"media_ids", Json::array({post.media_id})}}));
    HttpRequest out = request("POST", join_url(settings_.base_url, "2/tweets"));
    out.headers.emplace_back("Content-Type", "application/json");
    out.body = body.text();
    return verdict_of(send(out));
}

Upload XClient::upload(const Picture& picture) {
    const std::string base = settings_.upload_url.empty() ? upload_base(settings_.base_url) : settings_.upload_url;
    HttpRequest out = settings_.is_v2 ? request("POST", join_url(settings_.base_url, "2/media/upload"))
                                      : request("POST", join_url(base, "1.1/media/upload.json"));
    out.parts.push_back({"media", picture.bytes, file_name(picture), picture.content_type});
    if (settings_.is_v2) out.parts.push_back({"media_category", "tweet_image"});
    const HttpResponse response = send(out);
    Upload upload;
    upload.verdict = as_upload(verdict_of(response), response.status);
    if (upload.verdict.meaning != Meaning::success) return upload;
    try {
        const ParsedJson json(surroundings_.json, response.body);
        upload.media_id = settings_.is_v2 ? upload.verdict.remote_id : json["media_id_string"].text_or("");
    } catch (const fedmsg_hub::ValueError&) {
        // No id: said below.
    }
    if (upload.media_id.empty())
        upload.verdict = {Meaning::permanent, "the service gave no id for the picture", {}, {}};
    return upload;
}

Upload XClient::media_state(const std::string& media_id) {
    return {{Meaning::success, {}, {}, {}}, media_id, true};  // pictures are ready when their id is there
}

std::string XClient::me_url() const {
    return join_url(settings_.base_url, settings_.is_v2 ? "2/users/me" : "1.1/account/verify_credentials.json");
}

Verdict XClient::ask_who_we_are(bool may_refresh) {
    const Verdict verdict = as_question(verdict_of(send(request("GET", me_url()), {}, may_refresh)));
    if (verdict.meaning == Meaning::success) user_id_ = verdict.remote_id;
    return verdict;
}

// Access tokens live for hours, and a check renews nothing: an expired one is no problem while there is a refresh
// token.
Verdict XClient::check() {
    Verdict verdict = ask_who_we_are(false);
    const bool is_renewable = settings_.auth == Auth::oauth2 && !credentials_.refresh_token.empty();
    if (verdict.meaning == Meaning::account_fault && is_renewable && is_unauthorized_)
        return {Meaning::success, "the access token has expired; the next post renews it", {}, {}};
    return verdict;
}

std::string XClient::own_posts_url(Verdict* verdict) {
    const std::string count = std::to_string(kLatestPosts);
    if (!settings_.is_v2)
        return join_url(settings_.base_url, "1.1/statuses/user_timeline.json?tweet_mode=extended&count=" + count);
    if (user_id_.empty()) *verdict = ask_who_we_are(true);
    if (user_id_.empty()) return {};
    return join_url(settings_.base_url, "2/users/" + fedmsg_plugins::percent_encode(user_id_) +
                                            "/tweets?max_results=" + count + "&tweet.fields=created_at,entities");
}

Found XClient::find_own(const std::string& text, double since, Verdict* verdict) {
    const std::string url = own_posts_url(verdict);
    if (url.empty()) return Found::unknown;
    const HttpResponse response = send(request("GET", url));
    *verdict = as_question(verdict_of(response));
    if (verdict->meaning != Meaning::success) return Found::unknown;
    try {
        const ParsedJson json(surroundings_.json, response.body);
        const Value posts = settings_.is_v2 ? json["data"] : json.root();
        for (const Value post : posts.elements()) {
            const double time = time_of(post);
            if ((time > 0 && time < since - kClockTolerance) || !is_same_post(text, post)) continue;
            verdict->remote_id = settings_.is_v2 ? post["id"].display() : post["id_str"].display();
            return Found::yes;
        }
        return Found::no;
    } catch (const fedmsg_hub::ValueError& error) {
        *verdict = {Meaning::transient, error.what(), {}, {}};
        return Found::unknown;
    }
}

}  // namespace twitterbot
