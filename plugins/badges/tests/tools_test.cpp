// The operator commands of fedmsg-badges.
#include "badges_fixture.hpp"

namespace badges::testing {
namespace {

using namespace std::chrono_literals;

class ATool : public ABadgeAwarder {
protected:
    ATool() {
        push_rule("push-1", 1);
        push_rule("push-3", 3);
        host_ = host();
    }
    // The output of a command that must succeed.
    std::string run(const std::vector<std::string>& arguments) {
        const auto result = host_->command(arguments);
        EXPECT_EQ(result.code, 0) << result.error;
        return result.out;
    }
    std::string failure(const std::vector<std::string>& arguments, int code = 1) {
        const auto result = host_->command(arguments);
        EXPECT_EQ(result.code, code) << result.out;
        return result.error;
    }
    std::string messages_file(int count, const std::string& user) const {
        std::string path = directory_ / "messages.json";
        std::ofstream out(path);
        for (int at = 0; at < count; ++at)
            out << R"({"topic": "org.example.prod.git.receive", "msg_id": "r)" << at
                << R"(", "i": 1, "timestamp": 1406800123, "msg": {"user": ")" << user << "\"}}\n";
        return path;
    }
    std::unique_ptr<Host> host_;
};

TEST_F(ATool, GivesAndTakesABadgeAndTellsWhoDidIt) {
    EXPECT_EQ(run({"award", "--user", "Ann", "--badge", "push-3", "--note", "for the talk"}),
              "push-3 awarded to ann\n");
    EXPECT_EQ(failure({"award", "--user", "ann", "--badge=push-3"}), "award: ann holds push-3 already\n");
    const std::string line = run({"list", "--user", "ann"});
    EXPECT_EQ(line.find("push-3\t2026-01-01 00:00:00\tuser:"), 0u) << line;
    EXPECT_NE(line.find("\tfor the talk\n"), std::string::npos);
    EXPECT_EQ(run({"revoke", "--user", "ann", "--badge", "push-3"}), "push-3 revoked from ann\n");
    EXPECT_EQ(run({"list", "--user", "ann"}), "");
    EXPECT_EQ(failure({"revoke", "--user", "ann", "--badge", "push-3"}), "revoke: ann does not hold push-3\n");
}

TEST_F(ATool, GivesBadgesThatExistToAccountsThatExistOnly) {
    EXPECT_EQ(failure({"award", "--user", "ann", "--badge", "none"}), "award: there is no badge none\n");
    EXPECT_EQ(failure({"award", "--user", "zed", "--badge", "push-1"}), "award: there is no account zed\n");
}

TEST_F(ATool, LeavesThePublishingToTheHub) {
    run({"award", "--user", "ann", "--badge", "push-1"});
    EXPECT_EQ(awards_published(*host_), 0u);
    host_->advance(5s);
    EXPECT_EQ(awards_published(*host_), 1u);
}

TEST_F(ATool, ShowsRanks) {
    run({"award", "--user", "ann", "--badge", "push-1"});
    run({"award", "--user", "bob", "--badge", "push-1"});
    run({"award", "--user", "bob", "--badge", "push-3"});
    EXPECT_EQ(run({"leaderboard"}), "1\tbob\t2\n2\tann\t1\n");
    EXPECT_EQ(run({"leaderboard", "--limit", "1"}), "1\tbob\t2\n");
    EXPECT_EQ(run({"rank", "--user", "ann"}), "2\tann\n");
    EXPECT_EQ(failure({"rank", "--user", "dan"}), "rank: dan has no rank\n");
}

TEST_F(ATool, EditsAndDeletesBadges) {
    run({"award", "--user", "ann", "--badge", "push-1"});
    run({"edit-badge", "--badge", "push-1", "--description", "Better"});
    EXPECT_EQ(host_->consumer().engine().awards.badge("push-1")->description, "Better");
    EXPECT_NE(failure({"delete-badge", "--badge", "push-1"}).find("--yes"), std::string::npos);
    EXPECT_EQ(run({"delete-badge", "--badge", "push-1", "--yes"}), "push-1 deleted; 1 held it\n");
}

TEST_F(ATool, GrantsAuthorizations) {
    run({"award", "--user", "ann", "--badge", "push-1"});
    EXPECT_EQ(run({"grant-authorization", "--user", "ann", "--badge", "push-3"}), "ann may give push-3\n");
    EXPECT_EQ(run({"revoke-authorization", "--user", "ann", "--badge", "push-3"}), "ann may no longer give push-3\n");
    failure({"grant-authorization", "--user", "zed", "--badge", "push-3"});
}

TEST_F(ATool, RefusesWhatItDoesNotUnderstand) {
    EXPECT_EQ(failure({}, 2).find("a command is missing\ncommands:\n"), 0u);
    EXPECT_EQ(failure({"dance"}, 2).find("unknown command dance"), 0u);
    EXPECT_EQ(failure({"list"}, 2).find("list: --user is missing"), 0u);
    EXPECT_EQ(failure({"list", "--user"}, 2).find("list: --user needs a value"), 0u);
    EXPECT_EQ(failure({"list", "--who", "ann"}, 2).find("list: unknown option --who"), 0u);
    EXPECT_EQ(failure({"list", "--user", "ann", "more"}, 2).find("list: too many words"), 0u);
    EXPECT_EQ(failure({"leaderboard", "--limit", "many"}), "leaderboard: --limit takes a number from 1 on\n");
}

TEST_F(ATool, ListsMissingAwardsAndGivesThemOnDemand) {
    const std::string file = messages_file(3, "ann");
    EXPECT_EQ(run({"replay", file}),
              "missing: push-1 to ann (r0)\nmissing: push-1 to ann (r1)\n"
              "missing: push-1 to ann (r2)\nmissing: push-3 to ann (r2)\n"
              "3 messages, 4 awards are missing; --apply gives them\n");
    EXPECT_EQ(run({"list", "--user", "ann"}), "");
    EXPECT_EQ(run({"replay", file, "--apply"}),
              "awarded: push-1 to ann (r0)\nawarded: push-3 to ann (r0)\n3 messages, 2 awards given\n");
    EXPECT_EQ(run({"replay", "--from", "2014-07-31", "--to", "2014-07-31", "--apply"}), "3 messages, 0 awards given\n");
    EXPECT_EQ(run({"replay", "--from", "2014-07-31", "--apply"}), "3 messages, 0 awards given\n");
    host_->advance(5s);
    EXPECT_EQ(awards_published(*host_), 2u);
}

TEST_F(ATool, TellsWhatInAReplayIsNoMessage) {
    std::ofstream(directory_ / "bad.json") << "{\n";
    EXPECT_EQ(failure({"replay", directory_ / "bad.json"}).find("not a message: "), 0u);
    failure({"replay", directory_ / "none.json"}, 2);
    failure({"replay", "--from", "yesterday"}, 2);
}

TEST_F(ATool, ChecksRuleFiles) {
    const std::string good = run({"check"});
    EXPECT_NE(good.find("push-1.yml: badge push-1, dialect 1\n"), std::string::npos) << good;
    EXPECT_NE(good.find("2 rules are good\n"), std::string::npos);
    std::filesystem::create_directory(directory_ / "more");
    std::ofstream(directory_ / "more/x.yml") << "name: x\ncolour: red\n";
    const auto bad = host_->command({"check", directory_ / "more"});
    EXPECT_EQ(bad.code, 1);
    EXPECT_NE(bad.out.find("error: x.yml:"), std::string::npos) << bad.out;
    EXPECT_NE(bad.out.find("colour"), std::string::npos);
    EXPECT_FALSE(host_->consumer().engine().awards.badge("x"));
}

TEST_F(ATool, WarnsAboutTopicsThatAreNoLongerSent) {
    EXPECT_NE(run({"check"}).find("the history is empty"), std::string::npos);
    host_->deliver(push("1", "ann"));
    EXPECT_EQ(run({"check"}).find("warning"), std::string::npos);
    host_->advance(25h);
    EXPECT_NE(run({"check", "--days", "1"}).find("warning: push-1.yml: topic git.receive was not seen for 1 days"),
              std::string::npos);
    failure({"check", "--days", "soon"}, 2);
}

TEST_F(ATool, TellsWhichRulesFiredOnOtherTopicsInTheOriginal) {
    host_->deliver(message("1", "org.example.prod.trac.git.receive", R"({"user": "ann"})"));
    push_rule("any", 1);
    rule("wide",
         "trigger: {topic: \"*.git.receive\"}\nrecipient: \"%(msg.user)s\"\ncriteria:\n  datanommer:\n"
         "    filter: {topics: [\"%(topic)s\"]}\n    operation: count\n    condition: {equal to: 1}\n");
    const auto hub = host();
    hub->deliver(message("2", "org.example.prod.trac.git.receive", R"({"user": "ann"})"));
    EXPECT_NE(hub->command({"check", "--legacy-suffix"}).out.find("legacy: push-1.yml:"), std::string::npos);
}

TEST_F(ATool, ExplainsARuleAndAMessage) {
    std::ofstream(directory_ / "one.json") << R"({"topic": "org.example.prod.git.receive", "msg_id": "x", "i": 1,
        "timestamp": 1767225600, "msg": {"user": "zed"}})";
    const std::string text = run({"explain", "push-3.yml", directory_ / "one.json"});
    EXPECT_NE(text.find("rule push-3.yml: badge push-3"), std::string::npos);
    EXPECT_NE(text.find("zed: asked about"), std::string::npos) << text;
    EXPECT_NE(text.find("zed: no award, false"), std::string::npos) << text;
    EXPECT_NE(run({"explain", "push-1", directory_ / "one.json"}).find("zed: dropped, unknown_account"),
              std::string::npos);
    failure({"explain", "none", directory_ / "one.json"});
    failure({"explain", "push-1"}, 2);
    EXPECT_TRUE(host_->consumer().engine().history.size() == 0);
}

TEST_F(ATool, ConvertsExpressions) {
    rule("odd",
         "trigger: {all: [{topic: a.b}, {lambda: \"msg.get('msg', {}).get('n') == 1\"}]}\n"
         "recipient: \"%(msg.user)s\"\ncriteria: {datanommer: {filter: {topics: [\"%(topic)s\"]}, operation: "
         "count, condition: {equal to: 1}}}\n");
    const std::string text = run({"convert", directory_ / "rules/odd.yml"});
    EXPECT_NE(text.find("match"), std::string::npos) << text;
    failure({"convert"}, 2);
    failure({"convert", "/nonexistent.yml"});
}

TEST_F(ATool, GivesBadgesByTheAgeOfTheAccount) {
    accounts("accounts:\n  ann: {created: 2023-06-01}\n  bob: {created: 2025-06-01}\n  cat:\n");
    for (const char* who : {"ann", "bob", "cat"}) run({"award", "--user", who, "--badge", "push-1"});
    push_rule("egg", 1000);
    push_rule("chick", 1000);
    host_ = host();
    EXPECT_EQ(run({"account-age", "--badges", "1=egg,2=chick"}), "egg to ann\nchick to ann\n");
    EXPECT_EQ(run({"account-age", "--badges", "1=egg,2=chick"}), "");
    EXPECT_EQ(failure({"account-age", "--badges", "1=none"}), "account-age: there is no badge none\n");
    failure({"account-age", "--badges", "egg"});
}

// ---- --check of the shared runner

TEST_F(ATool, FindsNothingWrongWithAGoodConfiguration) {
    EXPECT_EQ(host_->check(), std::vector<std::string>{});
}

TEST_F(ATool, FindsFaultyRulesAndWhatCannotBeReached) {
    file("bad.yml", "name: [\n");
    Json all = options();
    all.set("badges_global.database_uri", "sqlite:////nonexistent/awards.sqlite");
    all.set("badges.accounts_file", "").set("fasjson_base_url", "http://127.0.0.1:1/v1");
    const auto hub = host(all);
    const auto problems = hub->check();
    ASSERT_EQ(problems.size(), 3u);
    EXPECT_EQ(problems[0].find("badges.yaml.directory: bad.yml:"), 0u);
    EXPECT_EQ(problems[1].find("badges_global.database_uri: "), 0u);
    EXPECT_EQ(problems[2].find("fasjson_base_url: "), 0u);
}

TEST_F(ATool, RefusesOptionsThatCannotBe) {
    const auto refused = [&](const char* option, const Json& value) {
        Json all = options();
        EXPECT_THROW(host(all.set(option, value)), fedmsg_hub::testing::Refused) << option;
    };
    refused("badges_global.database_uri", "mysql://x");
    refused("datanommer.sqlalchemy.url", "postgresql://x");
    refused("badges_global.badge_issuer", Json::object());
    refused("keytab", "/etc/krb5.keytab");
    refused("badges.history_url", "https://history.example.org");
    refused("badges.accounts_file", "");
    refused("badges.group_badges", Json::array({Json::object({{"group", "x"}})}));
}

}  // namespace
}  // namespace badges::testing
