// The awards database, the same cases on SQLite and on a real PostgreSQL.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include "badges/awards/award_store.hpp"
#include "badges/awards/ids.hpp"
#include "badges/awards/outbox.hpp"
#include "postgres_server.hpp"
#include "temporary_directory.hpp"

namespace badges {
namespace {

using namespace std::chrono_literals;
using testing::PostgresServer;
using testing::TemporaryDirectory;

const Time kNow{std::chrono::seconds(1'406'800'123)};  // 2014-07-31
const Issuer kIssuer{"https://badges.example.org", "Example", "Example project", "badges@example.org"};

BadgeRow badge(const std::string& id) {
    return {id,
            "Badge " + id,
            "https://badges.example.org/" + id + ".png",
            "You did " + id,
            "https://badges.example.org/ticket/" + id,
            ""};
}

Award award_of(const std::string& badge_id, const std::string& nickname) {
    Award award;
    award.badge_id = badge_id;
    award.nickname = nickname;
    award.email = nickname + "@example.org";
    award.actor = "rule:x.yml";
    award.msg_id = "2014-1";
    award.issued_for = "https://history.example.org/id?id=2014-1";
    award.at = kNow;
    return award;
}

AwardStore::Settings settings() {
    AwardStore::Settings settings;
    settings.issuer_origin = kIssuer.origin;
    settings.salt = [] { return std::string("salt"); };
    return settings;
}

// One server for all cases; each has a database of its own.
PostgresServer& server() {
    static PostgresServer the_server;
    return the_server;
}

class AwardsDatabase : public ::testing::TestWithParam<SqlEngine> {
protected:
    void SetUp() override {
        if (GetParam() == SqlEngine::sqlite) {
            url_ = "sqlite:///" + directory_ / "awards.sqlite";
            return;
        }
        if (PostgresServer::programs().empty()) GTEST_SKIP() << "PostgreSQL is not installed";
        static int number = 0;
        url_ = server().make_database("awards" + std::to_string(++number));
    }

    struct Opened {
        explicit Opened(const std::string& url, AwardStore::Settings settings)
            : database(url), store(database, settings) {
            store.set_up(kIssuer, kNow);
        }
        Database database;
        AwardStore store;
    };
    std::unique_ptr<Opened> open(AwardStore::Settings with = settings()) const {
        return std::make_unique<Opened>(url_, std::move(with));
    }
    long long number(Database& database, const std::string& query) const {
        long long value = 0;
        database.read([&](soci::session& sql) { sql << query, soci::into(value); });
        return value;
    }
    std::string text(Database& database, const std::string& query) const {
        std::string value;
        soci::indicator state{};
        database.read([&](soci::session& sql) { sql << query, soci::into(value, state); });
        return state == soci::i_ok ? value : "NULL";
    }

    TemporaryDirectory directory_;
    std::string url_;
};

std::string name_of_engine(const ::testing::TestParamInfo<SqlEngine>& engine) {
    return engine.param == SqlEngine::sqlite ? "Sqlite" : "Postgresql";
}
INSTANTIATE_TEST_SUITE_P(Engines, AwardsDatabase, ::testing::Values(SqlEngine::sqlite, SqlEngine::postgresql),
                         name_of_engine);

TEST_P(AwardsDatabase, GivesAnAwardOnceAndQueuesItsMessages) {
    const auto opened = open();
    opened->store.sync({badge("courier")}, kNow);
    const Awarded first = opened->store.award(award_of("courier", "ann"));
    EXPECT_TRUE(first.is_new);
    EXPECT_EQ(first.old_rank, std::nullopt);
    EXPECT_EQ(first.rank, Rank(1));
    EXPECT_FALSE(opened->store.award(award_of("courier", "ann")).is_new);
    EXPECT_TRUE(opened->store.holds("courier", "ANN"));
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM assertions"), 1);
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM award_log"), 1);
    std::vector<OutgoingMessage> sent;
    EXPECT_EQ(send_outbox(
                  opened->database, [&](const OutgoingMessage& m) { sent.push_back(m); }, kNow),
              2);
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[0].topic, "fedbadges.badge.award");
    EXPECT_EQ(sent[0].body, R"({"badge":{"name":"Badge courier","description":"You did courier",)"
                            R"("image_url":"https://badges.example.org/courier.png","badge_id":"courier"},)"
                            R"("user":{"username":"ann","badges_user_id":1}})");
    EXPECT_EQ(sent[1].topic, "fedbadges.person.rank.advance");
    EXPECT_EQ(sent[1].body, R"({"person":{"email":"ann@example.org","id":1,"nickname":"ann","website":null,)"
                            R"("bio":null,"rank":1},"old_rank":null})");
    EXPECT_EQ(send_outbox(
                  opened->database, [&](const OutgoingMessage& m) { sent.push_back(m); }, kNow),
              0);
}

TEST_P(AwardsDatabase, WritesTheColumnsOfTheWebSite) {
    const auto opened = open();
    opened->store.sync({badge("courier")}, kNow);
    opened->store.award(award_of("courier", "ann"));
    Database& database = opened->database;
    EXPECT_EQ(text(database, "SELECT id FROM assertions"), "courier -> 1");
    EXPECT_EQ(text(database, "SELECT recipient FROM assertions"), recipient_hash("ann@example.org", "salt"));
    EXPECT_EQ(text(database, "SELECT issued_for FROM assertions"), "https://history.example.org/id?id=2014-1");
    EXPECT_EQ(text(database, "SELECT CAST(issued_on AS TEXT) FROM assertions").substr(0, 19), "2014-07-31 09:48:43");
    EXPECT_EQ(text(database, "SELECT email FROM persons"), "ann@example.org");
    EXPECT_EQ(number(database, "SELECT CASE WHEN opt_out THEN 1 ELSE 0 END FROM persons"), 0);
    EXPECT_EQ(text(database, "SELECT actor FROM award_log"), "rule:x.yml");
    EXPECT_EQ(number(database, "SELECT count(*) FROM award_log WHERE value IS NULL AND note IS NULL"), 1);
    EXPECT_EQ(text(database, "SELECT origin FROM issuers"), "https://badges.example.org");
}

TEST_P(AwardsDatabase, BelievesThatAPersonIsKnownInAnyCase) {
    const auto opened = open();
    opened->store.sync({badge("courier"), badge("gavel")}, kNow);
    opened->store.award(award_of("courier", "ann"));
    EXPECT_FALSE(opened->store.award(award_of("courier", "ANN")).is_new);
    EXPECT_TRUE(opened->store.award(award_of("gavel", "Ann")).is_new);
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM persons"), 1);
}

TEST_P(AwardsDatabase, UpdatesWhatTheRuleFilesChange) {
    const auto opened = open();
    EXPECT_TRUE(opened->store.sync({badge("courier")}, kNow).empty());
    BadgeRow changed = badge("courier");
    changed.image = "https://badges.example.org/new.png";
    changed.criteria = "https://badges.example.org/ticket/8";
    EXPECT_TRUE(opened->store.sync({changed}, kNow + 1h).empty());
    const auto stored = opened->store.badge("courier");
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->image, changed.image);
    EXPECT_EQ(stored->criteria, changed.criteria);
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM badges"), 1);
}

TEST_P(AwardsDatabase, ReportsABadgeThatItRefusesAndTakesTheOthers) {
    const auto opened = open();
    BadgeRow twin = badge("twin");
    twin.name = badge("courier").name;  // the names are unique
    const auto refused = opened->store.sync({badge("courier"), twin, badge("gavel")}, kNow);
    ASSERT_EQ(refused.size(), 1u);
    EXPECT_NE(refused[0].find("twin"), std::string::npos);
    EXPECT_TRUE(opened->store.badge("gavel"));
}

TEST_P(AwardsDatabase, RefusesAnAwardOfAnUnknownBadgeWhole) {
    const auto opened = open();
    EXPECT_THROW(opened->store.award(award_of("none", "ann")), DatabaseRefused);
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM persons"), 0);
    EXPECT_EQ(waiting_messages(opened->database), 0);
}

TEST_P(AwardsDatabase, RanksEqualNumbersEqually) {
    const auto opened = open();
    std::vector<BadgeRow> badges;
    for (int at = 0; at < 5; ++at) badges.push_back(badge("b" + std::to_string(at)));
    opened->store.sync(badges, kNow);
    const std::vector<std::pair<std::string, int>> people = {{"ann", 5}, {"bob", 5}, {"cat", 3}, {"dan", 2}};
    for (const auto& [name, awards] : people)
        for (int at = 0; at < awards; ++at) opened->store.award(award_of("b" + std::to_string(at), name));
    std::vector<long long> ranks;
    for (const auto& row : opened->store.leaderboard(10)) ranks.push_back(row.rank);
    EXPECT_EQ(ranks, (std::vector<long long>{1, 1, 3, 4}));
}

std::map<std::string, long long> ranks_of(AwardStore& store) {
    std::map<std::string, long long> ranks;
    for (const auto& row : store.leaderboard(100)) ranks[row.nickname] = row.rank;
    return ranks;
}

// One award at a time moves ranks exactly as a full computation would.
TEST_P(AwardsDatabase, MovesRanksAsARecomputationWould) {
    const auto opened = open();
    std::vector<BadgeRow> badges;
    for (int at = 0; at < 8; ++at) badges.push_back(badge("b" + std::to_string(at)));
    opened->store.sync(badges, kNow);
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        const std::string who = "p" + std::to_string(random() % 7);
        opened->store.award(award_of("b" + std::to_string(random() % 8), who));
        if (round % 13 == 12) opened->store.set_opt_out("p" + std::to_string(random() % 7), random() % 2 == 0);
        const auto moved = ranks_of(opened->store);
        opened->store.repair_ranks();
        ASSERT_EQ(moved, ranks_of(opened->store)) << "after round " << round;
    }
}

// KF-095: documented rule: who has no award has no rank and is not on the leaderboard, so dan is absent.
TEST_P(AwardsDatabase, KF_095_RanksOfEqualNumbersAreRight) {
    const auto opened = open();
    std::vector<BadgeRow> badges;
    for (int at = 0; at < 9; ++at) badges.push_back(badge("b" + std::to_string(at)));
    opened->store.sync(badges, kNow);
    const auto give = [&](const std::string& who, int first, int last) {
        for (int at = first; at < last; ++at) opened->store.award(award_of("b" + std::to_string(at), who));
    };
    give("ann", 0, 3);
    give("bob", 0, 3);
    give("cat", 0, 2);
    give("dan", 0, 1);
    opened->store.revoke("b0", "dan", "user:op", "", kNow);
    give("eve", 0, 1);
    opened->store.set_opt_out("eve", true);
    give("eve", 1, 9);
    using Ranks = std::map<std::string, long long>;
    EXPECT_EQ(ranks_of(opened->store), (Ranks{{"ann", 1}, {"bob", 1}, {"cat", 3}}));
    give("cat", 2, 3);
    EXPECT_EQ(ranks_of(opened->store), (Ranks{{"ann", 1}, {"bob", 1}, {"cat", 1}}));
    give("bob", 3, 4);
    EXPECT_EQ(ranks_of(opened->store), (Ranks{{"bob", 1}, {"ann", 2}, {"cat", 2}}));
    EXPECT_EQ(opened->store.person("eve")->rank, std::nullopt);
    EXPECT_EQ(opened->store.person("dan")->rank, std::nullopt);
}

// "No full recompute per award": an award touches the rank of the person and of those with the same number, no other.
TEST_P(AwardsDatabase, KF_095_AnAwardTouchesTheRanksOfEqualsOnly) {
    const auto opened = open();
    opened->store.sync({badge("a"), badge("b"), badge("c")}, kNow);
    for (const char* who : {"ann", "bob", "cat"}) opened->store.award(award_of("a", who));
    opened->store.award(award_of("b", "ann"));
    opened->store.award(award_of("c", "ann"));
    opened->database.write([](soci::session& sql) {  // a mark that a recomputation would wipe out
        sql << "UPDATE persons SET rank = -77 WHERE nickname = 'ann'";
    });
    EXPECT_EQ(opened->store.award(award_of("b", "bob")).rank, Rank(2));
    EXPECT_EQ(opened->store.person("cat")->rank, Rank(3));
    EXPECT_EQ(opened->store.person("ann")->rank, Rank(-77));
}

TEST_P(AwardsDatabase, PublishesARankOnlyWhenItsNumberChanged) {
    const auto opened = open();
    opened->store.sync({badge("a"), badge("b")}, kNow);
    opened->store.award(award_of("a", "ann"));
    opened->store.award(award_of("b", "ann"));  // still the first
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM outbox WHERE topic LIKE '%rank.advance'"), 1);
    AwardStore::Settings original = settings();
    original.always_publish_rank = true;
    const auto other = open(original);
    other->store.sync({badge("c")}, kNow);
    other->store.award(award_of("c", "ann"));
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM outbox WHERE topic LIKE '%rank.advance'"), 2);
}

TEST_P(AwardsDatabase, RevokesAndGivesAgainWithAnotherMessageId) {
    const auto opened = open();
    opened->store.sync({badge("a")}, kNow);
    opened->store.award(award_of("a", "ann"));
    EXPECT_TRUE(opened->store.revoke("a", "ann", "user:op", "by mistake", kNow));
    EXPECT_FALSE(opened->store.revoke("a", "ann", "user:op", "", kNow));
    EXPECT_FALSE(opened->store.holds("a", "ann"));
    EXPECT_TRUE(opened->store.leaderboard(10).empty());
    EXPECT_TRUE(opened->store.award(award_of("a", "ann")).is_new);
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM outbox WHERE topic LIKE '%badge.award'"), 2);
    EXPECT_EQ(text(opened->database, "SELECT note FROM award_log WHERE action = 'revoke'"), "by mistake");
    EXPECT_EQ(opened->store.held_by("ann").size(), 1u);
}

TEST_P(AwardsDatabase, EditsAndDeletesBadges) {
    const auto opened = open();
    opened->store.sync({badge("a")}, kNow);
    opened->store.award(award_of("a", "ann"));
    opened->store.grant_authorization("a", "ann");
    BadgeRow changes;
    changes.id = "a";
    changes.description = "Better";
    EXPECT_TRUE(opened->store.edit_badge(changes, "user:op", kNow));
    EXPECT_EQ(opened->store.badge("a")->description, "Better");
    EXPECT_EQ(opened->store.badge("a")->name, "Badge a");
    EXPECT_EQ(opened->store.delete_badge("a", "user:op", kNow), 1);
    EXPECT_EQ(opened->store.delete_badge("a", "user:op", kNow), std::nullopt);
    EXPECT_FALSE(opened->store.person("ann")->rank);
    changes.id = "none";
    EXPECT_FALSE(opened->store.edit_badge(changes, "user:op", kNow));
}

TEST_P(AwardsDatabase, GrantsAndRevokesAuthorizations) {
    const auto opened = open();
    opened->store.sync({badge("a")}, kNow);
    opened->store.award(award_of("a", "ann"));
    EXPECT_TRUE(opened->store.grant_authorization("a", "ann"));
    EXPECT_FALSE(opened->store.grant_authorization("a", "ann"));
    EXPECT_FALSE(opened->store.grant_authorization("a", "zed"));
    EXPECT_TRUE(opened->store.is_authorized("a", "ann"));
    EXPECT_TRUE(opened->store.revoke_authorization("a", "ann"));
    EXPECT_FALSE(opened->store.is_authorized("a", "ann"));
}

TEST_P(AwardsDatabase, ListsWhatSomebodyHoldsAndSinceWhenAndByWhom) {
    const auto opened = open();
    opened->store.sync({badge("a"), badge("b")}, kNow);
    Award by_hand = award_of("b", "ann");
    by_hand.actor = "user:op";
    by_hand.note = "for the talk";
    by_hand.at = kNow + 1h;
    opened->store.award(award_of("a", "ann"));
    opened->store.award(by_hand);
    const auto held = opened->store.held_by("Ann");
    ASSERT_EQ(held.size(), 2u);
    EXPECT_EQ(held[0].badge_id, "a");
    EXPECT_EQ(held[0].actor, "rule:x.yml");
    EXPECT_EQ(held[0].msg_id, "2014-1");
    EXPECT_EQ(held[1].name, "Badge b");
    EXPECT_EQ(held[1].note, "for the talk");
}

TEST_P(AwardsDatabase, CountsEachEventOnce) {
    const auto opened = open();
    EXPECT_EQ(opened->store.count_event("key", "ann", "2014-1"), 1);
    EXPECT_EQ(opened->store.count_event("key", "ann", "2014-1"), 1);
    EXPECT_EQ(opened->store.count_event("key", "ann", "2014-2"), 2);
    EXPECT_EQ(opened->store.count_event("key", "bob", "2014-2"), 1);
    EXPECT_EQ(opened->store.count_event("other", "ann", "2014-3"), 1);
}

TEST_P(AwardsDatabase, KeepsWhatCouldNotBePublishedAndGoesOnFromThere) {
    const auto opened = open();
    opened->store.sync({badge("a"), badge("b")}, kNow);
    opened->store.award(award_of("a", "ann"));
    opened->store.award(award_of("b", "ann"));
    std::vector<std::string> sent;
    const auto fails_at_the_second = [&](const OutgoingMessage& message) {
        if (sent.size() == 1) throw std::runtime_error("no peer is connected");
        sent.push_back(message.msg_id);
    };
    EXPECT_THROW(send_outbox(opened->database, fails_at_the_second, kNow), std::runtime_error);
    EXPECT_EQ(waiting_messages(opened->database), 2);
    EXPECT_EQ(send_outbox(
                  opened->database, [&](const OutgoingMessage& m) { sent.push_back(m.msg_id); }, kNow),
              2);
    EXPECT_EQ(std::set<std::string>(sent.begin(), sent.end()).size(), 3u);
    prune_outbox(opened->database, kNow + 1s);
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM outbox"), 0);
}

// A writer who waits for another one's transaction gets its turn.
TEST_P(AwardsDatabase, LetsTwoProcessesSetItUpAtTheSameTime) {
    const pid_t child = fork();
    if (child == 0) {
        try {
            open()->store.sync({badge("a")}, kNow);
            _exit(0);
        } catch (const std::exception&) {
            _exit(1);
        }
    }
    EXPECT_NO_THROW(open()->store.sync({badge("a")}, kNow));
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

// The work of one hub process of KF-093: 8 workers, each with a connection of its own, and a sender.
int award_on_eight_workers(const std::string& url, std::atomic<int>& errors) {
    std::atomic<int> awards = 0;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 8; ++worker)
        workers.emplace_back([&] {
            try {
                Database database(url);
                AwardStore store(database, settings());
                for (int message = 0; message < 100; ++message) awards += store.award(award_of("a", "ann")).is_new;
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s\n", error.what());
                ++errors;
            }
        });
    for (std::thread& worker : workers) worker.join();
    return awards;
}

int send_all(const std::string& url) {
    Database database(url);
    int awards = 0;
    send_outbox(
        database, [&](const OutgoingMessage& m) { awards += m.topic == "fedbadges.badge.award"; }, kNow);
    return awards;
}

// Every worker handles all 100 messages: harder than sharing them.
TEST_P(AwardsDatabase, KF_093_HundredEqualMessagesOnEightWorkersOfTwoProcessesGiveOneAward) {
    open()->store.sync({badge("a")}, kNow);
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        std::atomic<int> errors = 0;
        int result[3] = {award_on_eight_workers(url_, errors), 0, 0};
        result[1] = send_all(url_);
        result[2] = errors;
        _exit(write(pipe_ends[1], result, sizeof result) == sizeof result ? 0 : 1);
    }
    std::atomic<int> errors = 0;
    const int awards = award_on_eight_workers(url_, errors);
    const int notifications = send_all(url_);
    int other[3] = {-1, -1, -1};
    EXPECT_EQ(read(pipe_ends[0], other, sizeof other), ssize_t{sizeof other});
    waitpid(child, nullptr, 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    EXPECT_EQ(awards + other[0], 1);
    EXPECT_EQ(notifications + other[1], 1);
    EXPECT_EQ(errors + other[2], 0);
    const auto opened = open();
    EXPECT_EQ(number(opened->database, "SELECT count(*) FROM assertions"), 1);
}

const char* const kSteps[] = {"before the award", "after the person",  "after the assertion", "after the ranks",
                              "after the outbox", "before the commit", "after the commit"};

// A process that dies (no destructors, no rollback) at each step of an award; then the message comes again.
TEST_P(AwardsDatabase, SurvivesAKillAtEachStepOfAnAward) {
    int number_of_step = 0;
    for (const std::string step : kSteps) {
        const std::string id = "b" + std::to_string(number_of_step++);
        const pid_t child = fork();
        if (child == 0) {
            AwardStore::Settings dying = settings();
            dying.at_step = [&](const char* at) {
                if (step == at) _exit(42);
            };
            const auto opened = open(dying);
            opened->store.sync({badge(id)}, kNow);
            opened->store.award(award_of(id, "ann"));
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_EQ(WEXITSTATUS(status), 42) << step;
        const auto opened = open();
        EXPECT_EQ(opened->store.award(award_of(id, "ann")).is_new, step != "after the commit") << step;
        EXPECT_TRUE(opened->store.holds(id, "ann")) << step;
        EXPECT_EQ(number(opened->database, "SELECT count(*) FROM outbox WHERE body LIKE '%\"" + id + "\"%'"), 1)
            << step;
    }
}

// Between publishing and marking: the message goes out again under the same id, so receivers drop the double.
TEST_P(AwardsDatabase, PublishesUnderTheSameIdAfterAKillBetweenPublishingAndMarking) {
    {
        const auto opened = open();
        opened->store.sync({badge("a")}, kNow);
        opened->store.award(award_of("a", "ann"));
    }
    const auto send_and_die = [&](int pipe_end) {
        Database database(url_);
        send_outbox(
            database,
            [&](const OutgoingMessage& message) {
                _exit(write(pipe_end, message.msg_id.data(), message.msg_id.size()) > 0 ? 42 : 1);
            },
            kNow);
    };
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        send_and_die(pipe_ends[1]);
        _exit(0);
    }
    char first[100] = {};
    ASSERT_GT(read(pipe_ends[0], first, sizeof first - 1), 0);
    waitpid(child, nullptr, 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    std::vector<std::string> sent;
    Database database(url_);
    send_outbox(
        database, [&](const OutgoingMessage& m) { sent.push_back(m.msg_id); }, kNow);
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[0], first);
}

TEST(Identifiers, AreThoseOfTheWebSite) {
    EXPECT_EQ(assertion_id("courier", 7), "courier -> 7");
    EXPECT_EQ(recipient_hash("a", "b"), "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603");
}

// python3 -c 'import uuid; s = uuid.uuid5(uuid.NAMESPACE_URL, "https://badges.example.org"); print(uuid.uuid5(s, "x"))'
TEST(Identifiers, OfMessagesAreNameBasedUuids) {
    EXPECT_EQ(message_id(kNow, "https://badges.example.org", "x").substr(0, 5), "2014-");
    EXPECT_EQ(name_uuid("https://badges.example.org", "x"), "63e76ca5-30d1-5514-b5ee-713237b3c324");
    EXPECT_NE(name_uuid("https://other.example.org", "x"), name_uuid("https://badges.example.org", "x"));
}

TEST(ADatabaseUrl, IsRefusedWithTheReasonIfItIsNone) {
    EXPECT_THROW(Database("mysql://x/y"), std::invalid_argument);
    EXPECT_THROW(Database("sqlite:///"), std::invalid_argument);
}

TEST(ADatabaseUrl, IsShownWithoutItsPassword) {
    EXPECT_EQ(Database("postgresql+psycopg2://ann:secret@db.example.org/awards?x=1").name(),
              "postgresql://ann:***@db.example.org/awards");
    EXPECT_EQ(Database("sqlite:////var/lib/a.sqlite").name(), "sqlite:////var/lib/a.sqlite");
    EXPECT_EQ(Database("sqlite:///a.sqlite", "/var/lib").path(), "/var/lib/a.sqlite");
}

TEST(ADatabase, ThatCannotBeReachedIsUnavailableAndLaterUsable) {
    TemporaryDirectory directory;
    Database database("sqlite:///" + directory / "below/awards.sqlite");
    EXPECT_THROW(database.read([](soci::session&) {}), DatabaseUnavailable);
    std::filesystem::create_directory(directory / "below");
    EXPECT_NO_THROW(database.read([](soci::session& sql) { sql << "SELECT 1"; }));
}

TEST(ADatabase, OfAServerThatHasEndedIsUnavailable) {
    if (PostgresServer::programs().empty()) GTEST_SKIP() << "PostgreSQL is not installed";
    PostgresServer own;
    Database database(own.url());
    AwardStore store(database, settings());
    store.set_up(kIssuer, kNow);
    own.stop();
    EXPECT_THROW(store.award(award_of("a", "ann")), DatabaseUnavailable);
    EXPECT_THROW(store.holds("a", "ann"), DatabaseUnavailable);
}

}  // namespace
}  // namespace badges
