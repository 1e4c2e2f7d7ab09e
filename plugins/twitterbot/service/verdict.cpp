#include "twitterbot/service/verdict.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <iterator>
#include <set>

namespace twitterbot {

using fedmsg_hub::ParsedJson;
using fedmsg_hub::Value;
using fedmsg_plugins::HttpFate;
using fedmsg_plugins::HttpProblem;
using fedmsg_plugins::HttpResponse;

namespace {

constexpr double kLongestWait = 24 * 3600;

std::optional<ParsedJson> parsed(const HttpResponse& response, const fedmsg_hub_json* json) {
    try {
        return ParsedJson(json, response.body);
    } catch (const fedmsg_hub::ValueError&) {
        return std::nullopt;  // a proxy's page of HTML, for example
    }
}

// What an error answer says: X v1.1 {"errors": [{"code", "message"}]}, X v2 {"title", "detail", "type"}, Mastodon
// {"error"}.
struct Complaint {
    std::set<std::int64_t> codes;
    std::string text;  // for people, cut
    std::string kind;  // what X v2 has for machines
    bool says_duplicate = false;

    explicit Complaint(const Value& body) {
        for (const Value error : body["errors"].elements()) {
            if (error["code"].is_integer()) codes.insert(error["code"].integer_or(0));
            add(error["message"]);
            add(error["detail"]);
        }
        for (const char* key : {"title", "detail", "error", "error_description", "reason"}) add(body[key]);
        kind = body["type"].text_or("") + " " + body["reason"].text_or("");
        std::string lower = text;
        for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        says_duplicate = lower.find("duplicate") != std::string::npos;
    }
    bool has(std::initializer_list<std::int64_t> some) const {
        return std::any_of(some.begin(), some.end(), [this](std::int64_t code) { return codes.count(code) != 0; });
    }
    // The words of API v2 for what v1.1 numbers 261 and 453: this application may not do that.
    bool blames_the_application() const {
        static constexpr std::string_view kKinds[] = {"client-forbidden", "client-not-enrolled", "oauth1-permissions",
                                                      "unsupported-authentication"};
        return std::any_of(std::begin(kKinds), std::end(kKinds),
                           [this](std::string_view one) { return kind.find(one) != std::string::npos; });
    }

private:
    void add(const Value& part) {
        if (!part.is_string() || text.size() > 200) return;
        text += (text.empty() ? "" : "; ") + part.text_or("").substr(0, 200);
    }
};

std::string remote_id(const Value& body) {
    for (const Value& id : {body["data"]["id"], body["id_str"], body["id"]})
        if (id.is_string() || id.is_integer()) return id.display();
    return {};
}

Verdict unanswered(const HttpResponse& response) {
    Verdict out;
    out.reason = response.error;
    if (response.fate == HttpFate::ambiguous)
        out.meaning = Meaning::ambiguous;
    else if (response.problem == HttpProblem::cancelled)
        out.meaning = Meaning::cancelled;
    else if (response.problem == HttpProblem::bad_url || response.problem == HttpProblem::forbidden_address)
        out.meaning = Meaning::account_fault;
    return out;
}

Meaning meaning_for_x(int status, const Complaint& said) {
    if (said.has({187}) || (status == 403 && said.says_duplicate)) return Meaning::duplicate;
    if (said.has({88, 185}) || status == 429) return Meaning::rate;
    // 64, 326: suspended, locked; 261, 453: the application may not post.
    if (said.has({32, 89, 64, 326, 261, 453}) || status == 401) return Meaning::account_fault;
    if (status == 403 && said.blames_the_application()) return Meaning::account_fault;
    if (said.has({186}) || status == 400 || status == 422) return Meaning::bad_text;
    return status == 403 ? Meaning::permanent : Meaning::transient;
}

Meaning meaning_for_mastodon(int status) {
    if (status == 401 || status == 403) return Meaning::account_fault;
    if (status == 400 || status == 422) return Meaning::bad_text;
    return status == 429 ? Meaning::rate : Meaning::transient;
}

Meaning meaning_of(ServiceKind service, int status, const Complaint& said) {
    const Meaning special = service == ServiceKind::x ? meaning_for_x(status, said) : meaning_for_mastodon(status);
    if (special != Meaning::transient || status >= 500 || status == 408 || status == 425) return special;
    // Wrong addresses and redirects: every post would fail, so it is the account that is at fault.
    if (status < 400 || status == 404 || status == 405 || status == 410) return Meaning::account_fault;
    return Meaning::permanent;
}

std::optional<double> number_in(std::string_view text) {
    double out = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
    return out;
}

}  // namespace

const char* name_of(Meaning meaning) {
    static constexpr const char* kNames[] = {"success", "duplicate", "bad text",  "permanent", "account fault",
                                             "rate",    "transient", "ambiguous", "cancelled"};
    return kNames[static_cast<std::size_t>(meaning)];
}

Verdict classify(ServiceKind service, const HttpResponse& response, const fedmsg_hub_json* json, double now) {
    const bool is_2xx = response.status >= 200 && response.status < 300;
    // The status line is an answer even if the rest of it was lost.
    if (!response.is_answered() && !is_2xx && response.status < 300) return unanswered(response);
    const std::optional<ParsedJson> body = parsed(response, json);
    Verdict out;
    if (is_2xx) {
        out.meaning = Meaning::success;
        if (body) out.remote_id = remote_id(body->root());
        return out;
    }
    const Complaint said(body ? body->root() : Value());
    out.meaning = meaning_of(service, response.status, said);
    out.reason = "HTTP status " + std::to_string(response.status) + (said.text.empty() ? "" : ": " + said.text);
    if (out.meaning == Meaning::rate) out.until = reset_time(response, now);
    out.is_daily_limit = service == ServiceKind::x && said.has({185});
    return out;
}

Verdict as_question(Verdict verdict) {
    if (verdict.meaning == Meaning::ambiguous) verdict.meaning = Meaning::transient;
    return verdict;
}

Verdict as_upload(Verdict verdict, int status) {
    verdict = as_question(std::move(verdict));  // a picture that nobody sees
    const bool is_refused = status == 401 || status == 403;
    if (verdict.meaning == Meaning::account_fault && status != 0 && !is_refused) verdict.meaning = Meaning::permanent;
    return verdict;
}

std::optional<double> parse_iso_time(std::string_view text) {
    std::tm time{};
    const std::string copy(text);
    const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
    if (rest == nullptr) return std::nullopt;
    double out = static_cast<double>(timegm(&time));
    if (*rest == '.') {
        const char* digits = rest + 1;
        rest = digits + std::strspn(digits, "0123456789");
        out += number_in("0." + std::string(digits, rest)).value_or(0);
    }
    if (std::string_view(rest).empty() || std::string_view(rest) == "Z") return out;
    std::tm zone{};
    const char* end = strptime(rest, "%z", &zone);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return out - static_cast<double>(zone.tm_gmtoff);
}

std::optional<double> parse_post_time(std::string_view text) {
    static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = {};
    std::tm time{};
    const std::string copy(text);
    if (std::sscanf(copy.c_str(), "%*3s %3s %d %d:%d:%d +0000 %d", month, &time.tm_mday, &time.tm_hour, &time.tm_min,
                    &time.tm_sec, &time.tm_year) != 6)
        return parse_iso_time(text);
    const auto at = kMonths.find(month);
    if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
    time.tm_mon = static_cast<int>(at / 3);
    time.tm_year -= 1900;
    return static_cast<double>(timegm(&time));
}

std::optional<double> reset_time(const HttpResponse& response, double now) {
    std::optional<double> out;
    const auto since_epoch =
        std::chrono::duration_cast<std::chrono::system_clock::duration>(std::chrono::duration<double>(now));
    if (const auto wait = fedmsg_plugins::retry_after(response, std::chrono::system_clock::time_point(since_epoch)))
        out = now + static_cast<double>(wait->count());
    for (const char* name : {"x-rate-limit-reset", "x-ratelimit-reset"}) {
        const auto header = response.header(name);
        if (!header || out) continue;
        out = number_in(*header);
        if (!out) out = parse_iso_time(*header);
    }
    if (out) out = std::clamp(*out, now + 1, now + kLongestWait);
    return out;
}

std::optional<double> exhausted_until(const HttpResponse& response, double now) {
    for (const char* name : {"x-rate-limit-remaining", "x-ratelimit-remaining"})
        if (const auto header = response.header(name); header && number_in(*header) == 0.0)
            return reset_time(response, now);
    return std::nullopt;
}

}  // namespace twitterbot
