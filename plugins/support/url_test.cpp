#include "support/url.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

using namespace fedmsg_plugins;

TEST(PercentEncoding, KeepsOnlyTheUnreservedCharacters) {
    EXPECT_EQ(percent_encode("Az09-._~"), "Az09-._~");
    EXPECT_EQ(percent_encode("Hello Ladies + Gentlemen!"), "Hello%20Ladies%20%2B%20Gentlemen%21");
    EXPECT_EQ(percent_encode("\u2603"), "%E2%98%83");
    EXPECT_EQ(percent_encode("/:*'()"), "%2F%3A%2A%27%28%29");
}

TEST(PercentDecoding, LeavesBrokenSequencesAlone) {
    EXPECT_EQ(percent_decode("%E2%98%83 %2b+"), "\u2603 ++");
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
}

TEST(Forms, AreReadAsTheyAreWritten) {
    const Parameters parameters = {{"status", "a b&c=d"}, {"empty", ""}};
    EXPECT_EQ(form_encode(parameters), "status=a%20b%26c%3Dd&empty=");
    EXPECT_EQ(form_decode(form_encode(parameters)), parameters);
    EXPECT_EQ(form_decode("a=1+2&&b"), (Parameters{{"a", "1 2"}, {"b", ""}}));
}

TEST(AUrl, IsTakenApart) {
    const Url url = parse_url("HTTPS://Api.Example.org:8443/2/tweets?a=%20b#part");
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.host, "api.example.org");
    EXPECT_EQ(url.port, "8443");
    EXPECT_EQ(url.path, "/2/tweets");
    EXPECT_EQ(url.query, "a=%20b");
    EXPECT_EQ(url.without_query(), "https://api.example.org:8443/2/tweets");
}

TEST(AUrl, HasNoPortIfItIsTheDefault) {
    EXPECT_EQ(parse_url("https://example.org:443").without_query(), "https://example.org/");
    EXPECT_EQ(parse_url("http://example.org:80/x").without_query(), "http://example.org/x");
    EXPECT_EQ(parse_url("http://[::1]:8080/x").origin(), "http://[::1]:8080");
}

TEST(AUrl, IsRefusedWithTheReason) {
    for (const char* text : {"", "no url", "https://", "https://a b/", "https://user:pass@example.org/"})
        EXPECT_THROW(parse_url(text), std::invalid_argument) << text;
    try {
        parse_url("https://user:hunter2@example.org/?key=s3cret");
        FAIL() << "a password in a URL was accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos);
        EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos);
    }
}

TEST(AReadableUrl, HoldsNoSecret) {
    EXPECT_EQ(readable_url("https://u:p@h/x@y?q#f"), "https://h/x@y");
    EXPECT_EQ(readable_url("https://h/x"), "https://h/x");
    EXPECT_EQ(readable_url("nonsense"), "nonsense");
}

TEST(JoinedUrls, HaveOneSlash) {
    EXPECT_EQ(join_url("https://h", "2/tweets"), "https://h/2/tweets");
    EXPECT_EQ(join_url("https://h/api/", "/2/tweets"), "https://h/api/2/tweets");
}

}  // namespace
