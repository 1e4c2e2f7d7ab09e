// Signing, verdicts and pictures: everything of the services that needs no server.
#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <optional>
#include <string>

#include "twitterbot/service/oauth1.hpp"
#include "twitterbot/service/oauth2.hpp"
#include "twitterbot/service/picture.hpp"
#include "twitterbot/service/verdict.hpp"
#include "twitterbot/service/x_client.hpp"

namespace {

using namespace twitterbot;
using fedmsg_plugins::HttpFate;
using fedmsg_plugins::HttpProblem;
using fedmsg_plugins::HttpResponse;

const OAuth1Keys kSampleKeys{"xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
                             "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
                             "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"};
const OAuth1Moment kSampleMoment{"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", 1318622958};
const fedmsg_plugins::Parameters kSampleForm{{"status", "Hello Ladies + Gentlemen, a signed OAuth request!"}};

TEST(AnOAuth1Signature, IsThatOfTheServicesOwnSample) {
    EXPECT_EQ(oauth1_signature("POST", "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
                               kSampleForm, kSampleKeys, kSampleMoment),
              "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    EXPECT_EQ(oauth1_signature("POST", "https://api.twitter.com/1/statuses/update.json?include_entities=true",
                               kSampleForm, kSampleKeys, kSampleMoment),
              "tnnArxj06cWHq44gCs1OSKk/jLY=");
}

TEST(AnOAuth1Signature, LeavesJsonBodiesOutAndFormsIn) {
    const OAuth1Keys keys{"ck", "cs", "at", "ts"};
    const OAuth1Moment moment{"n0nce", 1700000000};
    EXPECT_EQ(oauth1_signature("POST", "http://127.0.0.1:8080/2/tweets", {}, keys, moment),
              "awJBgkS8wzajlzKlQS25RkwQ4J4=");
    EXPECT_EQ(oauth1_signature("POST", "http://127.0.0.1:8080/1.1/statuses/update.json",
                               {{"status", "ralph's nethack-4.0.0-1.fc20 completed \u2603 100%"}}, keys, moment),
              "GZqxtdOnD06no1NJUcXvvP95sHk=");
}

TEST(AnOAuth1Header, HoldsEverythingButSecrets) {
    const std::string header =
        oauth1_header("POST", "http://127.0.0.1:8080/2/tweets", {}, {"ck", "cs", "at", "ts"}, {"n0nce", 1700000000});
    EXPECT_EQ(header,
              "OAuth oauth_consumer_key=\"ck\", oauth_nonce=\"n0nce\", "
              "oauth_signature=\"awJBgkS8wzajlzKlQS25RkwQ4J4%3D\", oauth_signature_method=\"HMAC-SHA1\", "
              "oauth_timestamp=\"1700000000\", oauth_token=\"at\", oauth_version=\"1.0\"");
}

TEST(PkceChallenges, AreThoseOfTheStandard) {
    EXPECT_EQ(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(AnAnswerOfTheConsentPage, MustBelongToTheUrlThatWasPrinted) {
    const Consent consent{"v", "s1"};
    EXPECT_EQ(code_from("http://127.0.0.1:8765/?state=s1&code=c", consent), "c");
    EXPECT_EQ(code_from("c", consent), "c");
    EXPECT_THROW(code_from("http://127.0.0.1/?state=other&code=c", consent), std::invalid_argument);
    EXPECT_THROW(code_from("http://127.0.0.1/?error=access_denied", consent), std::invalid_argument);
}

constexpr double kNow = 1767225600;

HttpResponse answer(int status, const std::string& body = "{}", fedmsg_plugins::HttpHeaders headers = {}) {
    HttpResponse response;
    response.fate = HttpFate::answered;
    response.status = status;
    response.body = body;
    response.headers = std::move(headers);
    return response;
}

Verdict on_x(const HttpResponse& response) {
    return classify(ServiceKind::x, response, fedmsg_hub::testing::json_functions(), kNow);
}
Verdict on_mastodon(const HttpResponse& response) {
    return classify(ServiceKind::mastodon, response, fedmsg_hub::testing::json_functions(), kNow);
}
std::string code(int number) {
    return R"({"errors": [{"code": )" + std::to_string(number) + R"(, "message": "m"}]})";
}

TEST(AnAnswer, OfSuccessBringsTheId) {
    EXPECT_EQ(on_x(answer(201, R"({"data": {"id": "12", "text": "x"}})")).remote_id, "12");
    EXPECT_EQ(on_x(answer(200, R"({"id": 5, "id_str": "6"})")).remote_id, "6");
    EXPECT_EQ(on_mastodon(answer(200, R"({"id": "9"})")).meaning, Meaning::success);
    EXPECT_EQ(on_x(answer(200, "not JSON")).meaning, Meaning::success);
}

TEST(AnAnswer, OfADuplicateCountsAsDone) {
    EXPECT_EQ(
        on_x(answer(403, R"({"detail": "You are not allowed to create a Tweet with Duplicate content."})")).meaning,
        Meaning::duplicate);
    EXPECT_EQ(on_x(answer(403, code(187))).meaning, Meaning::duplicate);
}

TEST(AnAnswer, OfABadTextIsToBeShortened) {
    EXPECT_EQ(on_x(answer(403, code(186))).meaning, Meaning::bad_text);
    EXPECT_EQ(on_x(answer(400)).meaning, Meaning::bad_text);
    EXPECT_EQ(on_mastodon(answer(422, R"({"error": "too long"})")).meaning, Meaning::bad_text);
}

TEST(AnAnswer, CanBeTheAccountsFault) {
    EXPECT_EQ(on_x(answer(401)).meaning, Meaning::account_fault);
    for (const int number : {32, 89, 261, 453})
        EXPECT_EQ(on_x(answer(403, code(number))).meaning, Meaning::account_fault);
    EXPECT_EQ(on_mastodon(answer(401)).meaning, Meaning::account_fault);
    EXPECT_EQ(on_x(answer(404)).meaning, Meaning::account_fault);
    EXPECT_EQ(on_x(answer(301)).meaning, Meaning::account_fault);
}

TEST(AnAnswer, OfOtherKindsIsPermanent) {
    EXPECT_EQ(on_x(answer(403, R"({"detail": "no"})")).meaning, Meaning::permanent);
    EXPECT_EQ(on_x(answer(413)).meaning, Meaning::permanent);
}

TEST(AnAnswer, CanAskForAPause) {
    const Verdict with_reset = on_x(answer(429, "{}", {{"x-rate-limit-reset", "1767226000"}}));
    EXPECT_EQ(with_reset.meaning, Meaning::rate);
    EXPECT_EQ(with_reset.until, 1767226000);
    EXPECT_EQ(on_x(answer(429)).until, std::nullopt);
    EXPECT_EQ(on_x(answer(420, code(88))).meaning, Meaning::rate);
    EXPECT_TRUE(on_x(answer(403, code(185))).is_daily_limit);
    EXPECT_EQ(on_mastodon(answer(429, "{}", {{"x-ratelimit-reset", "2026-01-01T00:05:00.000Z"}})).until, kNow + 300);
    EXPECT_EQ(on_mastodon(answer(429, "{}", {{"retry-after", "30"}})).until, kNow + 30);
    EXPECT_EQ(on_x(answer(429, "{}", {{"x-rate-limit-reset", "99999999999"}})).until, kNow + 86400);
}

TEST(AnAnswer, OfTheServersOwnFaultIsTransient) {
    for (const int status : {500, 502, 503, 504, 408}) {
        EXPECT_EQ(on_x(answer(status)).meaning, Meaning::transient);
        EXPECT_EQ(on_mastodon(answer(status)).meaning, Meaning::transient);
    }
}

TEST(ARequestWithoutAnswer, MayHaveBeenHeardOrNot) {
    HttpResponse response;
    response.fate = HttpFate::not_sent;
    response.problem = HttpProblem::unreachable;
    EXPECT_EQ(on_x(response).meaning, Meaning::transient);
    response.problem = HttpProblem::unresolved;
    EXPECT_EQ(on_x(response).meaning, Meaning::transient);
    response.problem = HttpProblem::cancelled;
    EXPECT_EQ(on_x(response).meaning, Meaning::cancelled);
    response.fate = HttpFate::ambiguous;
    EXPECT_EQ(on_x(response).meaning, Meaning::ambiguous);
    response.status = 201;  // the rest was cut off
    EXPECT_EQ(on_x(response).meaning, Meaning::success);
}

TEST(ARemainderOfZero, SaysUntilWhen) {
    EXPECT_EQ(exhausted_until(
                  answer(200, "{}", {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "1767225700"}}), kNow),
              1767225700);
    EXPECT_EQ(exhausted_until(
                  answer(200, "{}", {{"x-rate-limit-remaining", "3"}, {"x-rate-limit-reset", "1767225700"}}), kNow),
              std::nullopt);
}

bool is_same(const std::string& ours, const std::string& theirs) {
    const fedmsg_hub::ParsedJson json(fedmsg_hub::testing::json_functions(), theirs);
    return is_same_post(ours, json.root());
}

TEST(APostOfOurOwn, IsRecognisedBehindTheServicesLinks) {
    const std::string ours = "a & b https://example.org/x";
    EXPECT_TRUE(is_same(ours, R"({"text": "a &amp; b https://t.co/1", "entities": {"urls": [
        {"url": "https://t.co/1", "expanded_url": "https://example.org/x"}]}})"));
    EXPECT_TRUE(is_same(ours, R"({"text": "a &amp; b https://t.co/1 https://t.co/2", "entities": {"urls": [
        {"url": "https://t.co/1", "expanded_url": "https://example.org/x"},
        {"url": "https://t.co/2", "expanded_url": "https://x.com/u/status/1/photo/1"}]}})"));
    EXPECT_FALSE(is_same(ours, R"({"text": "a &amp; b https://t.co/1", "entities": {"urls": [
        {"url": "https://t.co/1", "expanded_url": "https://example.org/other"}]}})"));
    EXPECT_TRUE(is_same(ours, R"({"text": "a &amp; b https://t.co/1"})"));
    EXPECT_TRUE(is_same(ours, R"({"text": "a &amp; b https://t.co/1 https://t.co/2"})"));
    EXPECT_FALSE(is_same(ours, R"({"text": "a &amp; c https://t.co/1"})"));
}

TEST(Pictures, AreRecognisedByTheirFirstBytes) {
    EXPECT_EQ(picture_type("\x89PNG\r\n\x1a\nrest"), "image/png");
    EXPECT_EQ(picture_type("\xff\xd8\xff\xe0"), "image/jpeg");
    EXPECT_EQ(picture_type("GIF89a"), "image/gif");
    EXPECT_EQ(picture_type("RIFF1234WEBPVP8 "), "image/webp");
    for (const char* text : {"", "<svg/>", "GIF", "RIFF1234WAVE", "<html>"})
        EXPECT_EQ(picture_type(text), std::nullopt);
}

TEST(ThePictureCache, AsksForEachPictureOnceAndForBadOnesLater) {
    int asked = 0;
    PictureCache cache([&asked](const fedmsg_plugins::HttpRequest& request) {
        ++asked;
        EXPECT_EQ(request.redirects, 3);
        return answer(request.url == "good" ? 200 : 404, "GIF89a");
    });
    EXPECT_EQ(cache.get("good", kNow).content_type, "image/gif");
    EXPECT_EQ(cache.get("good", kNow + 1000).problem, "");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(cache.get("bad", kNow).problem, "HTTP status 404");
    cache.get("bad", kNow + 599);
    EXPECT_EQ(asked, 2);
    cache.get("bad", kNow + 601);
    EXPECT_EQ(asked, 3);
}

}  // namespace
