// The clients of X and Mastodon against scripted answers: what they send, and what they make of what comes back. The
// error table of consumers/twitterbot.md 4.3 is here row by row.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <fedmsg_hub/testing.hpp>

#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "twitterbot/service/mastodon_client.hpp"
#include "twitterbot/service/x_client.hpp"

namespace {

using namespace twitterbot;
using fedmsg_plugins::HttpFate;
using fedmsg_plugins::HttpProblem;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;

constexpr double kNow = 1767225600;  // 2026-01-01T00:00:00Z

HttpResponse answer(int status, const std::string& body = "{}", fedmsg_plugins::HttpHeaders headers = {}) {
    HttpResponse out;
    out.fate = HttpFate::answered;
    out.status = status;
    out.body = body;
    out.headers = std::move(headers);
    return out;
}

HttpResponse no_answer(HttpFate fate, HttpProblem problem) {
    HttpResponse out;
    out.fate = fate;
    out.problem = problem;
    out.error = "no answer";
    return out;
}

std::string header_of(const HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

class AClient : public ::testing::Test {
protected:
    AClient() {
        std::string pattern = (std::filesystem::temp_directory_path() / "twitterbot-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
        directory_ = pattern;
    }
    ~AClient() override { std::filesystem::remove_all(directory_); }

    Surroundings surroundings() {
        Surroundings out;
        out.send = [this](const HttpRequest& request) {
            requests_.push_back(request);
            if (answers_.empty()) return answer(599);
            HttpResponse next = answers_.front();
            answers_.pop_front();
            return next;
        };
        out.now = [this] { return now_; };
        out.nonce = [this] { return "nonce" + std::to_string(++nonces_); };
        out.json = fedmsg_hub::testing::json_functions();
        return out;
    }
    std::string file() const { return directory_ + "/credentials.json"; }
    void write_tokens(const std::string& access, const std::string& refresh) const {
        std::ofstream(file()) << R"({"client_id": "id", "note": "kept", "access_token": ")" << access
                              << R"(", "refresh_token": ")" << refresh << "\"}";
        chmod(file().c_str(), 0600);
    }
    XClient x(bool is_v2 = true) {
        Credentials keys;
        keys.oauth1 = {"ck", "cs", "at", "ts"};
        return {{"http://x.example", "", is_v2, Auth::oauth1, ""}, keys, surroundings()};
    }
    XClient x_with_tokens() {
        write_tokens("old", "refresh");
        const auto* json = fedmsg_hub::testing::json_functions();
        return {{"http://x.example", "", true, Auth::oauth2, file()},
                read_credentials(file(), Auth::oauth2, json),
                surroundings()};
    }
    MastodonClient mastodon() {
        Credentials token;
        token.bearer = "secret";
        return {"http://m.example", token, surroundings()};
    }
    static Post post(const std::string& media = {}) { return {"hello", media, "unlisted", "en", "2026-1"}; }

    std::string directory_;
    std::deque<HttpResponse> answers_;
    std::vector<HttpRequest> requests_;
    double now_ = kNow;
    int nonces_ = 0;
};

// ---- The table

struct Row {
    const char* name;
    ServiceKind service;
    HttpResponse response;
    Meaning meaning;
};

std::string code(int number) {
    return R"({"errors": [{"code": )" + std::to_string(number) + R"(, "message": "m"}]})";
}

std::vector<Row> table() {
    const auto x = ServiceKind::x;
    const auto m = ServiceKind::mastodon;
    const std::string words(300, 'w');
    const std::string problem = "https://api.twitter.com/2/problems/";
    return {
        {"created", x, answer(201, R"({"data": {"id": "1"}})"), Meaning::success},
        {"ok", m, answer(200, R"({"id": "1"})"), Meaning::success},
        {"403 duplicate", x, answer(403, R"({"detail": "duplicate content"})"), Meaning::duplicate},
        {"187", x, answer(403, code(187)), Meaning::duplicate},
        {"186", x, answer(403, code(186)), Meaning::bad_text},
        {"400", x, answer(400), Meaning::bad_text},
        {"422 on X", x, answer(422), Meaning::bad_text},
        {"422 on Mastodon", m, answer(422, R"({"error": "too long"})"), Meaning::bad_text},
        {"401 on X", x, answer(401), Meaning::account_fault},
        {"401 on Mastodon", m, answer(401), Meaning::account_fault},
        {"32", x, answer(400, code(32)), Meaning::account_fault},
        {"89", x, answer(400, code(89)), Meaning::account_fault},
        {"261", x, answer(403, code(261)), Meaning::account_fault},
        {"453", x, answer(403, code(453)), Meaning::account_fault},
        {"453 in words, behind a long explanation", x,
         answer(403, R"({"detail": ")" + words + R"(", "type": ")" + problem + R"(client-forbidden"})"),
         Meaning::account_fault},
        {"261 in words", x, answer(403, R"({"type": ")" + problem + R"(oauth1-permissions"})"), Meaning::account_fault},
        {"not enrolled", x, answer(403, R"({"reason": "client-not-enrolled"})"), Meaning::account_fault},
        {"another 403", x, answer(403, R"({"detail": "no"})"), Meaning::permanent},
        {"429 on X", x, answer(429), Meaning::rate},
        {"429 on Mastodon", m, answer(429), Meaning::rate},
        {"88", x, answer(400, code(88)), Meaning::rate},
        {"185", x, answer(403, code(185)), Meaning::rate},
        {"500", x, answer(500), Meaning::transient},
        {"503", m, answer(503, "<html>busy</html>"), Meaning::transient},
        {"refused", x, no_answer(HttpFate::not_sent, HttpProblem::unreachable), Meaning::transient},
        {"no such name", m, no_answer(HttpFate::not_sent, HttpProblem::unresolved), Meaning::transient},
        {"lost", x, no_answer(HttpFate::ambiguous, HttpProblem::connection_lost), Meaning::ambiguous},
        {"no answer in time", m, no_answer(HttpFate::ambiguous, HttpProblem::timed_out), Meaning::ambiguous},
    };
}

TEST(TheErrorTable, IsFollowedRowByRow) {
    for (const Row& row : table()) {
        const Verdict verdict = classify(row.service, row.response, fedmsg_hub::testing::json_functions(), kNow);
        EXPECT_STREQ(name_of(verdict.meaning), name_of(row.meaning)) << row.name;
    }
}

TEST(Times, AreReadInAllNotationsOfTheServices) {
    EXPECT_EQ(parse_iso_time("2026-01-01T00:00:00.500Z"), kNow + 0.5);
    EXPECT_EQ(parse_iso_time("2026-01-01T02:00:00+02:00"), kNow);
    EXPECT_EQ(parse_iso_time("2026-01-01T00:00:00 or so"), std::nullopt);
    EXPECT_EQ(parse_post_time("Thu Jan 01 00:00:00 +0000 2026"), kNow);
    EXPECT_EQ(parse_post_time("2026-01-01T00:00:00.000Z"), kNow);
    EXPECT_EQ(parse_post_time("Thu anF 01 00:00:00 +0000 2026"), std::nullopt);
    EXPECT_EQ(parse_post_time("yesterday"), std::nullopt);
}

// ---- X

TEST_F(AClient, OfXSendsJsonThatIsNotSignedAndANewNonceEachTime) {
    XClient client = x();
    answers_ = {answer(201, R"({"data": {"id": "5"}})"), answer(201, R"({"data": {"id": "6"}})")};
    EXPECT_EQ(client.post(post("m1")).remote_id, "5");
    EXPECT_EQ(client.post(post()).remote_id, "6");
    EXPECT_EQ(requests_[0].url, "http://x.example/2/tweets");
    EXPECT_EQ(requests_[0].body, R"({"text":"hello","media":{"media_ids":["m1"]}})");
    EXPECT_EQ(header_of(requests_[0], "Authorization"),
              oauth1_header("POST", "http://x.example/2/tweets", {}, {"ck", "cs", "at", "ts"},
                            {"nonce1", static_cast<long long>(kNow)}));
    EXPECT_NE(header_of(requests_[1], "Authorization").find("nonce2"), std::string::npos);
}

TEST_F(AClient, OfXUploadsToTheAddressOfItsApi) {
    answers_ = {answer(200, R"({"data": {"id": "7"}})"), answer(200, R"({"media_id_string": "8"})")};
    XClient now = x();
    XClient old = x(false);
    EXPECT_EQ(now.upload({"bytes", "image/png", ""}).media_id, "7");
    EXPECT_EQ(old.upload({"bytes", "image/png", ""}).media_id, "8");
    EXPECT_EQ(requests_[0].url, "http://x.example/2/media/upload");
    EXPECT_EQ(requests_[1].url, "http://x.example/1.1/media/upload.json");
    ASSERT_EQ(requests_[0].parts.size(), 2u);
    EXPECT_EQ(requests_[0].parts[0].content, "bytes");
    EXPECT_EQ(requests_[0].parts[1].content, "tweet_image");
}

TEST_F(AClient, OfXDoesNotBlameTheAccountWhereNothingTakesPictures) {
    XClient client = x(false);
    answers_ = {answer(404), answer(401)};
    EXPECT_EQ(client.upload({"bytes", "image/png", ""}).verdict.meaning, Meaning::permanent);
    EXPECT_EQ(client.upload({"bytes", "image/png", ""}).verdict.meaning, Meaning::account_fault);
}

TEST_F(AClient, OfTheOldApiFindsItsPostInFullAndNoOlderOne) {
    XClient client = x(false);
    const std::string posts = R"([{"id_str": "1", "full_text": "hello", "created_at": "Wed Dec 31 20:00:00 +0000 2025"},
        {"id_str": "2", "text": "hel…", "full_text": "hello", "created_at": "Thu Jan 01 00:00:01 +0000 2026"}])";
    answers_ = {answer(200, posts)};
    Verdict verdict;
    EXPECT_EQ(client.find_own("hello", kNow, &verdict), Found::yes);
    EXPECT_EQ(verdict.remote_id, "2");
}

TEST_F(AClient, OfXMayAskAgainWhenALookUpWasNotAnswered) {
    XClient client = x(false);
    answers_ = {no_answer(HttpFate::ambiguous, HttpProblem::timed_out)};
    Verdict verdict;
    EXPECT_EQ(client.find_own("hello", kNow, &verdict), Found::unknown);
    EXPECT_EQ(verdict.meaning, Meaning::transient);
}

// ---- OAuth 2

TEST_F(AClient, RenewsExpiredTokensAndKeepsThemInItsFile) {
    XClient client = x_with_tokens();
    answers_ = {answer(401), answer(200, R"({"access_token": "new", "refresh_token": "next"})"),
                answer(201, R"({"data": {"id": "5"}})")};
    EXPECT_EQ(client.post(post()).remote_id, "5");
    ASSERT_EQ(requests_.size(), 3u);
    EXPECT_EQ(header_of(requests_[0], "Authorization"), "Bearer old");
    EXPECT_EQ(requests_[1].body, "grant_type=refresh_token&refresh_token=refresh&client_id=id");
    EXPECT_EQ(header_of(requests_[2], "Authorization"), "Bearer new");
    EXPECT_EQ(requests_[2].body, requests_[0].body);
    const Credentials kept = read_credentials(file(), Auth::oauth2, fedmsg_hub::testing::json_functions());
    EXPECT_EQ(kept.bearer, "new");
    EXPECT_EQ(kept.refresh_token, "next");
    struct stat status {};
    ASSERT_EQ(stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(AClient, TakesTokensThatAnotherProcessHasRenewed) {
    XClient client = x_with_tokens();
    write_tokens("theirs", "refresh2");
    answers_ = {answer(401), answer(201, R"({"data": {"id": "5"}})")};
    EXPECT_EQ(client.post(post()).meaning, Meaning::success);
    ASSERT_EQ(requests_.size(), 2u);
    EXPECT_EQ(header_of(requests_[1], "Authorization"), "Bearer theirs");
}

TEST_F(AClient, TriesAgainLaterWhenTokensCannotBeRenewedForTheMoment) {
    XClient client = x_with_tokens();
    answers_ = {answer(401), answer(503)};
    const Verdict verdict = client.post(post());
    EXPECT_EQ(verdict.meaning, Meaning::transient);
    EXPECT_NE(verdict.reason.find("503"), std::string::npos) << verdict.reason;
}

TEST_F(AClient, SaysWhyTokensCannotBeRenewedAtAll) {
    XClient client = x_with_tokens();
    answers_ = {answer(401), answer(400, R"({"error": "invalid_grant"})")};
    const Verdict verdict = client.post(post());
    EXPECT_EQ(verdict.meaning, Meaning::account_fault);
    EXPECT_NE(verdict.reason.find("invalid_grant"), std::string::npos) << verdict.reason;
    EXPECT_EQ(verdict.reason.find("refresh\""), std::string::npos) << verdict.reason;
}

TEST_F(AClient, ChecksWithoutRenewingTokens) {
    XClient client = x_with_tokens();
    answers_ = {answer(401), answer(403, code(453))};
    EXPECT_EQ(client.check().meaning, Meaning::success);
    EXPECT_EQ(requests_.size(), 1u);
    EXPECT_EQ(client.check().meaning, Meaning::account_fault);
}

// ---- Mastodon

TEST_F(AClient, OfMastodonSendsItsKeyWithEachPost) {
    MastodonClient client = mastodon();
    answers_ = {answer(200, R"({"id": "3"})")};
    EXPECT_EQ(client.post(post("m1")).remote_id, "3");
    EXPECT_EQ(header_of(requests_[0], "Idempotency-Key"), "twitterbot:2026-1");
    EXPECT_EQ(header_of(requests_[0], "Authorization"), "Bearer secret");
    EXPECT_EQ(requests_[0].body, "status=hello&media_ids%5B%5D=m1&visibility=unlisted&language=en");
}

TEST_F(AClient, OfMastodonAsksForLimitsOnceADay) {
    MastodonClient client = mastodon();
    answers_ = {answer(200, R"({"configuration": {"statuses": {"max_characters": 600}}})"), answer(503)};
    EXPECT_EQ(client.length_rule().limit, 600u);
    EXPECT_EQ(client.length_rule().url, 23u);
    now_ += 24 * 3600 - 1;
    client.length_rule();
    EXPECT_EQ(requests_.size(), 1u);
    now_ += 1;
    EXPECT_EQ(client.length_rule().limit, 600u) << "a server in trouble changes no limits";
    EXPECT_EQ(requests_.size(), 2u);
}

TEST_F(AClient, OfMastodonWaitsForPicturesAndSaysWhenTheyAreGone) {
    MastodonClient client = mastodon();
    answers_ = {answer(404), answer(202, R"({"id": "m1"})"), answer(206), answer(200, R"({"id": "m1"})"), answer(404)};
    const Upload upload = client.upload({"bytes", "image/png", "a badge"});
    EXPECT_EQ(upload.media_id, "m1");
    EXPECT_FALSE(upload.is_ready);
    EXPECT_EQ(requests_[1].parts.at(1).content, "a badge");
    EXPECT_FALSE(client.media_state("m1").is_ready);
    EXPECT_TRUE(client.media_state("m1").is_ready);
    EXPECT_EQ(client.media_state("m1").verdict.meaning, Meaning::permanent);
}

TEST_F(AClient, OfMastodonUploadsNothingThatIsLargerThanTheServerTakes) {
    MastodonClient client = mastodon();
    answers_ = {answer(200, R"({"configuration": {"media_attachments": {"image_size_limit": 4}}})")};
    EXPECT_EQ(client.upload({"bytes", "image/png", ""}).verdict.meaning, Meaning::permanent);
    EXPECT_EQ(requests_.size(), 1u);
}

}  // namespace
