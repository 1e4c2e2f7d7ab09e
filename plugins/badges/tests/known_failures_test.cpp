// The known failures that the badge awarder must not repeat, and a kill between any two steps.
#include <sys/wait.h>
#include <unistd.h>

#include "badges_fixture.hpp"

namespace badges::testing {
namespace {

using namespace std::chrono_literals;
using Ids = std::set<std::string>;

class KnownFailures : public ABadgeAwarder {};

constexpr char kForUser[] = R"(trigger: {topic: git.receive}
recipient: "%(msg.user)s"
criteria: {datanommer: {filter: {msg_id: "%(msg_id)s"}, operation: count, condition: {greater than or equal to: 0}}}
)";

// Case rule: account names have no upper case, so ANN is ann. Counted by reason: no name at all is no recipient and is
// not counted; a mapping {"name": "ann"} names the keys, so "name" is looked up and unknown.
TEST_F(KnownFailures, KF_091_AwardsGoToAccountsOnly) {
    rule("pusher", kForUser);
    accounts("accounts:\n  ann:\n  bob:\n  svc:\n");
    const auto hub = host();
    hub->command({"award", "--user", "bob", "--badge", "pusher"});
    hub->command({"revoke", "--user", "bob", "--badge", "pusher"});
    hub->consumer().engine().awards.set_opt_out("bob", true);
    int number = 0;
    for (const char* recipient :
         {R"("10.0.0.1")", R"("::1")", "null", R"("")", R"("svc/host.example.com")", R"(["ann", null])",
          R"({"name": "ann"})", R"("ANN")", R"("bob")", R"("zed")", R"("None")", R"("apache")"})
        hub->deliver(message(std::to_string(++number), kPushTopic, std::string(R"({"user": )") + recipient + "}"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"pusher"});
    EXPECT_EQ(hub->command({"leaderboard"}).out, "1\tann\t1\n");
    long long people = 0;
    hub->consumer().engine().awards_database.read(
        [&](soci::session& sql) { sql << "SELECT count(*) FROM assertions", soci::into(people); });
    EXPECT_EQ(people, 1);
    EXPECT_EQ(hub->counter("dropped_address"), 3u);
    EXPECT_EQ(hub->counter("dropped_banned"), 1u);
    EXPECT_EQ(hub->counter("dropped_opted_out"), 1u);
    EXPECT_EQ(hub->counter("dropped_unknown_account"), 3u);  // name, zed, none
    EXPECT_EQ(hub->counter("dropped_holder"), 1u);           // ANN, who has it by then
}

TEST_F(KnownFailures, KF_091_AnAccountInCapitalsIsTheAccount) {
    rule("pusher", kForUser);
    const auto hub = host();
    hub->deliver(message("1", kPushTopic, R"({"user": "ANN"})"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"pusher"});
}

class KF_092 : public KnownFailures {
protected:
    KF_092() { push_rule("fifth", 5); }
    // Which message the award is for.
    static std::string message_of_award(Host& host) {
        const std::string line = host.command({"list", "--user", "ann"}).out;
        const auto start = line.find("rule:fifth.yml\t");
        return start == std::string::npos ? "none" : line.substr(start + 15, 2);
    }
};

// The history is the plugin's own, so it cannot be late; what the delays of 0, 2 and 30 s did is played by the ways in
// which the five messages can come: in one batch, one by one, with a restart in between, and seconds apart.
TEST_F(KF_092, KF_092_TheFifthOfABatchGetsIt) {
    const auto hub = host();
    hub->deliver_batch({push("p1", "ann"), push("p2", "ann"), push("p3", "ann"), push("p4", "ann"), push("p5", "ann"),
                        push("p6", "ann")});
    EXPECT_EQ(message_of_award(*hub), "p5");
    EXPECT_EQ(awards_published(*hub), 1u);
}

TEST_F(KF_092, KF_092_TheFifthGetsItWithARestartInBetween) {
    {
        const auto hub = host();
        for (const char* id : {"p1", "p2", "p3"}) hub->deliver(push(id, "ann"));
    }
    const auto hub = host();
    hub->deliver(push("p3", "ann"));  // comes again
    hub->deliver(push("p4", "ann"));
    EXPECT_EQ(held(*hub, "ann"), Ids{});
    hub->deliver(push("p5", "ann"));
    EXPECT_EQ(message_of_award(*hub), "p5");
}

TEST_F(KF_092, KF_092_TheFifthGetsItWhateverTimePasses) {
    for (const auto delay : {0s, 2s, 30s}) {
        const auto hub = host();
        for (int at = 1; at <= 5; ++at) {
            EXPECT_EQ(awards_published(*hub), 0u);
            hub->deliver(push(std::to_string(delay.count()) + "-" + std::to_string(at), "bob"));
            hub->advance(delay);
        }
        EXPECT_EQ(awards_published(*hub), 1u);
        hub->command({"revoke", "--user", "bob", "--badge", "fifth"});
        std::filesystem::remove(directory_ / "state/history.sqlite");
        std::filesystem::remove(directory_ / "state/history.sqlite-wal");
    }
}

TEST_F(KF_092, KF_092_NothingSleeps) {
    const auto hub = host();
    std::vector<Incoming> unrelated;
    for (int at = 0; at < 1000; ++at)
        unrelated.push_back(message(std::to_string(at), "org.example.prod.wiki.article.edit", R"({"user": "ann"})"));
    const auto start = std::chrono::steady_clock::now();
    for (const Incoming& each : unrelated) hub->deliver(each);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    EXPECT_EQ(hub->counter("unmatched"), 1000u);
}

// On 8 workers and two processes: awards_test.cpp. Here: two hubs on one awards database, and the award is published
// once.
TEST_F(KnownFailures, KF_093_TwoHubsGiveOneAward) {
    push_rule("pusher", 1);
    const auto first = host();
    std::filesystem::create_directory(directory_ / "other");
    const Host second(options().text(), {}, directory_ / "other");
    std::vector<Incoming> messages(100, push("same", "ann"));
    first->deliver_batch(messages);
    const_cast<Host&>(second).deliver_batch(messages);
    first->advance(1min);
    const_cast<Host&>(second).advance(1min);
    EXPECT_EQ(awards_published(*first) + awards_published(const_cast<Host&>(second)), 1u);
    EXPECT_EQ(first->counter("awards") + second.counter("awards"), 1u);
    EXPECT_EQ(first->counter("errors") + second.counter("errors"), 0u);
}

TEST_F(KnownFailures, KF_094_AThresholdOf240IsReachedWith250) {
    push_rule("many", 240);
    push_rule("too-many", 251);
    const auto hub = host();
    std::vector<Incoming> messages;
    for (int at = 0; at < 250; ++at) messages.push_back(push(std::to_string(at), "ann"));
    hub->deliver_batch(messages);
    EXPECT_EQ(held(*hub, "ann"), Ids{"many"});
}

// A file of 20,000 levels is written as YAML flow sequences.
TEST_F(KnownFailures, KF_096_FaultyRuleFilesDisturbNobody) {
    push_rule("good", 1);
    file("broken.yml", "name: [\n");
    file("README", "not yaml: [\n");
    file(".good.yml.swp", "b0VIM");
    file("empty.yml", "");
    file("list.yml", "[]\n");
    std::ifstream good(directory_ / "rules/good.yml");
    file("zdup.yml", std::string(std::istreambuf_iterator<char>(good), {}));
    file("deep.yml", "trigger: " + std::string(20'000, '[') + std::string(20'000, ']') + "\n");
    const auto hub = host();
    hub->deliver(push("1", "ann"));
    EXPECT_EQ(held(*hub, "ann"), Ids{"good"});
    EXPECT_EQ(hub->gauge("rules"), 1);
    EXPECT_EQ(hub->gauge("rules_degraded"), 1);
    const auto check = hub->command({"check"});
    EXPECT_NE(check.code, 0);
    for (const char* name : {"broken.yml:", "empty.yml", "list.yml", "zdup.yml", "deep.yml"})
        EXPECT_NE(check.out.find(std::string("error: ") + name), std::string::npos) << name << "\n" << check.out;
    for (const char* name : {"README", ".swp"}) EXPECT_EQ(check.out.find(name), std::string::npos) << name;
}

// ---- kill -9 between any two steps

constexpr const char* kSteps[] = {"stored",
                                  "before the award",
                                  "after the person",
                                  "after the assertion",
                                  "after the ranks",
                                  "after the outbox",
                                  "before the commit",
                                  "after the commit",
                                  "judged",
                                  "done",
                                  "published",
                                  "sent"};

class AKill : public ABadgeAwarder, public ::testing::WithParamInterface<std::tuple<const char*, bool>> {};

INSTANTIATE_TEST_SUITE_P(Steps, AKill, ::testing::Combine(::testing::ValuesIn(kSteps), ::testing::Bool()),
                         [](const auto& step) {
                             std::string name = std::get<0>(step.param);
                             for (char& c : name)
                                 if (c == ' ') c = '_';
                             return name + (std::get<1>(step.param) ? "_redelivered" : "_not_redelivered");
                         });

// Dies at the step with the fifth push; whether the hub offers the message again or has lost it: one award, one id.
TEST_P(AKill, NeitherDoublesNorLosesAnAward) {
    push_rule("fifth", 5);
    const auto& [step, is_redelivered] = GetParam();
    const pid_t child = fork();
    if (child == 0) {
        const auto hub = host();
        for (int at = 1; at <= 4; ++at) hub->deliver(push(std::to_string(at), "ann"));
        hub->consumer().at_step = [&, name = std::string(step)](const char* at) {
            if (name == at) _exit(42);
        };
        hub->deliver(push("5", "ann"));
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), 42);
    const auto hub = host();
    if (is_redelivered) hub->deliver(push("5", "ann"));
    hub->advance(1min);
    EXPECT_EQ(held(*hub, "ann"), Ids{"fifth"});
    std::vector<std::string> ids;
    hub->consumer().engine().awards_database.read([&](soci::session& sql) {
        std::string id;
        soci::statement statement =
            (sql.prepare << "SELECT msg_id FROM outbox WHERE topic = 'fedbadges.badge.award' AND sent_at IS NOT NULL",
             soci::into(id));
        statement.execute();
        while (statement.fetch()) ids.push_back(id);
    });
    ASSERT_EQ(ids.size(), 1u);
    for (const std::string& id : published(*hub, "fedbadges.badge.award")) EXPECT_EQ(id, ids[0]);
    EXPECT_EQ(awards_published(*hub), std::string(step) == "sent" ? 0u : 1u);
    EXPECT_EQ(hub->gauge("parked"), 0);
}

}  // namespace
}  // namespace badges::testing
