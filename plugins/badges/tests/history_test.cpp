// The plugin's own history and the work queue beside it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "badges/history/history_store.hpp"
#include "badges/parked/work_queue.hpp"
#include "badges/rules/any_json.hpp"
#include "temporary_directory.hpp"

namespace badges {
namespace {

using testing::TemporaryDirectory;

constexpr char kPush[] = "org.example.prod.git.receive";
constexpr char kEdit[] = "org.example.prod.wiki.article.edit";

Envelope message(const std::string& id, const std::string& topic, double at, const std::string& msg) {
    return Envelope::from_json(R"({"topic":")" + topic + R"(","msg_id":")" + id + R"(","timestamp":)" +
                               std::to_string(at) + R"(,"i":1,"msg":)" + msg + "}");
}

class AHistory : public ::testing::Test {
protected:
    AHistory() : database_("sqlite:///history.sqlite", directory_.path(), Durability::normal), history_(database_) {
        history_.set_up();
    }

    long long store(const Envelope& envelope) {
        long long number = 0;
        database_.write([&](soci::session&) { number = history_.store(envelope); });
        return number;
    }
    void store_some() {
        store(message("1", kPush, 100, R"({"user":"ann","package":"kernel"})"));
        store(message("2", kPush, 200, R"({"user":"Ann","package":"bash"})"));
        store(message("3", kPush, 300, R"({"user":"bob","package":"kernel"})"));
        store(message("4", kEdit, 400, R"({"user":"ann","title":"One \"page\""})"));
    }
    // By all ways: SQL alone, and the rows.
    std::uint64_t count(Query query, const std::string& excluded = "") {
        query.normalise();
        std::uint64_t rows = 0;
        history_.stream(query, excluded, [&](const Row& row) {
            EXPECT_TRUE(matches(query, row)) << row.msg_id;
            return ++rows != 0;
        });
        EXPECT_EQ(history_.count(query, excluded), rows);
        return rows;
    }

    TemporaryDirectory directory_;
    Database database_;
    HistoryStore history_;
};

// A question, spelled in one line.
struct Ask : Query {
    Ask& set(Selection Query::*key, const Selection& selection) { return this->*key = selection, *this; }
    Ask& set(std::optional<Names> Query::*key, const Names& names) { return this->*key = names, *this; }
    Ask& set(std::optional<double> Query::*key, double time) { return this->*key = time, *this; }
};
Selection wanted(const Names& names) {
    Selection selection;
    selection.wanted = names;
    return selection;
}
Selection unwanted(const Names& names) {
    Selection selection;
    selection.unwanted = names;
    return selection;
}

TEST_F(AHistory, CountsByUserInAnyCase) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ANN"}))), 3u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann", "bob"}))), 4u);
    EXPECT_EQ(count(Ask().set(&Query::users, unwanted({"ann"}))), 1u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"zed"}))), 0u);
}

TEST_F(AHistory, CombinesTheKeysOfAFilter) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::topics, wanted({kPush}))), 2u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::topics, unwanted({kPush}))), 1u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::packages, wanted({"kernel"}))), 1u);
    EXPECT_EQ(count(Ask().set(&Query::packages, unwanted({"kernel"}))), 2u);
    EXPECT_EQ(count(Ask().set(&Query::categories, wanted({"git"}))), 3u);
    EXPECT_EQ(count(Ask().set(&Query::categories, unwanted({"git"}))), 1u);
    EXPECT_EQ(count(Ask().set(&Query::msg_ids, Names{"1", "4", "9"})), 2u);
}

TEST_F(AHistory, TakesBothEndsOfATimeRange) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::start, 200).set(&Query::end, 300)), 2u);
    EXPECT_EQ(count(Ask().set(&Query::start, 200).set(&Query::end, 300).set(&Query::users, wanted({"ann"}))), 1u);
    EXPECT_EQ(count(Ask().set(&Query::start, 400.5)), 0u);
}

TEST_F(AHistory, LooksIntoTheBodiesOfWhatItShallContain) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::contains, Names{"\"kernel\""})), 2u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::contains, Names{"One \\\"page"})), 1u);
}

TEST_F(AHistory, FindsNothingForAnEmptyListAndEverythingForNoQuestion) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({}))), 0u);
    EXPECT_EQ(count(Ask()), 4u);
}

TEST_F(AHistory, MatchesAgentsOnlyWhereTheyAreKnown) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::agents, wanted({"ann"}))), 0u);
    EXPECT_EQ(count(Ask().set(&Query::agents, unwanted({"ann"}))), 4u);
}

TEST_F(AHistory, LeavesOutTheMessageAtHand) {
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})), "2"), 2u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})), "unknown"), 3u);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::contains, Names{"bash"}), "2"), 0u);
}

TEST_F(AHistory, SeesNoFartherThanItsHorizon) {
    store_some();
    history_.set_horizon(2);
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"}))), 2u);
    EXPECT_EQ(count(Ask()), 2u);
}

TEST_F(AHistory, KeepsAMessageOnce) {
    const auto first = store(message("1", kPush, 100, R"({"user":"ann"})"));
    const auto second = store(message("2", kPush, 100, R"({"user":"ann"})"));
    EXPECT_EQ(store(message("1", kPush, 100, R"({"user":"ann"})")), first);
    EXPECT_EQ(history_.last_number(), second);
    EXPECT_EQ(history_.size(), 2u);
}

TEST_F(AHistory, KnowsAMessageWithoutAnIdByItsContent) {
    const std::string body = R"({"topic":"org.example.prod.git.receive","timestamp":5,"i":3,"msg":{"user":"ann"}})";
    store(Envelope::from_json(body));
    store(Envelope::from_json(body));
    EXPECT_EQ(history_.size(), 1u);
}

TEST_F(AHistory, GivesWholeRowsNewestFirst) {
    store_some();
    std::vector<Row> rows;
    history_.stream(Ask().set(&Query::users, wanted({"ann"})), "", [&](const Row& row) {
        rows.push_back(row);
        return rows.size() < 2;
    });
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].msg_id, "4");
    EXPECT_EQ(rows[0].topic, kEdit);
    EXPECT_EQ(rows[0].category, "wiki");
    EXPECT_EQ(rows[0].timestamp, 400);
    EXPECT_EQ(rows[0].agent, std::nullopt);
    EXPECT_EQ(canonical_json(rows[0].msg), R"({"title":"One \"page\"","user":"ann"})");
    EXPECT_EQ(rows[1].msg_id, "2");
    EXPECT_EQ(rows[1].packages, Names{"bash"});
}

TEST_F(AHistory, IsTheSameAfterARestart) {
    store_some();
    Database again("sqlite:///history.sqlite", directory_.path());
    HistoryStore other(again);
    other.set_up();
    EXPECT_EQ(other.count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::topics, wanted({kPush})), ""), 2u);
}

// A tool beside the hub: no statement of the hub's keeps an old view of the file.
TEST_F(AHistory, CanBeWrittenAfterAnotherProcessHasWritten) {
    store_some();
    EXPECT_EQ(count(Ask(), "2"), 3u);
    Database again("sqlite:///history.sqlite", directory_.path());
    HistoryStore other(again);
    again.write([&](soci::session&) { other.store(message("5", kPush, 500, "{}")); });
    EXPECT_NO_THROW(store(message("6", kPush, 600, "{}")));
    EXPECT_EQ(count(Ask(), "5"), 5u);
}

TEST_F(AHistory, WithoutItsFileIsUnreachable) {
    Database nowhere("sqlite:///missing/history.sqlite", directory_.path());
    HistoryStore history(nowhere);
    EXPECT_THROW(history.count(Ask(), ""), HistoryUnreachable);
    EXPECT_THROW(history.stream(Ask(), "", [](const Row&) { return true; }), HistoryUnreachable);
}

TEST_F(AHistory, GivesUpAQuestionThatTakesTooLong) {
    database_.write([&](soci::session&) {
        for (int at = 0; at < 20'000; ++at) history_.store(message(std::to_string(at), kPush, at, R"({"user":"ann"})"));
    });
    // A connection of its own: one that was interrupted is closed, with the statements of its one store.
    Database connection("sqlite:///history.sqlite", directory_.path(), Durability::normal);
    HistoryStore hasty(connection, std::chrono::milliseconds(0));
    EXPECT_THROW(hasty.count(Ask().set(&Query::packages, unwanted({"x"})), ""), HistoryUnreachable);
}

// KF-094: nothing is paged, so no page size can cut the count.
TEST_F(AHistory, KF_094_CountsAllOf250) {
    for (int at = 0; at < 250; ++at) store(message("m" + std::to_string(at), kPush, at, R"({"user":"ann"})"));
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::topics, wanted({kPush}))), 250u);
}

TEST_F(AHistory, TellsWhenATopicWasSeenLast) {
    store_some();
    EXPECT_EQ(history_.last_seen("git.receive"), 300);
    EXPECT_EQ(history_.last_seen("git.never"), std::nullopt);
}

TEST_F(AHistory, GivesBackTheMessagesOfATimeRange) {
    store_some();
    std::vector<std::string> ids;
    history_.for_each(200, 400, [&](const std::string& body) { ids.push_back(Envelope::from_json(body).msg_id()); });
    EXPECT_EQ(ids, (std::vector<std::string>{"2", "3", "4"}));
}

// A batch that is cut off leaves nothing half stored; the same batch can be stored afterwards.
TEST_F(AHistory, SurvivesAKillInTheMiddleOfABatch) {
    store(message("0", kEdit, 1, R"({"user":"ann"})"));
    const pid_t child = fork();
    if (child == 0) {
        Database own("sqlite:///history.sqlite", directory_.path());
        HistoryStore history(own);
        own.write([&](soci::session&) {
            history.store(message("1", kPush, 100, R"({"user":"ann"})"));
            _exit(42);
        });
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), 42);
    EXPECT_EQ(history_.size(), 1u);
    store_some();
    EXPECT_EQ(count(Ask().set(&Query::users, wanted({"ann"})).set(&Query::topics, wanted({kPush}))), 2u);
}

class AWorkQueue : public AHistory {
protected:
    AWorkQueue() : queue_(database_, {}, [] { return 0.5; }) { queue_.set_up(); }

    void add(const std::string& id, double created) {
        database_.write([&](soci::session&) {
            Work work;
            work.msg_id = id;
            work.body = "{}";
            work.horizon = 7;
            work.created = created;
            queue_.add(work);
        });
    }

    WorkQueue queue_;
};

TEST_F(AWorkQueue, HoldsWhatHasNotBeenJudged) {
    add("1", 100);
    add("2", 101);
    add("2", 150);
    queue_.done({"1"});
    const auto due = queue_.due(200, 10);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].msg_id, "2");
    EXPECT_EQ(due[0].horizon, 7);
    EXPECT_EQ(queue_.oldest(), 101);
}

TEST_F(AWorkQueue, WaitsTwiceAsLongAfterEachFailure) {
    add("1", 100);
    EXPECT_TRUE(queue_.park(queue_.due(100, 1).at(0), "the directory is down", 100));
    EXPECT_EQ(queue_.next_due(), 102);
    EXPECT_TRUE(queue_.due(101, 1).empty());
    EXPECT_TRUE(queue_.park(queue_.due(102, 1).at(0), "the directory is down", 102));
    EXPECT_EQ(queue_.next_due(), 106);
    EXPECT_EQ(queue_.due(106, 1).at(0).reason, "the directory is down");
}

TEST_F(AWorkQueue, GivesUpAfterADayAndCanBeRevived) {
    add("1", 100);
    EXPECT_FALSE(queue_.park(queue_.due(100, 1).at(0), "still down", 100 + 86400));
    EXPECT_EQ(queue_.waiting(), 0u);
    EXPECT_EQ(queue_.dead(10).at(0).reason, "still down");
    EXPECT_EQ(queue_.revive(), 1);
    EXPECT_EQ(queue_.due(200, 10).size(), 1u);
}

TEST_F(AWorkQueue, PostponesWithoutCountingAnAttempt) {
    add("1", 100);
    queue_.postpone(queue_.due(100, 1).at(0), "too many awards", 3700);
    EXPECT_TRUE(queue_.due(3699, 1).empty());
    EXPECT_EQ(queue_.due(3700, 1).at(0).attempts, 0);
}

}  // namespace
}  // namespace badges
