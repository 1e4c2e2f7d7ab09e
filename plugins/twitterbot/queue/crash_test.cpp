// kill -9 between any two steps: a child process takes a message, begins to post it, and is gone at a chosen step,
// without closing or telling anything. Then a second run on the same directory. Counted where it matters: at the
// service.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fedmsg_hub/testing.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "twitterbot/queue/account_queue.hpp"
#include "twitterbot/service/mastodon_client.hpp"
#include "twitterbot/service/x_client.hpp"
#include "twitterbot/testing/stub_service.hpp"

namespace {

using namespace twitterbot;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::Ledger;
using twitterbot::testing::StubService;

constexpr double kNow = 1767225600;
constexpr int kKilled = 42;
const char* const kSteps[] = {"claimed",  "reserved", "uploaded", "picture kept",
                              "prepared", "begun",    "answered", "settled"};

// One run of the bot's queue on a directory: everything but the hub.
class BotRun {
public:
    BotRun(const StubService& stub, ServiceKind kind, const std::string& directory, const std::string& last_step)
        : stub_(stub),
          kind_(kind),
          ledger_(directory + "/ledger.sqlite", "twitterbot"),
          store_(directory + "/memory.sqlite"),
          pictures_([this](const fedmsg_plugins::HttpRequest& request) { return http_.send(request); }),
          queue_(settings(), hooks(last_step), ledger_, store_) {}

    void take_message() {
        const fedmsg_hub::ParsedJson json(
            fedmsg_hub::testing::json_functions(),
            R"({"topic": "a.b.c.x", "msg_id": "2026-1", "timestamp": 1767225600, "msg": {}})");
        BuiltPost built;
        built.draft = {"Ann was awarded a badge ", "https://example.org/b", "", {}};
        built.picture_url = stub_.url("/picture.png");
        queue_.admit(event_of(json.root()), Route{}, built, now_);
    }
    void work() {
        for (int round = 0; round < 50; ++round) now_ = std::max(now_ + 0.001, queue_.step(now_));
    }
    AccountQueue& queue() { return queue_; }
    Ledger& ledger() { return ledger_; }
    double now() const { return now_; }

private:
    static QueueSettings settings() {
        QueueSettings out;
        out.account = "main";
        out.is_dry_run = false;
        out.max_age = 86400;
        out.limits = {{100, 60}};
        return out;
    }
    std::unique_ptr<Service> client() {
        Surroundings around;
        around.send = [this](const fedmsg_plugins::HttpRequest& request) { return http_.send(request); };
        around.now = [this] { return now_; };
        around.nonce = [] { return std::string("n0nce"); };
        around.json = fedmsg_hub::testing::json_functions();
        Credentials credentials;
        credentials.oauth1 = {"ck", "cs", "at", "ts"};
        credentials.bearer = "token-1";
        if (kind_ == ServiceKind::mastodon) return std::make_unique<MastodonClient>(stub_.url(), credentials, around);
        XSettings x;
        x.base_url = stub_.url();
        return std::make_unique<XClient>(x, credentials, around);
    }
    QueueHooks hooks(const std::string& last_step) {
        QueueHooks out;
        out.open = [this] { return client(); };
        out.stamp = [] { return fedmsg_plugins::FileStamp{}; };
        out.picture = [this](const std::string& url, double now) { return pictures_.get(url, now); };
        out.count = [](const char*) {};
        out.log = [](fedmsg_hub_level, const std::string&) {};
        out.chance = [] { return 0.5; };
        out.json = fedmsg_hub::testing::json_functions();
        out.at_step = [last_step](const char* step) {
            if (step == last_step) _exit(kKilled);
        };
        return out;
    }

    const StubService& stub_;
    ServiceKind kind_;
    double now_ = kNow;
    fedmsg_plugins::HttpClient http_;
    Ledger ledger_;
    Store store_;
    PictureCache pictures_;
    AccountQueue queue_;
};

class ABotWithItsDirectory : public ::testing::Test {
protected:
    ABotWithItsDirectory() {
        char name[] = "/tmp/twitterbot-crash-XXXXXX";
        directory_ = mkdtemp(name);
    }
    ~ABotWithItsDirectory() override { std::filesystem::remove_all(directory_); }

    void run_until(ServiceKind kind, const std::string& step) {
        const pid_t child = fork();
        if (child == 0) {
            BotRun run(stub_, kind, directory_, step);
            run.take_message();
            run.work();
            _exit(0);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFEXITED(status));
        ASSERT_EQ(WEXITSTATUS(status), kKilled) << "the step was not reached";
    }
    // What the ledger says in the end. The hub may offer the message again, or not.
    std::string after_restart(ServiceKind kind, bool comes_again) {
        BotRun run(stub_, kind, directory_, "");
        run.queue().recover(run.now());
        if (comes_again) run.take_message();
        run.work();
        const auto row = run.ledger().find({"main", "2026-1", "post"});
        return row ? fedmsg_plugins::name_of(row->state) : "nothing";
    }

    StubService stub_;
    std::string directory_;
};

class ABotThatIsKilled : public ABotWithItsDirectory, public ::testing::WithParamInterface<const char*> {};

TEST_P(ABotThatIsKilled, NeverTweetsTwice) {
    const std::string step = GetParam();
    run_until(ServiceKind::x, step);
    const std::string state = after_restart(ServiceKind::x, true);
    const bool is_lost = step == "begun";  // it was about to be sent: nobody can know
    EXPECT_EQ(stub_.post_count(), is_lost ? 0u : 1u);
    EXPECT_EQ(state, is_lost ? "dead" : "done");
    EXPECT_EQ(stub_.requests("POST /2/tweets"), is_lost ? 0u : 1u);
}

TEST_P(ABotThatIsKilled, GoesOnByItselfWithWhatItHadTaken) {
    const std::string step = GetParam();
    run_until(ServiceKind::x, step);
    const std::string state = after_restart(ServiceKind::x, false);
    EXPECT_EQ(state, step == "claimed" ? "nothing" : step == "begun" ? "dead" : "done");
    EXPECT_LE(stub_.post_count(), 1u);
}

TEST_P(ABotThatIsKilled, PostsExactlyOnceOnMastodon) {
    run_until(ServiceKind::mastodon, GetParam());
    EXPECT_EQ(after_restart(ServiceKind::mastodon, true), "done");
    EXPECT_EQ(stub_.post_count(), 1u);
}

std::string name_of_step(const ::testing::TestParamInfo<const char*>& step) {
    std::string name = step.param;
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, ABotThatIsKilled, ::testing::ValuesIn(kSteps), name_of_step);

TEST_F(ABotWithItsDirectory, FindsThePostThatTheServiceGotWhenItWasKilled) {
    stub_.tell(R"({"next": [{"usual": true}, {"hang": true, "keep": true}]})");
    const pid_t child = fork();
    if (child == 0) {
        BotRun run(stub_, ServiceKind::x, directory_, "");
        run.take_message();
        run.work();
        _exit(0);
    }
    while (stub_.post_count() == 0) usleep(1000);  // a condition, bounded by the time limit of the request
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_EQ(after_restart(ServiceKind::x, true), "done");
    EXPECT_EQ(stub_.requests("POST /2/tweets"), 1u);
}

}  // namespace
