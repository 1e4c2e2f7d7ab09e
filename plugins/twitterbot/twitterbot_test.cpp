// The bot as the hub runs it, against testing/stub.py.
#include "twitterbot/twitterbot.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fedmsg_hub/testing.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "support/testing/loopback_server.hpp"
#include "twitterbot/testing/stub_service.hpp"

namespace {

using namespace std::chrono_literals;
using fedmsg_hub::Json;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Incoming;
using fedmsg_hub::testing::Refused;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::Ledger;
using twitterbot::Twitterbot;
using twitterbot::testing::StubService;
using Host = FakeHost<Twitterbot>;

constexpr char kAward[] = "org.example.prod.fedbadges.badge.award";
constexpr char kKeys[] =
    R"({"consumer_key": "ck", "consumer_secret": "cs", "access_token": "at", "access_token_secret": "ts"})";

std::string badge(const std::string& user, const std::string& name = "Dungeon Master") {
    return Json::object({{"user", user}, {"badge", Json::object({{"name", name}, {"id", "dm"}})}}).text();
}

class ABot : public testing::Test {
protected:
    ABot() {
        char name[] = "/tmp/twitterbot-test-XXXXXX";
        directory_ = mkdtemp(name);
        mkdir(state().c_str(), 0700);
        write_credentials(kKeys);
    }
    ~ABot() override { std::filesystem::remove_all(directory_); }

    std::string state() const { return directory_ + "/state"; }
    std::string credentials() const { return directory_ + "/credentials.json"; }
    void write_credentials(const std::string& content, mode_t mode = 0600) const {
        std::filesystem::remove(credentials());
        std::ofstream(credentials()) << content;
        chmod(credentials().c_str(), mode);
    }

    // The options of a bot with one account.
    std::string options(const std::string& account = "", const std::string& route = "",
                        const std::string& more = "") const {
        return R"({"twitterbot.dry_run": false, "twitterbot.allow_private_addresses": true, "twitterbot.time_limit": 1,
            "tweet_intermessage_pause": )" +
               pause_ + R"(, "twitterbot.accounts": [{"name": "main", "credentials_file": ")" + credentials() +
               R"(", "base_url": ")" + stub_.url() + R"(", "routes": [{"topics": ["fedbadges"],
            "template": "{msg.user} was awarded {msg.badge.name} {link}",
            "link": "https://badges.example.org/badge/{msg.badge.id}")" +
               route + "}]" + account + "}]" + more + "}";
    }
    std::string mastodon(const std::string& route = "", const std::string& more = "") const {
        write_credentials(R"({"bearer_token": "token-1"})");
        return options(R"(, "service": "mastodon")", route, more);
    }
    Ledger ledger() const { return Ledger(state() + "/ledger.sqlite", "twitterbot"); }
    std::size_t count(DeliveryState state) const { return ledger().count(state, ""); }
    fedmsg_plugins::DeliveryRow only(DeliveryState state) const {
        auto rows = ledger().in_state(state, "", 10);
        EXPECT_EQ(rows.size(), 1u);
        return rows.empty() ? fedmsg_plugins::DeliveryRow{} : rows.front();
    }
    void expect_no_secret_in(const Host& host) const {
        for (const auto& line : host.logs())
            for (const char* secret :
                 {"\"cs\"", "cs&", "\"ts\"", "token-1", "token-2", "refresh-1", "refresh-2", "hunter2"})
                EXPECT_EQ(line.text.find(secret), std::string::npos) << line.text;
    }

    StubService stub_;
    std::string directory_;
    std::string pause_ = "0";  // seconds, as JSON
};

TEST_F(ABot, PostsExactlyTheMessagesThatTheTopicWordSelects) {
    Host host(options(), {}, state());
    EXPECT_TRUE(host.deliver("org.example.prod.git.receive", badge("ann")).is_acked());
    EXPECT_TRUE(host.deliver(kAward, badge("@ralph")).is_acked());
    EXPECT_TRUE(host.deliver("org.example.prod.bodhi.update", badge("ann")).is_acked());
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(stub_.text(0), "ralph was awarded Dungeon Master https://badges.example.org/badge/dm");
    EXPECT_EQ(only(DeliveryState::done).remote_id, "1000");
    EXPECT_EQ(host.counter("received"), 3u);
    EXPECT_EQ(host.counter("matched"), 1u);
    EXPECT_EQ(host.counter("done"), 1u);
    expect_no_secret_in(host);
}

TEST_F(ABot, PostsThroughTheOldApiAsWell) {
    Host host(options(R"(, "api": "v1.1")"), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.requests("POST /1.1/statuses/update.json"), 1u);
    EXPECT_EQ(only(DeliveryState::done).remote_id, "1000");
}

TEST_F(ABot, PostsAReplayedMessageOnceAlsoAcrossARestart) {
    {
        Host host(options(), {}, state());
        host.deliver(kAward, badge("ann"));
        host.advance(1s);
        host.deliver(Incoming::with_body(kAward, R"({"topic": ")" + std::string(kAward) +
                                                     R"(", "msg_id": "2026-1", "timestamp": 1767225600, "msg": )" +
                                                     badge("ann") + "}"));
        host.advance(1s);
    }
    Host host(options(), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
}

TEST_F(ABot, PostsOnceMoreOnlyIfToldToIgnoreTheLedger) {
    for (const bool is_forced : {false, true, false}) {
        Host host(options("", "", std::string(R"(, "twitterbot.ignore_ledger": )") + (is_forced ? "true" : "false")),
                  {}, state());
        host.deliver(kAward, badge("ann"));
        host.advance(1s);
    }
    EXPECT_EQ(stub_.post_count(), 2u);
}

TEST_F(ABot, WaitsForTheResetThatTheServiceNames) {
    Host host(options(), {}, state());
    const auto start = std::chrono::duration_cast<std::chrono::seconds>(host.now().time_since_epoch()).count();
    stub_.tell(R"({"next": [{"status": 429, "headers": {"x-rate-limit-reset": ")" + std::to_string(start + 300) +
               "\"}}]}");
    host.deliver(kAward, badge("ann"));
    host.advance(299s);
    EXPECT_EQ(stub_.requests("POST /2/tweets"), 1u);
    EXPECT_EQ(only(DeliveryState::pending).attempts, 0);
    host.advance(3s);
    EXPECT_EQ(stub_.requests("POST /2/tweets"), 2u);
    EXPECT_EQ(only(DeliveryState::done).attempts, 1);
}

TEST_F(ABot, WaitsAsConfiguredIfTheServiceNamesNoReset) {
    Host host(options("", "", R"(, "tweet_hibernate_duration": 180)"), {}, state());
    stub_.tell(R"({"next": [{"status": 429}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(179s);
    EXPECT_EQ(stub_.post_count(), 0u);
    host.advance(3s);
    EXPECT_EQ(stub_.post_count(), 1u);
}

TEST_F(ABot, NeverRepeatsOnXWhatMayHaveBeenPosted) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"hang": true, "keep": false}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(count(DeliveryState::inflight), 1u);
    host.advance(10min);
    EXPECT_EQ(stub_.requests("POST /2/tweets"), 1u);
    EXPECT_GE(stub_.requests("GET /2/users/77/tweets"), 1u);
    EXPECT_EQ(only(DeliveryState::dead).error.rfind("ambiguous", 0), 0u);
    EXPECT_EQ(host.counter("dead"), 1u);
}

TEST_F(ABot, FindsOnXWhatWasPostedWithoutAnAnswer) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"hang": true, "keep": true}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(1min);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(only(DeliveryState::done).remote_id, "1000");
}

TEST_F(ABot, RepeatsOnMastodonWithTheSameKey) {
    Host host(mastodon(), {}, state());
    stub_.tell(R"({"next": [{"hang": true, "keep": true}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(1min);
    EXPECT_EQ(stub_.requests("POST /api/v1/statuses"), 2u);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(stub_.told()["posts"][0]["key"].text(), "twitterbot:2026-1");
    EXPECT_EQ(stub_.told()["posts"][0]["visibility"].text(), "public");
    EXPECT_EQ(count(DeliveryState::done), 1u);
}

TEST_F(ABot, CountsADuplicateAsDone) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"status": 403, "body": {"detail": "duplicate content"}}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(count(DeliveryState::done), 1u);
    EXPECT_EQ(host.counter("duplicates"), 1u);
}

TEST_F(ABot, TriesAgainLaterWhenTheServiceFails) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"status": 500}, {"status": 503}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(only(DeliveryState::pending).attempts, 1);
    host.advance(30s);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(only(DeliveryState::done).attempts, 3);
}

TEST_F(ABot, ShortensARefusedTextOnceAndThenGivesUp) {
    Host host(options(), {}, state());
    const std::string refusal = R"({"status": 403, "body": {"errors": [{"code": 186}]}})";
    stub_.tell(R"({"next": [)" + refusal + "]}");
    host.deliver(kAward, badge("ann", std::string(300, 'x')));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_LE(twitterbot::length_of(stub_.text(0), twitterbot::LengthRule::x()), 260u);
    stub_.tell(R"({"next": [)" + refusal + "," + refusal + "]}");
    host.deliver(kAward, badge("bob"));
    host.advance(1s);
    EXPECT_EQ(count(DeliveryState::dead), 1u);
}

TEST_F(ABot, StopsAnAccountWithBadCredentialsUntilTheirFileChanges) {
    write_credentials(R"({"consumer_key": "ck", "consumer_secret": "hunter2", "access_token": "at",
        "access_token_secret": "ts"})");
    Host host(options(), {}, state());
    host.deliver(kAward, badge("ann"));
    host.deliver(kAward, badge("bob"));
    host.advance(60s);
    EXPECT_EQ(stub_.requests("POST /2/tweets"), 1u);
    EXPECT_EQ(count(DeliveryState::pending), 2u);
    EXPECT_EQ(host.gauge("stopped_accounts"), 1);
    EXPECT_TRUE(host.logged("account main is stopped"));
    write_credentials(kKeys);
    host.advance(10s);
    EXPECT_EQ(stub_.post_count(), 2u);
    EXPECT_EQ(host.gauge("stopped_accounts"), 0);
    expect_no_secret_in(host);
}

TEST_F(ABot, GoesOnWhenAnOperatorSaysSo) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"status": 403, "body": {"errors": [{"code": 261}]}}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(60s);
    EXPECT_EQ(stub_.post_count(), 0u);
    Host operators(options(), {}, state());
    operators.stop();
    operators.advance(61s);
    EXPECT_EQ(operators.command({"resume", "main"}).code, 0);
    host.advance(10s);
    EXPECT_EQ(stub_.post_count(), 1u);
}

TEST_F(ABot, DropsWhatWaitedTooLong) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"status": 401}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(16min);
    EXPECT_EQ(count(DeliveryState::skipped), 1u);
    EXPECT_EQ(host.counter("dropped"), 1u);
    EXPECT_EQ(stub_.post_count(), 0u);
}

TEST_F(ABot, SkipsOldMessages) {
    Host host(options(), {}, state());
    host.deliver(Incoming::with_body(
        kAward, R"({"topic": "x", "msg_id": "2026-old", "timestamp": 1400000000, "msg": )" + badge("ann") + "}"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 0u);
    EXPECT_EQ(only(DeliveryState::skipped).error, "it is older than max_age");
}

TEST_F(ABot, SkipsMessagesWithoutATextAndNeverPostsRawJson) {
    Host host(options(), {}, state());
    host.deliver(kAward, R"({"user": {"name": "ann"}, "badge": {"name": "x", "id": "y"}})");
    host.deliver(kAward, R"({"user": "ann"})");
    host.deliver(kAward, "null");
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 0u);
    EXPECT_EQ(count(DeliveryState::skipped), 3u);
    EXPECT_EQ(host.counter("skipped"), 3u);
}

TEST_F(ABot, PostsTheSameTextOnceWithinTheWindow) {
    Host host(options("", "", R"(, "twitterbot.duplicate_window": 3600)"), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(count(DeliveryState::skipped), 1u);
    host.advance(1h);
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 2u);
}

TEST_F(ABot, KeepsToItsLimitsAlsoAcrossARestart) {
    const std::string limited = options(R"(, "limits": [{"posts": 2, "seconds": 600}])");
    {
        Host host(limited, {}, state());
        for (const char* user : {"a", "b"}) host.deliver(kAward, badge(user));
        host.advance(1s);
    }
    Host host(limited, {}, state());
    host.deliver(Incoming::with_body(
        kAward, R"({"topic": "x", "msg_id": "2026-c", "timestamp": 1767225600, "msg": )" + badge("c") + "}"));
    host.advance(590s);
    EXPECT_EQ(stub_.post_count(), 2u);
    host.advance(20s);
    EXPECT_EQ(stub_.post_count(), 3u);
}

TEST_F(ABot, DropsTheOldestOfALongQueueAndSumsUp) {
    Host host(options("", "", R"(, "twitterbot.max_queue": 2, "twitterbot.summary": "and {count} more")"), {}, state());
    for (const char* user : {"a", "b", "c", "d", "e"}) host.deliver(kAward, badge(user));
    host.advance(61s);
    EXPECT_EQ(stub_.post_count(), 3u);
    EXPECT_EQ(stub_.text(0).rfind("d was", 0), 0u);
    EXPECT_EQ(stub_.text(2), "and 3 more");
    EXPECT_EQ(host.counter("dropped"), 3u);
    host.advance(5min);
    EXPECT_EQ(stub_.post_count(), 3u);
}

TEST_F(ABot, PausesBetweenTwoPosts) {
    pause_ = "5";
    Host host(options(), {}, state());
    host.deliver(kAward, badge("a"));
    host.deliver(kAward, badge("b"));
    host.advance(4s);
    EXPECT_EQ(stub_.post_count(), 1u);
    host.advance(2s);
    EXPECT_EQ(stub_.post_count(), 2u);
}

TEST_F(ABot, FitsALongTextWithItsLink) {
    Host host(options(), {}, state());
    std::string name;
    while (name.size() < 900) name += "\u2603\U0001F600 word ";
    host.deliver(kAward, badge("ann", name));
    host.advance(1s);
    const std::string text = stub_.text(0);
    EXPECT_LE(twitterbot::length_of(text, twitterbot::LengthRule::x()), 280u);
    EXPECT_NE(text.find("\u2026 https://badges.example.org/badge/dm"), std::string::npos);
}

TEST_F(ABot, TakesMastodonsLimitsFromTheServer) {
    stub_.tell(R"({"instance": {"statuses": {"max_characters": 60, "characters_reserved_per_url": 30}}})");
    Host host(mastodon(), {}, state());
    host.deliver(kAward, badge("ann", "one two three four five six seven"));
    host.deliver(kAward, badge("bob", "one two three four five six seven"));
    host.advance(1s);
    EXPECT_EQ(stub_.text(0), "ann was awarded one two\u2026 https://badges.example.org/badge/dm");
    EXPECT_EQ(stub_.requests("GET /api/v2/instance"), 1u);
}

TEST_F(ABot, UploadsAPictureOnceForManyPosts) {
    Host host(options("", R"(, "picture_url": ")" + stub_.url("/picture.png") + R"(", "picture_alt": "a badge")"), {},
              state());
    host.deliver(kAward, badge("ann"));
    host.deliver(kAward, badge("bob"));
    host.advance(1s);
    EXPECT_EQ(stub_.told()["posts"][0]["media"][0].text(), "m1");
    EXPECT_EQ(stub_.told()["posts"][1]["media"][0].text(), "m1");
    EXPECT_EQ(stub_.requests("POST /2/media/upload"), 1u);
    EXPECT_EQ(stub_.requests("GET /picture.png"), 1u);
    host.advance(21h);
    host.deliver(kAward, badge("cat"));
    host.advance(1s);
    EXPECT_EQ(stub_.requests("POST /2/media/upload"), 2u);
}

TEST_F(ABot, WaitsUntilMastodonIsReadyWithThePicture) {
    stub_.tell(R"({"media_polls": 3})");
    Host host(mastodon(R"(, "picture_url": ")" + stub_.url("/picture.png") + "\""), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(2s);
    EXPECT_EQ(stub_.post_count(), 0u);
    host.advance(10s);
    EXPECT_EQ(stub_.told()["posts"][0]["media"][0].text(), "m1");
    EXPECT_EQ(stub_.requests("GET /api/v1/media/m1"), 3u);
}

TEST_F(ABot, PostsWithoutAPictureThatCannotBeHad) {
    Host host(options("", R"(, "picture_url": ")" + stub_.url("/missing.png") + "\""), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(stub_.told()["posts"][0]["media"].size(), 0u);
    EXPECT_TRUE(host.logged("goes without its picture: HTTP status 404"));
}

TEST_F(ABot, HoldsAPostBackForAPictureThatIsRequired) {
    Host host(options("", R"(, "picture_required": true, "picture_url": ")" + stub_.url("/missing.png") + "\""), {},
              state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 0u);
    EXPECT_EQ(count(DeliveryState::pending), 1u);
}

TEST_F(ABot, FetchesNoPictureFromAPrivateAddressUnlessAllowed) {
    Host host(
        R"({"twitterbot.dry_run": false, )" + options("", R"(, "picture_url": ")" + stub_.url("/picture.png") + "\"")
                                                  .substr(options().find("\"twitterbot.time_limit")),
        {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.requests("GET /picture.png"), 0u);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_TRUE(host.logged("private address"));
}

TEST_F(ABot, ShortensLinksIfToldAndGoesOnWithoutTheService) {
    Host host(options("", "", R"(, "twitterbot.shortener": ")" + stub_.url("/short?url=") + "\""), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.text(0), "ann was awarded Dungeon Master https://da.example/x");
    Host broken(options("", "", R"(, "twitterbot.shortener": ")" + stub_.url("/nothing?url=") + "\""), {}, state());
    broken.deliver(Incoming::with_body(
        kAward, R"({"topic": "x", "msg_id": "2026-c", "timestamp": 1767225600, "msg": )" + badge("bob") + "}"));
    broken.advance(1s);
    EXPECT_EQ(stub_.text(1), "bob was awarded Dungeon Master https://badges.example.org/badge/dm");
}

TEST_F(ABot, RefusesToStartWithCredentialsThatOthersMayRead) {
    write_credentials(kKeys, 0644);
    try {
        Host host(options(), {}, state());
        FAIL() << "a credentials file of mode 0644 was accepted";
    } catch (const Refused& refused) {
        EXPECT_NE(std::string(refused.what()).find("has mode 0644"), std::string::npos);
    }
}

TEST_F(ABot, RefusesToStartWithCredentialsThatLackSomething) {
    for (const char* content : {"", "[]", "{}", R"({"consumer_key": "hunter2", "consumer_secret": "x"})"}) {
        write_credentials(content);
        try {
            Host host(options(), {}, state());
            FAIL() << content;
        } catch (const Refused& refused) {
            EXPECT_EQ(std::string(refused.what()).find("hunter2"), std::string::npos);
        }
    }
}

TEST_F(ABot, RefusesAFilterThatIsEmpty) {
    EXPECT_THROW(Host(R"({"twitterbot.accounts": [{"name": "a", "routes": [{}]}]})"), Refused);
    EXPECT_THROW(Host(R"({"twitterbot.accounts": [{"name": "a", "routes": []}]})"), Refused);
    EXPECT_THROW(Host(R"({"twitterbot.accounts": [{"name": "a", "routes": [{"topics": ["x"]}], "servcie": "x"}]})"),
                 Refused);
}

TEST_F(ABot, RefusesToSendSecretsInClearText) {
    try {
        Host host(R"({"twitterbot.accounts": [{"name": "a", "base_url": "http://social.example.org",
            "routes": [{"topics": ["x"]}]}]})");
        FAIL() << "plain HTTP was accepted";
    } catch (const Refused& refused) {
        EXPECT_NE(std::string(refused.what()).find("accounts[0].base_url: must begin with https://"),
                  std::string::npos);
    }
}

TEST_F(ABot, LooksUpItsPostsWithRenewedTokens) {
    write_credentials(R"({"client_id": "app", "access_token": "token-1", "refresh_token": "refresh-1"})");
    Host host(options(R"(, "auth": "oauth2")"), {}, state());
    stub_.tell(R"({"next": [{"hang": true, "keep": true}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    stub_.tell(R"({"token": "token-2"})");
    host.advance(1min);
    EXPECT_EQ(only(DeliveryState::done).remote_id, "1000");
    EXPECT_EQ(stub_.requests("POST /2/oauth2/token"), 1u);
    expect_no_secret_in(host);
}

TEST_F(ABot, ShowsByDefaultWhatItWouldPostAndPostsNothing) {
    const std::string dry = R"({"twitterbot.accounts": [{"name": "main", "base_url": ")" + stub_.url() +
                            R"(", "routes": [{"topics": ["fedbadges"], "template": "{msg.user} has a badge"}]}]})";
    Host host(dry, {}, state());
    host.deliver(kAward, badge("ann"));
    EXPECT_EQ(stub_.told()["requests"].size(), 0u);
    EXPECT_TRUE(host.logged(
        R"({"dry_run":true,"plugin":"twitterbot","account":"main","msg_id":"2026-1","text":"ann has a badge"})"));
}

TEST_F(ABot, StillHasToPostWhatADryRunShowed) {
    {
        Host host(R"({"twitterbot.dry_run": true, )" + options().substr(options().find("\"twitterbot.allow")), {},
                  state());
        host.deliver(kAward, badge("ann"));
        host.advance(1s);
    }
    Host host(options(), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
}

TEST_F(ABot, RenewsItsTokensByOAuth2AndKeepsThem) {
    write_credentials(
        R"({"client_id": "app", "access_token": "expired", "refresh_token": "refresh-1", "note": "mine"})");
    Host host(options(R"(, "auth": "oauth2")"), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.post_count(), 1u);
    std::ostringstream file;
    file << std::ifstream(credentials()).rdbuf();
    const fedmsg_hub::ParsedJson json(fedmsg_hub::testing::json_functions(), file.str());
    EXPECT_EQ(json["access_token"].text(), "token-1");
    EXPECT_EQ(json["refresh_token"].text(), "refresh-2");
    EXPECT_EQ(json["note"].text(), "mine");
    expect_no_secret_in(host);
}

TEST_F(ABot, StopsTheAccountIfItsTokensCannotBeRenewed) {
    write_credentials(R"({"client_id": "app", "access_token": "expired", "refresh_token": "old"})");
    Host host(options(R"(, "auth": "oauth2")"), {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(host.gauge("stopped_accounts"), 1);
    EXPECT_EQ(count(DeliveryState::pending), 1u);
}

TEST_F(ABot, IsAuthorizedInTwoSteps) {
    write_credentials(R"({"client_id": "app", "access_token": "expired"})");
    Host host(options(R"(, "auth": "oauth2")"), {}, state());
    const auto first = host.command({"authorize", "main"});
    ASSERT_EQ(first.code, 0) << first.error;
    const auto value = [&first](const std::string& name) {
        const auto at = first.out.find(name + "=") + name.size() + 1;
        return first.out.substr(at, first.out.find_first_of("&\n", at) - at);
    };
    EXPECT_EQ(value("client_id"), "app");
    EXPECT_EQ(value("code_challenge_method"), "S256");
    EXPECT_EQ(host.command({"authorize", "main", "http://127.0.0.1/?state=x&code=c"}).code, 1);
    const auto second = host.command(
        {"authorize", "main", "http://127.0.0.1:8765/?state=" + value("state") + "&code=" + value("code_challenge")});
    EXPECT_EQ(second.code, 0) << second.error;
    EXPECT_EQ(second.out.find("token-1"), std::string::npos);
    host.deliver(kAward, badge("ann"));
    stub_.tell(R"({"refresh": "none"})");
    EXPECT_EQ(host.check(), std::vector<std::string>());
}

TEST_F(ABot, ChecksItsAccounts) {
    Host host(options(), {}, state());
    EXPECT_EQ(host.check(), std::vector<std::string>());
    EXPECT_EQ(host.command({"check"}).code, 0);
    write_credentials(R"({"consumer_key": "ck", "consumer_secret": "hunter2", "access_token": "at",
        "access_token_secret": "ts"})");
    const auto problems = host.check();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_NE(problems[0].find("account fault"), std::string::npos);
    EXPECT_EQ(problems[0].find("hunter2"), std::string::npos);
    EXPECT_EQ(host.command({"check"}).code, 1);
    EXPECT_EQ(stub_.post_count(), 0u);
}

TEST_F(ABot, ExplainsItsChoice) {
    Host host(options(), {}, state());
    const std::string text = host.explain(kAward, badge("ann"));
    EXPECT_NE(text.find("topics: yes (fedbadges)"), std::string::npos) << text;
    EXPECT_NE(text.find("\"text\":\"ann was awarded Dungeon Master https://badges.example.org/badge/dm\""),
              std::string::npos);
    EXPECT_NE(host.explain("org.example.prod.git.receive", "{}").find("topics: no"), std::string::npos);
    for (const char* secret : {"\"cs\"", "\"ts\"", "\"at\""}) EXPECT_EQ(text.find(secret), std::string::npos);
}

TEST_F(ABot, PostsATextOfTheOperator) {
    Host host(options(), {}, state());
    const auto result = host.command({"post", "Hello \u2603"});
    EXPECT_EQ(result.code, 0) << result.out << result.error;
    EXPECT_EQ(stub_.text(0), "Hello \u2603");
    EXPECT_EQ(host.command({"post", "--account", "none", "x"}).code, 2);
    EXPECT_EQ(host.command({"nonsense"}).code, 2);
}

TEST_F(ABot, ListsAndRevivesWhatWasGivenUp) {
    Host host(options(), {}, state());
    stub_.tell(R"({"next": [{"status": 403, "body": {"detail": "no"}}]})");
    host.deliver(kAward, badge("ann"));
    host.advance(20min);
    EXPECT_NE(host.command({"pending"}).out.find("dead main 2026-1 attempts 0: HTTP status 403: no"),
              std::string::npos);
    EXPECT_EQ(host.command({"retry", "2026-other"}).code, 1);
    EXPECT_EQ(host.command({"retry", "2026-1"}).code, 0);
    host.advance(61s);
    EXPECT_EQ(stub_.post_count(), 1u);
    EXPECT_EQ(host.command({"pending"}).out, "");
}

TEST_F(ABot, ShowsTextsForTheMessagesOfAFile) {
    Host host(options(), {}, state());
    const std::string file = directory_ + "/messages.json";
    std::ofstream(file) << R"({"topic": "a.b.c.fedbadges.x", "msg_id": "1", "msg": )" << badge("ann")
                        << "}\n\nnonsense\n";
    const auto result = host.command({"text", file});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.out.find("ann was awarded"), std::string::npos);
    EXPECT_NE(result.error.find("messages.json:3: "), std::string::npos);
    EXPECT_EQ(stub_.post_count(), 0u);
}

TEST_F(ABot, TakesTheOldEndpoints) {
    Host host(R"({"twitterbot.dry_run": false, "tweet_endpoints": [{"base_url": ")" + stub_.url() +
                  R"(", "consumer_key": "ck", "consumer_secret": "cs", "access_token_key": "at",
                  "access_token_secret": "ts"}], "twitterbot.routes": [{"topics": ["fedbadges"], "template": "{msg.user}"}]})",
              {}, state());
    host.deliver(kAward, badge("ann"));
    host.advance(1s);
    EXPECT_EQ(stub_.requests("POST /1.1/statuses/update.json"), 1u);
    EXPECT_EQ(stub_.text(0), "ann");
    EXPECT_TRUE(host.logged("put them into a file of mode 0600"));
}

TEST_F(ABot, OpensItsBreakerAfterTenFailures) {
    Host host(options("", "", R"(, "twitterbot.max_age": 86400)"), {}, state());
    std::string failures;
    for (int at = 0; at < 12; ++at) failures += std::string(at > 0 ? "," : "") + R"({"status": 500})";
    stub_.tell(R"({"next": [)" + failures + "]}");
    for (int at = 0; at < 10; ++at) host.deliver(kAward, badge("user" + std::to_string(at)));
    host.advance(1s);
    EXPECT_EQ(host.gauge("open_breakers"), 1);
    host.advance(29s);
    EXPECT_EQ(stub_.requests("POST /2/tweets"), 10u);
    host.advance(3h);
    EXPECT_EQ(stub_.post_count(), 10u);
    EXPECT_EQ(host.gauge("open_breakers"), 0);
}

}  // namespace
