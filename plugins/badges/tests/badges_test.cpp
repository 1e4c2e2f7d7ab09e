// The whole plugin on the fake host: the worked examples, and what goes wrong around it.
#include "badges_fixture.hpp"
#include "fasjson_stub.hpp"
#include "postgres_server.hpp"

namespace badges::testing {
namespace {

using namespace std::chrono_literals;
using Ids = std::set<std::string>;

// The worked example of the README: twenty positive comments, those of one's own; dialect 1.
constexpr char kKindTester[] = R"(trigger:
  all:
    - topic: bodhi.update.comment
    - lambda: msg.get('msg', {}).get('comment', {}).get('karma') is 1
    - not:
        lambda: msg.get('msg', {}).get('comment', {}).get('anonymous', True)
recipient: "%(msg.comment.author)s"
criteria:
  datanommer:
    filter:
      topics: ["%(topic)s"]
      users: ["%(msg.comment.author)s"]
    operation:
      lambda: len([m for m in query.all() if m.msg['comment']['karma'] is 1])
    condition:
      greater than or equal to: 20
)";

std::string comment(const std::string& karma) {
    return R"({"comment": {"author": "ann", "anonymous": false, "karma": )" + karma + "}}";
}

class KindTester : public ABadgeAwarder {
protected:
    KindTester() {
        rule("kind-tester", kKindTester);
        host_ = host();
        for (int at = 0; at < 23; ++at)
            host_->deliver(message("c" + std::to_string(at), kCommentTopic, comment(at < 19 ? "1" : "-1")));
    }
    std::unique_ptr<Host> host_;
};

TEST_F(KindTester, GetsTheBadgeWithTheTwentiethPositiveComment) {
    EXPECT_EQ(held(*host_, "ann"), Ids{});
    EXPECT_TRUE(host_->deliver(message("c23", kCommentTopic, comment("1"))).is_acked());
    EXPECT_EQ(held(*host_, "ann"), Ids{"kind-tester"});
    EXPECT_EQ(awards_published(*host_), 1u);
    host_->deliver(message("c23", kCommentTopic, comment("1")));
    host_->advance(10min);
    EXPECT_EQ(awards_published(*host_), 1u);
    const auto award = host_->published().front();
    EXPECT_EQ(award.msg_id.substr(0, 5), "2026-");
    EXPECT_EQ(award.msg()["user"]["username"].text(), "ann");
    EXPECT_EQ(award.msg()["badge"]["badge_id"].text(), "kind-tester");
    EXPECT_EQ(host_->violations(), std::vector<std::string>{});
}

TEST_F(KindTester, IsNoMatchIfKarmaIsTrue) {
    host_->deliver(message("c23", kCommentTopic, comment("true")));
    EXPECT_EQ(held(*host_, "ann"), Ids{});
}

TEST_F(KindTester, IsNoMatchIfTheCommentIsMissing) {
    host_->deliver(message("c23", kCommentTopic, "{}"));
    EXPECT_EQ(held(*host_, "ann"), Ids{});
}

TEST_F(ABadgeAwarder, GivesABadgeToAllWhomAMappingNames) {
    rule("chair", R"(trigger: {topic: meetbot.meeting.complete}
recipient: "%(msg.chairs)s"
recipient_nick2fas: Yes
criteria:
  datanommer:
    filter: {topics: ["%(topic)s"], msg_id: "%(msg_id)s"}
    operation: count
    condition: {greater than or equal to: 0}
)");
    const auto hub = host();
    hub->deliver(message("m1", "org.example.prod.meetbot.meeting.complete",
                         R"({"chairs": {"annie": true, "bob": true, "stranger": true}})"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"chair"});
    EXPECT_EQ(held(*hub, "bob"), Ids{"chair"});
    EXPECT_EQ(awards_published(*hub), 2u);
    EXPECT_EQ(hub->counter("dropped_unknown_account"), 1u);
}

TEST_F(ABadgeAwarder, CountsTheBadgesOfSomebodyInDialect2) {
    rule("collector", R"(trigger: {topic: fedbadges.badge.award}
recipient: message.body["user"]["username"]
previous:
  filter:
    topics: ["message.topic"]
    users: ["recipient"]
  operation: count
condition: {greater than or equal to: 3}
)");
    const auto hub = host();
    for (int at = 1; at <= 3; ++at) {
        EXPECT_EQ(held(*hub, "ann"), Ids{}) << at;
        hub->deliver(message("a" + std::to_string(at), "org.example.prod.fedbadges.badge.award",
                             R"({"user": {"username": "ann", "badges_user_id": 1}, "badge": {"name": "x"}})"));
    }
    EXPECT_EQ(held(*hub, "ann"), Ids{"collector"});
}

TEST_F(ABadgeAwarder, CountsTriggersPerPersonInDialect2OnceEach) {
    rule("regular",
         "trigger: {topic: git.receive}\nrecipient: message.body[\"user\"]\n"
         "condition: {greater than or equal to: 3}\n");
    const auto hub = host();
    for (const char* id : {"1", "2", "2", "1"}) hub->deliver(push(id, "ann"));
    EXPECT_EQ(held(*hub, "ann"), Ids{});
    hub->deliver(push("3", "ann"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"regular"});
}

// badges.md section 8 (b): history 9 and a new message; one query for all tiers.
TEST_F(ABadgeAwarder, GivesAllTiersThatAreReached) {
    auto hub = host();
    for (int tier : {1, 5, 10, 50, 100}) push_rule("push-" + std::to_string(tier), tier);
    file("other.yml", "");
    rule("keeper",
         "trigger: {topic: never.sent}\nrecipient: \"%(msg.user)s\"\ncriteria:\n  datanommer:\n"
         "    filter: {topics: [\"" +
             std::string(kPushTopic) +
             "\"], users: [\"%(msg.user)s\"]}\n"
             "    operation: count\n    condition: {greater than or equal to: 1}\n");
    hub = host();
    for (int at = 0; at < 9; ++at) hub->deliver(push(std::to_string(at), "ann"));
    for (const char* badge : {"push-1", "push-5"}) hub->command({"revoke", "--user", "ann", "--badge", badge});
    const std::string text = hub->explain(push("9", "ann"));
    EXPECT_NE(text.find("queries of the history: 1\n"), std::string::npos) << text;
    hub->deliver(push("9", "ann"));
    EXPECT_EQ(held(*hub, "ann"), (Ids{"push-1", "push-5", "push-10"}));
}

// badges.md section 8 (d)
TEST_F(ABadgeAwarder, CountsAMessageOnceThatIsStoredAlready) {
    push_rule("push-11", 11);
    push_rule("push-10", 10);
    const auto hub = host();
    std::vector<Incoming> messages;
    for (int at = 0; at < 9; ++at) messages.push_back(push(std::to_string(at), "ann"));
    hub->deliver_batch(messages);
    hub->consumer().engine().history_database.write([&](soci::session&) {
        hub->consumer().engine().history.store(Envelope::from_json(
            R"({"topic": "org.example.prod.git.receive", "msg_id": "9", "i": 1, "timestamp": 1767225600,
                "msg": {"user": "ann"}})"));
    });
    EXPECT_EQ(held(*hub, "ann"), Ids{});
    hub->deliver(push("9", "ann"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-10"});
}

TEST_F(ABadgeAwarder, IgnoresWhatIsOlderThanAMonth) {
    push_rule("push-1", 1);
    const auto hub = host();
    EXPECT_TRUE(hub->deliver(message("1", kPushTopic, R"({"user": "ann"})", -31 * 86'400)).is_dropped());
    EXPECT_EQ(held(*hub, "ann"), Ids{});
    Json all = options();
    const auto other = host(all.set("badges.ignore_ledger", true));
    EXPECT_TRUE(other->deliver(message("1", kPushTopic, R"({"user": "ann"})", -31 * 86'400)).is_acked());
    EXPECT_EQ(held(*other, "ann"), Ids{"push-1"});
}

TEST_F(ABadgeAwarder, OnlyTellsWhatItWouldDoInADryRun) {
    push_rule("push-1", 1);
    Json dry = options();
    const auto hub = host(dry.set("badges.dry_run", true));
    hub->deliver(push("1", "ann"));
    EXPECT_TRUE(hub->logged(R"("badge":"push-1","user":"ann")"));
    EXPECT_EQ(hub->counter("would_award"), 1u);
    EXPECT_EQ(held(*hub, "ann"), Ids{});
    EXPECT_TRUE(hub->published().empty());
}

TEST_F(ABadgeAwarder, PublishesTheRuleIfItIsToldTo) {
    push_rule("push-1", 1);
    Json all = options();
    const auto hub = host(all.set("badges.publish_rule", true));
    hub->deliver(push("1", "ann"));
    const auto badge = hub->published().front().msg()["badge"];
    EXPECT_EQ(badge["name"].text(), "push-1");
    EXPECT_EQ(badge["creator"].text(), "ann");
    EXPECT_EQ(badge["trigger"]["topic"].text(), "git.receive");
    EXPECT_TRUE(badge["criteria"].contains("datanommer"));
}

// Those that are installed with the manual.
TEST_F(ABadgeAwarder, HasGoodExampleRulesThatStoreNoMoreThanTheyNeed) {
    Json all = options();
    const auto hub = host(all.set("badges.yaml.directory", BADGES_SOURCE_DIR "/examples"));
    EXPECT_EQ(hub->check(), std::vector<std::string>{});
    EXPECT_EQ(hub->gauge("rules"), 3);
    hub->deliver(message("1", "org.example.prod.irc.karma", R"({"agent": "ann"})"));
    EXPECT_EQ(hub->counter("unmatched"), 1u);
    hub->deliver(message("2", kPushTopic, R"({"commit": {"username": "ann"}})"));
    hub->deliver(message("3", "org.example.prod.meetbot.meeting.complete", R"({"chairs": {"annie": true}})"));
    for (int at = 0; at < 10; ++at)
        hub->deliver(message("c" + std::to_string(at), kCommentTopic,
                             R"({"comment": {"author": "ann", "karma": 1, "update_submitter": "bob"}})"));
    EXPECT_EQ(held(*hub, "ann"), (Ids{"first-push", "host", "second-opinion"}));
}

// The hub's runner says so as soon as it has handed over the last message of a replay.
TEST_F(ABadgeAwarder, FinishesWhatItHasWhenTheHubWantsToStop) {
    push_rule("push-1", 1);
    const auto hub = host();
    hub->request_stop();
    hub->deliver(push("1", "ann"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-1"});
}

TEST_F(ABadgeAwarder, KeepsItsMessagesUntilSomebodyIsConnected) {
    push_rule("push-1", 1);
    const auto hub = host();
    hub->disconnect();
    EXPECT_TRUE(hub->deliver(push("1", "ann")).is_acked());
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-1"});
    hub->deliver(push("2", "bob"));
    EXPECT_EQ(hub->counter("publish_failures"), 1u);  // not tried again at once
    hub->advance(10s);
    EXPECT_EQ(awards_published(*hub), 0u);
    hub->disconnect(false);
    hub->advance(10s);
    EXPECT_EQ(awards_published(*hub), 2u);
}

TEST_F(ABadgeAwarder, HoldsBackMoreAwardsThanTheHourMayHave) {
    push_rule("push-1", 1);
    Json few = options();
    few.set("badges.max_awards_per_hour", 2);
    const auto hub = host(few);
    for (const char* who : {"ann", "bob", "cat"}) hub->deliver(push(who, who));
    EXPECT_EQ(held(*hub, "cat"), Ids{});
    EXPECT_TRUE(hub->logged("badges.max_awards_per_hour"));
    hub->advance(59min);
    EXPECT_EQ(held(*hub, "cat"), Ids{});
    hub->advance(2min);
    EXPECT_EQ(held(*hub, "cat"), Ids{"push-1"});
}

TEST_F(ABadgeAwarder, SuspendsARuleThatFailsOnEveryMessage) {
    rule("broken", R"(trigger: {all: [{topic: git.receive}, {lambda: "msg['no such key']"}]}
recipient: "%(msg.user)s"
criteria: {datanommer: {filter: {topics: ["%(topic)s"]}, operation: count, condition: {equal to: 1}}}
)");
    push_rule("push-1", 1);
    const auto hub = host();
    for (int at = 0; at < 50; ++at) hub->deliver(push(std::to_string(at), "ann"));
    EXPECT_TRUE(hub->logged("broken.yml is suspended"));
    EXPECT_EQ(hub->counter("rule_errors"), 50u);
    for (int at = 50; at < 250; ++at) hub->deliver(push(std::to_string(at), "ann"));
    EXPECT_EQ(hub->counter("rule_errors"), 52u);
    hub->advance(5s);
    EXPECT_EQ(hub->gauge("rules_suspended"), 1);
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-1"});
}

TEST_F(ABadgeAwarder, TakesNewRulesWithoutARestartAndKeepsGoodOnes) {
    push_rule("push-1", 1);
    const auto hub = host();
    push_rule("push-2", 2);
    file("push-1.yml", "name: push-1\nnonsense: 1\n");
    hub->advance(15min);
    hub->deliver(push("1", "ann"));
    hub->deliver(push("2", "ann"));
    EXPECT_EQ(held(*hub, "ann"), (Ids{"push-1", "push-2"}));
    EXPECT_EQ(hub->gauge("rules_degraded"), 1);
    EXPECT_TRUE(hub->logged("push-1.yml"));
}

TEST_F(ABadgeAwarder, GivesGroupBadges) {
    push_rule("sponsor", 1000);
    accounts("accounts:\n  ann: {groups: {packager: sponsor}}\n  bob: {groups: {packager: member}}\n");
    Json with = options();
    with.set("badges.group_badges",
             Json::array({Json::object({{"group", "packager"}, {"memberships", "sponsor"}, {"badge", "sponsor"}})}));
    const auto hub = host(with);
    hub->advance(5s);
    EXPECT_EQ(held(*hub, "ann"), Ids{"sponsor"});
    EXPECT_EQ(held(*hub, "bob"), Ids{});
    EXPECT_EQ(awards_published(*hub), 1u);
}

TEST_F(ABadgeAwarder, GivesNoMoreGroupBadgesThanTheHourMayHave) {
    push_rule("member", 1000);
    accounts("accounts:\n  ann: {groups: {docs: member}}\n  bob: {groups: {docs: member}}\n");
    Json with = options();
    with.set("badges.group_badges", Json::array({Json::object({{"group", "docs"}, {"badge", "member"}})}));
    with.set("badges.max_awards_per_hour", 1);
    const auto hub = host(with);
    EXPECT_EQ(hub->counter("awards"), 1u);
    EXPECT_TRUE(hub->logged("badges.max_awards_per_hour is reached"));
    hub->advance(76min);
    EXPECT_EQ(held(*hub, "bob"), Ids{"member"});
}

TEST_F(ABadgeAwarder, SleepsAsTheOriginalDidIfItIsToldTo) {
    Json slow = options();
    slow.set("badges.legacy_sleep", true).set("badges.consume_delay", 0.2).set("badges.delay_limit", 2);
    const auto hub = host(slow);
    const auto start = std::chrono::steady_clock::now();
    hub->deliver_batch({push("1", "ann"), push("2", "ann")});
    const auto after_two = std::chrono::steady_clock::now();
    hub->deliver(push("3", "ann"));
    EXPECT_GE(std::chrono::steady_clock::now() - after_two, 200ms);
    EXPECT_LT(after_two - start, 200ms);
}

// ---- What it needs is down

class WithADirectoryServer : public ABadgeAwarder {
protected:
    WithADirectoryServer() { push_rule("push-1", 1); }
    Json with_server() const { return options().set("badges.accounts_file", "").set("fasjson_base_url", stub_.url()); }
    FasjsonStub stub_;
};

TEST_F(WithADirectoryServer, ParksMessagesWhileItIsDownAcrossARestart) {
    stub_.break_down();
    stub_.answer("users/ann/", R"({"result": {"username": "ann"}})");
    {
        const auto hub = host(with_server());
        EXPECT_TRUE(hub->deliver(push("1", "ann")).is_acked());
        hub->advance(1min);
        EXPECT_EQ(hub->gauge("parked"), 1);
        EXPECT_NE(hub->command({"parked"}).out.find("1\twaits\t"), std::string::npos);
        EXPECT_EQ(hub->counter("dropped_unknown_account"), 0u);
    }
    stub_.break_down(false);
    const auto hub = host(with_server());
    hub->advance(20min);
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-1"});
    EXPECT_EQ(hub->gauge("parked"), 0);
    EXPECT_EQ(awards_published(*hub), 1u);
}

TEST_F(WithADirectoryServer, GivesUpAfterADayAndTriesAgainByHand) {
    stub_.break_down();
    stub_.answer("users/ann/", R"({"result": {"username": "ann"}})");
    const auto hub = host(with_server());
    hub->deliver(push("1", "ann"));
    hub->advance(25h);
    EXPECT_NE(hub->command({"parked"}).out.find("1\tdead\t"), std::string::npos);
    stub_.break_down(false);
    EXPECT_EQ(hub->command({"parked", "--retry"}).out, "1 messages are tried again\n");
    hub->deliver(push("2", "bob"));  // anything makes it look at the queue
    hub->advance(10s);
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-1"});
}

TEST_F(ABadgeAwarder, LosesNothingWhileTheAwardsDatabaseIsDown) {
    push_rule("push-1", 1);
    Json later = options();
    later.set("badges_global.database_uri", "sqlite:///" + directory_ / "later/awards.sqlite");
    const auto hub = host(later);
    EXPECT_EQ(hub->gauge("awards_database_up"), 0);
    hub->deliver(push("1", "ann"));
    EXPECT_TRUE(hub->logged("the awards database is down"));
    std::filesystem::create_directory(directory_ / "later");
    hub->advance(10s);
    EXPECT_EQ(hub->gauge("awards_database_up"), 1);
    EXPECT_EQ(held(*hub, "ann"), Ids{"push-1"});
    EXPECT_EQ(awards_published(*hub), 1u);
}

TEST_F(ABadgeAwarder, LosesNothingWhenItsPostgresqlServerGoesAway) {
    if (PostgresServer::programs().empty()) GTEST_SKIP() << "PostgreSQL is not installed";
    PostgresServer server;
    push_rule("push-1", 1);
    Json on_server = options();
    const auto hub = host(on_server.set("badges_global.database_uri", server.url()));
    hub->deliver(push("1", "ann"));
    EXPECT_EQ(awards_published(*hub), 1u);
    server.stop();
    EXPECT_TRUE(hub->deliver(push("2", "bob")).is_acked());
    EXPECT_EQ(hub->gauge("awards_database_up"), 0);
    server.start_again();
    hub->advance(10s);
    EXPECT_EQ(held(*hub, "bob"), Ids{"push-1"});
    EXPECT_EQ(awards_published(*hub), 2u);
}

TEST_F(ABadgeAwarder, BlocksTheLaneForABoundedTimeWhileTheAwardsDatabaseIsDown) {
    push_rule("push-1", 1);
    Json later = options();
    later.set("badges_global.database_uri", "sqlite:///" + directory_ / "later/awards.sqlite");
    later.set("badges.database_wait", 0.2);
    const auto hub = host(later);
    const auto start = std::chrono::steady_clock::now();
    hub->deliver(push("1", "ann"));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 200ms);
    hub->request_stop();
    hub->deliver(push("2", "ann"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

}  // namespace
}  // namespace badges::testing
