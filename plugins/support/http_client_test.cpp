#include "support/http_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/testing/loopback_server.hpp"

namespace {

using namespace std::chrono_literals;
using fedmsg_plugins::HttpClient;
using fedmsg_plugins::HttpFate;
using fedmsg_plugins::HttpOptions;
using fedmsg_plugins::HttpProblem;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;
using fedmsg_plugins::retry_after;
using fedmsg_plugins::testing::LoopbackServer;
using fedmsg_plugins::testing::unused_port;

LoopbackServer::Handler always(const std::string& answer) {
    return [answer](const std::string&) { return answer; };
}

HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return request;
}

HttpRequest post(const std::string& url, const std::string& body = "payload") {
    HttpRequest request = get(url);
    request.method = "POST";
    request.body = body;
    return request;
}

TEST(AnHttpClient, GivesStatusHeadersAndBody) {
    LoopbackServer server(always(LoopbackServer::answer(201, "made", "X-Rate-Limit-Reset: 1700000000\r\n")));
    HttpClient client({.user_agent = "tester/1"});
    const HttpResponse response = client.send(get(server.url("/a?b=c")));
    EXPECT_TRUE(response.is_success());
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body, "made");
    EXPECT_EQ(response.header("x-rate-limit-reset"), "1700000000");
    EXPECT_EQ(response.header("x-other"), std::nullopt);
    EXPECT_EQ(server.requests().at(0).rfind("GET /a?b=c HTTP/1.1\r\n", 0), 0u);
    EXPECT_NE(server.requests().at(0).find("User-Agent: tester/1\r\n"), std::string::npos);
}

TEST(AnHttpClient, SendsABodyWithTheHeadersGiven) {
    LoopbackServer server(always(LoopbackServer::answer(200, "")));
    HttpRequest request = post(server.url(), R"({"a": 1})");
    request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "k1"}};
    EXPECT_TRUE(HttpClient().send(request).is_success());
    const std::string seen = server.requests().at(0);
    EXPECT_EQ(seen.rfind("POST / HTTP/1.1\r\n", 0), 0u);
    EXPECT_NE(seen.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_NE(seen.find("Idempotency-Key: k1\r\n"), std::string::npos);
    EXPECT_EQ(seen.find("Expect:"), std::string::npos);
    EXPECT_EQ(seen.substr(seen.size() - 8), R"({"a": 1})");
}

TEST(AnHttpClient, SendsPartsAsAForm) {
    LoopbackServer server(always(LoopbackServer::answer(200, "")));
    HttpRequest request = post(server.url(), "");
    request.parts = {{"media", std::string("\x89PNG\0x", 6), "a.png", "image/png"}, {"media_category", "tweet_image"}};
    EXPECT_TRUE(HttpClient().send(request).is_success());
    const std::string seen = server.requests().at(0);
    EXPECT_NE(seen.find("Content-Type: multipart/form-data; boundary="), std::string::npos);
    EXPECT_NE(seen.find("name=\"media\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n"), std::string::npos);
    EXPECT_NE(seen.find(std::string("\x89PNG\0x", 6)), std::string::npos);
    EXPECT_NE(seen.find("name=\"media_category\"\r\n\r\ntweet_image\r\n"), std::string::npos);
}

TEST(AnHttpClient, ReportsAnErrorStatusAsAnswered) {
    LoopbackServer server(always(LoopbackServer::answer(503, "busy")));
    const HttpResponse response = HttpClient().send(get(server.url()));
    EXPECT_TRUE(response.is_answered());
    EXPECT_FALSE(response.is_success());
    EXPECT_EQ(response.describe(), "HTTP status 503");
}

TEST(AnHttpClient, KnowsThatARefusedConnectionCarriedNothing) {
    const std::string url = "http://127.0.0.1:" + std::to_string(unused_port()) + "/x?secret=1";
    const HttpResponse response = HttpClient().send(post(url));
    EXPECT_EQ(response.fate, HttpFate::not_sent);
    EXPECT_EQ(response.problem, HttpProblem::unreachable);
    EXPECT_EQ(response.describe().find("secret"), std::string::npos);
}

TEST(AnHttpClient, KnowsThatAnUnknownNameCarriedNothing) {
    const HttpResponse response = HttpClient().send(post("http://no-such-host.invalid/"));
    EXPECT_EQ(response.fate, HttpFate::not_sent);
    EXPECT_EQ(response.problem, HttpProblem::unresolved);
}

TEST(AnHttpClient, CallsARequestWithoutAnswerAmbiguous) {
    LoopbackServer server(always(LoopbackServer::kHang));
    HttpRequest request = post(server.url());
    request.time_limit = 200ms;
    const HttpResponse response = HttpClient().send(request);
    EXPECT_EQ(response.fate, HttpFate::ambiguous);
    EXPECT_EQ(response.problem, HttpProblem::timed_out);
}

TEST(AnHttpClient, CallsAConnectionLostAfterTheRequestAmbiguous) {
    LoopbackServer server(always(""));
    const HttpResponse response = HttpClient().send(post(server.url()));
    EXPECT_EQ(response.fate, HttpFate::ambiguous);
    EXPECT_EQ(response.problem, HttpProblem::connection_lost);
    EXPECT_EQ(server.requests().size(), 1u);
}

TEST(AnHttpClient, NeverRepeatsAPostWhoseConnectionWasClosed) {
    int answered = 0;
    LoopbackServer server(
        [&answered](const std::string&) { return ++answered == 1 ? LoopbackServer::answer(200, "") : std::string(); });
    HttpClient client;
    EXPECT_TRUE(client.send(get(server.url())).is_success());  // leaves a connection open
    EXPECT_EQ(client.send(post(server.url())).fate, HttpFate::ambiguous);
    EXPECT_EQ(server.requests().size(), 2u);
}

TEST(AnHttpClient, KeepsTheConnectionBetweenReads) {
    LoopbackServer server(always(LoopbackServer::answer(200, "")));
    HttpClient client;
    for (int at = 0; at < 3; ++at) EXPECT_TRUE(client.send(get(server.url())).is_success());
    EXPECT_EQ(server.connections(), 1u);
}

TEST(AnHttpClient, CallsACutAnswerAmbiguousAndShowsItsStatus) {
    LoopbackServer server([](const std::string&) {
        return std::string("HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nshort");
    });
    HttpRequest request = post(server.url());
    request.time_limit = 300ms;
    const HttpResponse response = HttpClient().send(request);
    EXPECT_EQ(response.fate, HttpFate::ambiguous);
    EXPECT_EQ(response.status, 200);
}

TEST(AnHttpClient, StopsReadingAtTheLimit) {
    LoopbackServer server(always(LoopbackServer::answer(200, std::string(1001, 'x'))));
    HttpRequest request = get(server.url());
    request.size_limit = 1000;
    const HttpResponse response = HttpClient().send(request);
    EXPECT_EQ(response.problem, HttpProblem::too_large);
    EXPECT_NE(response.error.find("larger than 1000 bytes"), std::string::npos);
    EXPECT_LE(response.body.size(), 1000u);
}

TEST(AnHttpClient, EndsWhenItIsCancelled) {
    LoopbackServer server(always(LoopbackServer::kHang));
    bool is_cancelled = false;
    HttpClient client({.is_cancelled = [&] { return std::exchange(is_cancelled, true); }});
    const HttpResponse response = client.send(get(server.url()));
    EXPECT_EQ(response.problem, HttpProblem::cancelled);
    EXPECT_NE(response.fate, HttpFate::answered);
}

TEST(AnHttpClient, RefusesPrivateAddressesWhenTold) {
    LoopbackServer server(always(LoopbackServer::answer(200, "")));
    HttpClient client({.allow_private_addresses = false});
    const HttpResponse response = client.send(get(server.url()));
    EXPECT_EQ(response.fate, HttpFate::not_sent);
    EXPECT_EQ(response.problem, HttpProblem::forbidden_address);
    EXPECT_EQ(client.send(get("http://localhost:" + std::to_string(server.port()))).problem,
              HttpProblem::forbidden_address);
    EXPECT_EQ(server.connections(), 0u);
}

TEST(AnHttpClient, FollowsRedirectsOnlyAsFarAsAllowed) {
    LoopbackServer server([](const std::string& request) {
        return request.rfind("GET /new", 0) == 0 ? LoopbackServer::answer(200, "here")
                                                 : LoopbackServer::answer(302, "", "Location: /new\r\n");
    });
    HttpRequest request = get(server.url("/old"));
    EXPECT_EQ(HttpClient().send(request).status, 302);
    request.redirects = 3;
    const HttpResponse response = HttpClient().send(request);
    EXPECT_EQ(response.body, "here");
    EXPECT_EQ(response.final_url, server.url("/new"));
}

TEST(AnHttpClient, EndsARedirectLoop) {
    LoopbackServer server(always(LoopbackServer::answer(302, "", "Location: /\r\n")));
    HttpRequest request = get(server.url());
    request.redirects = 3;
    EXPECT_EQ(HttpClient().send(request).problem, HttpProblem::too_many_redirects);
}

TEST(AnHttpClient, RefusesOtherSchemesThanHttp) {
    EXPECT_EQ(HttpClient().send(get("file:///etc/hostname")).problem, HttpProblem::bad_url);
    EXPECT_EQ(HttpClient({.allow_plain_http = false}).send(get("http://127.0.0.1/")).problem, HttpProblem::bad_url);
}

TEST(AnHttpClient, DoesNotTalkTlsWithWhoCannot) {
    LoopbackServer server(always(LoopbackServer::answer(200, "")));
    HttpRequest request = post("https://127.0.0.1:" + std::to_string(server.port()) + "/");
    request.time_limit = 500ms;
    EXPECT_EQ(HttpClient().send(request).fate, HttpFate::not_sent);
}

TEST(AnHttpClient, RefusesHeadersWithLineBreaks) {
    HttpRequest request = get("http://127.0.0.1:1/");
    request.headers = {{"X-Name", "a\r\nX-Other: b"}};
    const HttpResponse response = HttpClient().send(request);
    EXPECT_EQ(response.problem, HttpProblem::bad_url);
    EXPECT_NE(response.error.find("line break"), std::string::npos);
}

TEST(RetryAfter, IsSecondsOrADate) {
    const auto now = std::chrono::system_clock::from_time_t(784111777);  // 1994-11-06 08:49:37
    HttpResponse response;
    EXPECT_EQ(retry_after(response, now), std::nullopt);
    response.headers = {{"retry-after", "30"}};
    EXPECT_EQ(retry_after(response, now), 30s);
    response.headers = {{"retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"}};
    EXPECT_EQ(retry_after(response, now), 60s);
    response.headers = {{"retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"}};
    EXPECT_EQ(retry_after(response, now), 0s);
    response.headers = {{"retry-after", "soon"}};
    EXPECT_EQ(retry_after(response, now), std::nullopt);
}

TEST(BasicAuthorization, IsThatOfTheStandard) {
    EXPECT_EQ(fedmsg_plugins::basic_authorization("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(fedmsg_plugins::basic_authorization("a", "bc"), "Basic YTpiYw==");
    EXPECT_EQ(fedmsg_plugins::basic_authorization("a", "b"), "Basic YTpi");
}

}  // namespace
