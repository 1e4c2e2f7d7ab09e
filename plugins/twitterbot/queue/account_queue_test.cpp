// The queue of one account against a service that answers as told: what each answer makes of a post, and that nothing
// goes out twice. The clock stands still except where a test moves it.
#include "twitterbot/queue/account_queue.hpp"

#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace twitterbot;
using fedmsg_plugins::DeliveryRow;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::FileStamp;
using fedmsg_plugins::Ledger;
using fedmsg_plugins::SecretFileError;

constexpr double kStart = 1767225600;
constexpr double kMastodonKeyLife = 3600;

// What the test tells the service, and what the service saw. Outlives the clients, which come and go.
struct Desk {
    std::deque<Verdict> answers;  // empty: success
    std::deque<std::pair<Found, Verdict>> finds;
    std::deque<Upload> uploads;
    std::vector<Post> posts;
    std::vector<double> looked_since;
    double key_life = 0;
    int opened = 0;
    std::optional<double> exhausted_until;
    bool is_unreadable = false;
    FileStamp stamp{1, 1, 1};
};

template <class T>
T taken(std::deque<T>& list, T otherwise) {
    if (list.empty()) return otherwise;
    T out = list.front();
    list.pop_front();
    return out;
}

class ToldService : public Service {
public:
    explicit ToldService(Desk& desk) : desk_(desk) {}

    Verdict post(const Post& post) override {
        desk_.posts.push_back(post);
        exhausted_until_ = desk_.exhausted_until;
        return taken(desk_.answers, Verdict{Meaning::success, "", {}, "remote-" + post.key});
    }
    Upload upload(const Picture&) override {
        return taken(desk_.uploads, Upload{{Meaning::success, "", {}, ""}, "m1"});
    }
    Upload media_state(const std::string&) override { return upload({}); }
    Found find_own(const std::string&, double since, Verdict* verdict) override {
        desk_.looked_since.push_back(since);
        auto [found, said] = taken(desk_.finds, std::pair(Found::no, Verdict{}));
        *verdict = said;
        return found;
    }
    Verdict check() override { return {Meaning::success, "", {}, ""}; }
    LengthRule length_rule() override { return desk_.key_life > 0 ? LengthRule::mastodon() : LengthRule::x(); }
    double key_lifetime() const override { return desk_.key_life; }
    bool reuses_media() const override { return desk_.key_life <= 0; }

private:
    Desk& desk_;
};

Verdict verdict(Meaning meaning, const std::string& reason = "because") {
    return {meaning, reason, {}, ""};
}

struct Ended {};  // thrown where the process is to end

class AQueue : public testing::Test {
protected:
    AQueue() {
        char name[] = "/tmp/twitterbot-queue-XXXXXX";
        directory_ = mkdtemp(name);
        settings_.account = "main";
        settings_.is_dry_run = false;
        settings_.pause = 0;
        settings_.limits = {{1000, 60}};
        start();
    }
    ~AQueue() override {
        queue_.reset();
        ledger_.reset();
        store_.reset();
        std::filesystem::remove_all(directory_);
    }

    QueueHooks hooks() {
        QueueHooks out;
        out.open = [this] {
            if (desk_.is_unreadable) throw SecretFileError("the file has mode 0644");
            ++desk_.opened;
            return std::make_unique<ToldService>(desk_);
        };
        out.stamp = [this] { return desk_.stamp; };
        out.picture = [this](const std::string&, double) { return picture_; };
        out.count = [this](const char* counter) { ++counters_[counter]; };
        out.log = [this](fedmsg_hub_level, const std::string& line) { logs_ += line + "\n"; };
        out.chance = [] { return 0.5; };
        out.at_step = [this](const char* step) {
            if (last_step_ == step) throw Ended();
            if (const auto work = between_) work(step);
        };
        out.json = fedmsg_hub::testing::json_functions();
        return out;
    }
    // As a process that starts on the directory: everything from the files.
    void start() {
        queue_.reset();
        ledger_ = std::make_unique<Ledger>(directory_ + "/ledger.sqlite", "twitterbot");
        store_ = std::make_unique<Store>(directory_ + "/memory.sqlite");
        queue_ = std::make_unique<AccountQueue>(settings_, hooks(), *ledger_, *store_);
        queue_->recover(now_);
    }
    AccountQueue::Admission take(const std::string& id, const std::string& text, const std::string& picture = "") {
        Event event;
        event.msg_id = id;
        event.timestamp = now_;
        BuiltPost built;
        built.draft.head = text;
        built.picture_url = picture;
        return queue_->admit(event, route_, built, now_);
    }
    AccountQueue::Admission take(const std::string& id) { return take(id, "text of " + id); }

    // Everything that is due until then, each at its time; as the hub's timer does it.
    void run_for(double seconds) {
        const double end = now_ + seconds;
        for (int step = 0; step < 5000 && now_ <= end; ++step) now_ = std::max(now_ + 0.001, queue_->step(now_));
        now_ = end;
    }
    DeliveryRow row(const std::string& id) { return ledger_->find({"main", id, "post"}).value_or(DeliveryRow{}); }
    std::string state(const std::string& id) {
        const auto found = ledger_->find({"main", id, "post"});
        return found ? fedmsg_plugins::name_of(found->state) : "none";
    }
    std::size_t posts() const { return desk_.posts.size(); }

    std::string directory_;
    double now_ = kStart;
    Desk desk_;
    Route route_;
    PictureCache::Result picture_{"bytes", "image/png", ""};
    QueueSettings settings_;
    std::map<std::string, int> counters_;
    std::string logs_;
    std::string last_step_;                            // empty: none
    std::function<void(const std::string&)> between_;  // null: nothing happens between two steps
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<AccountQueue> queue_;
};

TEST_F(AQueue, SendsNothingBeforeItStandsInTheLedger) {
    EXPECT_EQ(take("1"), AccountQueue::Admission::queued);
    EXPECT_EQ(state("1"), "pending");
    EXPECT_EQ(posts(), 0u);
    run_for(1);
    EXPECT_EQ(state("1"), "done");
    EXPECT_EQ(row("1").remote_id, "remote-1");
    EXPECT_EQ(desk_.posts.at(0).text, "text of 1");
}

TEST_F(AQueue, TakesAMessageOnceWhateverBecameOfIt) {
    desk_.answers = {verdict(Meaning::success), verdict(Meaning::permanent)};
    for (const char* id : {"1", "2"}) take(id), run_for(1);
    for (const char* id : {"1", "2"}) EXPECT_EQ(take(id), AccountQueue::Admission::known);
    start();
    for (const char* id : {"1", "2"}) EXPECT_EQ(take(id), AccountQueue::Admission::known);
    run_for(3600);
    EXPECT_EQ(posts(), 2u);
}

TEST_F(AQueue, IsDoneWithADuplicate) {
    desk_.answers = {verdict(Meaning::duplicate)};
    take("1");
    run_for(3600);
    EXPECT_EQ(state("1"), "done");
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(counters_["duplicates"], 1);
}

TEST_F(AQueue, GivesUpWhatIsRefusedForGood) {
    desk_.answers = {verdict(Meaning::permanent, "no such place")};
    take("1");
    run_for(3600);
    EXPECT_EQ(state("1"), "dead");
    EXPECT_EQ(row("1").error, "no such place");
    EXPECT_EQ(posts(), 1u);
}

TEST_F(AQueue, ShortensABadTextByTwentyOnceAndThenGivesUp) {
    std::string text;
    while (text.size() < 270) text += "word ";
    desk_.answers = {verdict(Meaning::bad_text), verdict(Meaning::bad_text)};
    take("1", text);
    run_for(3600);
    ASSERT_EQ(posts(), 2u);
    EXPECT_GT(length_of(desk_.posts[0].text, LengthRule::x()), 260u);
    EXPECT_LE(length_of(desk_.posts[1].text, LengthRule::x()), 260u);
    EXPECT_EQ(state("1"), "dead");
}

TEST_F(AQueue, SleepsUntilTheResetAndCountsNoAttempt) {
    desk_.answers = {{Meaning::rate, "429", now_ + 300, ""}};
    take("1");
    run_for(299);
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(row("1").attempts, 0);
    take("2");  // waits as well: the account is asked to be silent
    start();    // also behind a restart
    run_for(0.5);
    EXPECT_EQ(posts(), 1u);
    run_for(5);
    EXPECT_EQ(state("1"), "done");
    EXPECT_EQ(state("2"), "done");
}

TEST_F(AQueue, SleepsAnHourAfterADailyLimit) {
    settings_.max_age = 86400;
    start();
    desk_.answers = {{Meaning::rate, "185", {}, "", true}};
    take("1");
    run_for(3590);
    EXPECT_EQ(posts(), 1u);
    run_for(20);
    EXPECT_EQ(posts(), 2u);
}

TEST_F(AQueue, WaitsWhenTheServiceSaysThatNothingIsLeft) {
    desk_.exhausted_until = now_ + 100;
    take("1");
    take("2");
    run_for(99);
    EXPECT_EQ(posts(), 1u);
    run_for(5);
    EXPECT_EQ(posts(), 2u);
}

TEST_F(AQueue, TriesAgainWithGrowingDelaysAndOnlyUpToItsAge) {
    for (int at = 0; at < 50; ++at) desk_.answers.push_back(verdict(Meaning::transient, "500"));
    take("1");
    run_for(1);
    EXPECT_EQ(posts(), 1u);
    run_for(2);  // 2 s
    EXPECT_EQ(posts(), 2u);
    run_for(2.5);
    EXPECT_EQ(posts(), 2u);
    run_for(1);  // 4 s
    EXPECT_EQ(posts(), 3u);
    run_for(970);
    EXPECT_EQ(state("1"), "skipped");
    EXPECT_LT(posts(), 15u);
    EXPECT_EQ(counters_["dropped"], 1);
}

TEST_F(AQueue, StopsAnAccountAtFaultAndGoesOnWhenTheFileHasChanged) {
    desk_.answers = {verdict(Meaning::account_fault, "401")};
    take("1");
    take("2");
    run_for(600);
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(state("1"), "pending");
    EXPECT_EQ(queue_->length(), 2u);
    EXPECT_NE(queue_->fault(), "");
    desk_.stamp.modified_ns = 2;
    run_for(6);
    EXPECT_EQ(queue_->fault(), "");
    EXPECT_EQ(desk_.opened, 2) << "the credentials are read again";
    EXPECT_EQ(state("1"), "done");
    EXPECT_EQ(state("2"), "done");
    EXPECT_EQ(posts(), 3u);
}

TEST_F(AQueue, KeepsTheQueueOfAStoppedAccountUpToItsAgeOnly) {
    desk_.answers = {verdict(Meaning::account_fault, "401")};
    take("1");
    run_for(910);
    EXPECT_EQ(state("1"), "skipped");
    desk_.stamp.modified_ns = 2;
    run_for(60);
    EXPECT_EQ(posts(), 1u);
}

TEST_F(AQueue, StaysStoppedWhileTheFileCannotBeUsed) {
    desk_.is_unreadable = true;
    take("1");
    run_for(60);
    EXPECT_NE(queue_->fault().find("0644"), std::string::npos);
    desk_.is_unreadable = false;
    run_for(60);
    EXPECT_EQ(posts(), 0u) << "the file has not changed";
    desk_.stamp.size = 2;
    run_for(60);
    EXPECT_EQ(posts(), 1u);
}

// ---- Unknown outcomes

TEST_F(AQueue, NeverRepeatsOnXWhatIsNotFound) {
    desk_.answers = {verdict(Meaning::ambiguous, "time-out")};
    take("1");
    run_for(3600);
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(desk_.looked_since.size(), 2u) << "once more, for a service that is slow to show it";
    EXPECT_EQ(state("1"), "dead");
    EXPECT_EQ(row("1").error.rfind("ambiguous", 0), 0u);
}

TEST_F(AQueue, IsDoneOnXWithWhatItFinds) {
    desk_.answers = {verdict(Meaning::ambiguous)};
    desk_.finds = {{Found::no, {}}, {Found::yes, {Meaning::success, "", {}, "77"}}};
    take("1");
    run_for(3600);
    EXPECT_EQ(state("1"), "done");
    EXPECT_EQ(row("1").remote_id, "77");
    EXPECT_EQ(posts(), 1u);
}

TEST_F(AQueue, GivesUpOnXIfItMayNotLook) {
    desk_.answers = {verdict(Meaning::ambiguous)};
    desk_.finds = {{Found::unknown, verdict(Meaning::permanent, "not on this tier")}};
    take("1");
    run_for(3600);
    EXPECT_EQ(state("1"), "dead");
    EXPECT_NE(row("1").error.find("ambiguous"), std::string::npos);
    EXPECT_NE(row("1").error.find("not on this tier"), std::string::npos);
    EXPECT_EQ(desk_.looked_since.size(), 1u);
}

TEST_F(AQueue, LooksAFewTimesWhileTheServiceIsInTrouble) {
    desk_.answers = {verdict(Meaning::ambiguous)};
    for (int at = 0; at < 50; ++at) desk_.finds.push_back({Found::unknown, verdict(Meaning::transient, "500")});
    take("1");
    run_for(3600);
    EXPECT_EQ(state("1"), "dead");
    EXPECT_LE(desk_.looked_since.size(), 10u);
    EXPECT_EQ(posts(), 1u);
}

TEST_F(AQueue, GoesOnWithOthersWhileOneIsUnclear) {
    desk_.answers = {verdict(Meaning::ambiguous)};
    take("1");
    take("2");
    run_for(1);
    EXPECT_EQ(state("1"), "inflight");
    EXPECT_EQ(state("2"), "done");
}

TEST_F(AQueue, RepeatsOnMastodonWithTheSameKeyAndText) {
    desk_.key_life = kMastodonKeyLife;
    desk_.answers = {verdict(Meaning::ambiguous), verdict(Meaning::ambiguous)};
    take("1");
    run_for(600);
    ASSERT_EQ(posts(), 3u);
    for (const Post& post : desk_.posts) {
        EXPECT_EQ(post.key, "1");
        EXPECT_EQ(post.text, "text of 1");
    }
    EXPECT_EQ(state("1"), "done");
}

TEST_F(AQueue, RepeatsNothingOnMastodonWhenTheKeyIsForgotten) {
    settings_.max_age = 86400;
    desk_.key_life = kMastodonKeyLife;
    start();
    for (int at = 0; at < 500; ++at) desk_.answers.push_back(verdict(Meaning::ambiguous));
    take("1");
    run_for(kMastodonKeyLife);
    const std::size_t tried = posts();
    EXPECT_GT(tried, 3u);
    run_for(20 * 3600);
    EXPECT_EQ(posts(), tried);
    EXPECT_EQ(state("1"), "dead");
}

TEST_F(AQueue, TreatsWhatItFindsInflightAtStartAsUnclear) {
    take("1");
    ASSERT_TRUE(ledger_->begin({"main", "1", "post"}, now_));
    now_ += 60;
    start();
    run_for(600);
    EXPECT_EQ(posts(), 0u);
    EXPECT_EQ(state("1"), "dead");
    ASSERT_FALSE(desk_.looked_since.empty());
    EXPECT_LE(desk_.looked_since[0], kStart + 1) << "from the time of the attempt on, not from that of the restart";
}

TEST_F(AQueue, LeavesWhatAnotherProcessHasBegunUntilThatMustHaveEnded) {
    Ledger other(directory_ + "/ledger.sqlite", "twitterbot");
    take("1");
    ASSERT_TRUE(other.begin({"main", "1", "post"}, now_));
    run_for(590);
    EXPECT_EQ(state("1"), "inflight");
    EXPECT_EQ(desk_.looked_since.size(), 0u);
    run_for(600);
    EXPECT_EQ(state("1"), "dead");
    EXPECT_EQ(desk_.looked_since.size(), 2u);
    EXPECT_EQ(posts(), 0u);
}

TEST_F(AQueue, SendsAPostOnceThoughAnotherProcessIsAboutToSendIt) {
    Ledger other_ledger(directory_ + "/ledger.sqlite", "twitterbot");
    Store other_store(directory_ + "/memory.sqlite");
    AccountQueue other(settings_, hooks(), other_ledger, other_store);
    take("1");
    between_ = [&](const std::string& step) {
        if (step != "prepared") return;
        between_ = nullptr;
        other.step(now_);
    };
    run_for(60);
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(state("1"), "done");
}

TEST_F(AQueue, GivesUpARowThatCannotBeRead) {
    ASSERT_TRUE(ledger_->reserve({"main", "1", "post"}, "{", now_));
    take("2");
    run_for(60);
    EXPECT_EQ(state("1"), "dead");
    EXPECT_EQ(state("2"), "done");
}

// ---- Near-duplicates

TEST_F(AQueue, SkipsTheSameTextWithinTheWindow) {
    take("1", "Hello  World");
    EXPECT_EQ(take("2", "Hello\nWorld"), AccountQueue::Admission::skipped) << "also before the first one is out";
    run_for(60);
    EXPECT_EQ(take("3", "Hello World"), AccountQueue::Admission::skipped);
    now_ += settings_.duplicate_window;
    EXPECT_EQ(take("4", "Hello World"), AccountQueue::Admission::queued);
    run_for(60);
    EXPECT_EQ(posts(), 2u);
    EXPECT_EQ(counters_["skipped"], 2);
}

TEST_F(AQueue, TakesTheTextOfAPostThatNeverWentOut) {
    desk_.answers = {verdict(Meaning::permanent)};
    take("1", "Hello");
    run_for(60);
    EXPECT_EQ(take("2", "Hello"), AccountQueue::Admission::queued);
}

TEST_F(AQueue, SkipsTheTextOfAPostThatMayHaveGoneOut) {
    desk_.answers = {verdict(Meaning::ambiguous)};
    take("1", "Hello");
    run_for(600);
    ASSERT_EQ(state("1"), "dead");
    EXPECT_EQ(take("2", "Hello"), AccountQueue::Admission::skipped);
    run_for(600);
    EXPECT_EQ(posts(), 1u);
}

// ---- How many, how fast

TEST_F(AQueue, KeepsToEachOfItsLimits) {
    settings_.limits = {{3, 100}, {4, 1000}};
    settings_.max_age = 86400;
    start();
    for (int at = 0; at < 9; ++at) take(std::to_string(at));
    run_for(99);
    EXPECT_EQ(posts(), 3u);
    run_for(100);
    EXPECT_EQ(posts(), 4u);
    run_for(800);
    EXPECT_EQ(posts(), 4u);
    run_for(3000);
    EXPECT_EQ(posts(), 9u);
}

TEST_F(AQueue, LeavesAPauseBetweenTwoPosts) {
    settings_.pause = 10;
    start();
    for (const char* id : {"1", "2", "3"}) take(id);
    run_for(9.5);
    EXPECT_EQ(posts(), 1u);
    run_for(1);
    EXPECT_EQ(posts(), 2u);
    start();
    run_for(1);
    EXPECT_EQ(posts(), 2u) << "the pause is kept across a restart";
}

TEST_F(AQueue, DropsTheOldestOfTooManyAndSaysHowManyOnce) {
    settings_.max_queue = 2;
    settings_.summary = "and {count} more";
    start();
    for (const char* id : {"1", "2", "3", "4", "5"}) take(id), now_ += 0.01;
    run_for(300);
    for (const char* id : {"1", "2", "3"}) EXPECT_EQ(state(id), "skipped");
    ASSERT_EQ(posts(), 3u);
    EXPECT_EQ(desk_.posts[0].key, "4");
    EXPECT_EQ(desk_.posts[2].text, "and 3 more");
    EXPECT_EQ(counters_["dropped"], 3);
    start();
    run_for(300);
    EXPECT_EQ(posts(), 3u);
}

TEST_F(AQueue, SumsUpOnceAlsoIfItEndsInBetween) {
    settings_.max_queue = 1;
    settings_.summary = "and {count} more";
    last_step_ = "summed up";
    start();
    for (const char* id : {"1", "2"}) take(id), now_ += 0.01;
    EXPECT_THROW(run_for(300), Ended);
    last_step_.clear();
    start();
    run_for(300);
    start();
    run_for(300);
    ASSERT_EQ(posts(), 2u);
    EXPECT_EQ(desk_.posts[1].text, "and 1 more");
}

TEST_F(AQueue, IsUnlistedOnMastodonWhenItSaysMuch) {
    desk_.key_life = kMastodonKeyLife;
    for (int at = 0; at < 13; ++at) take(std::to_string(at));
    run_for(60);
    ASSERT_EQ(posts(), 13u);
    EXPECT_EQ(desk_.posts.front().visibility, "public");
    EXPECT_EQ(desk_.posts.back().visibility, "unlisted");
}

// ---- Pictures, dry runs

TEST_F(AQueue, PostsWithoutAPictureThatCannotBeUploaded) {
    desk_.uploads = {Upload{verdict(Meaning::permanent, "no pictures here"), ""}};
    take("1", "Hello", "https://example.org/a.png");
    run_for(60);
    ASSERT_EQ(posts(), 1u);
    EXPECT_EQ(desk_.posts[0].media_id, "");
    EXPECT_EQ(counters_["pictures_failed"], 1);
}

TEST_F(AQueue, WaitsForAPictureThatTheServerWorksOn) {
    desk_.key_life = kMastodonKeyLife;
    const Verdict good = verdict(Meaning::success);
    desk_.uploads = {{good, "m7", false}, {good, "m7", false}, {good, "m7", true}};
    take("1", "Hello", "https://example.org/a.png");
    run_for(60);
    ASSERT_EQ(posts(), 1u);
    EXPECT_EQ(desk_.posts[0].media_id, "m7");
}

TEST_F(AQueue, OpensNoServiceInADryRun) {
    settings_.is_dry_run = true;
    desk_.is_unreadable = true;
    start();
    take("1", "Hello");
    run_for(60);
    EXPECT_EQ(posts(), 0u);
    EXPECT_EQ(desk_.opened, 0);
    EXPECT_NE(logs_.find(R"({"dry_run":true,"plugin":"twitterbot","account":"main","msg_id":"1","text":"Hello"})"),
              std::string::npos);
}

}  // namespace
