// The jobs as the hub runs them: what starts a run, how many there are, what becomes of the messages, and what is left
// when the process is killed. Answers come from files; the compile command is a script that says how often it was
// called.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fedmsg_hub/testing.hpp>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "genacls/genacls.hpp"
#include "genacls/testing.hpp"
#include "support/ledger.hpp"

namespace {

using namespace genacls;
using namespace genacls::testing;
using namespace std::chrono_literals;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::FakeHub;
using fedmsg_hub::testing::Incoming;
using fedmsg_hub::testing::Refused;
using fedmsg_hub::testing::Result;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::Ledger;

constexpr char kUpdate[] = "org.fedoraproject.prod.pkgdb.acl.update";
constexpr char kSponsor[] = "org.fedoraproject.prod.fas.group.member.sponsor";
constexpr std::uint64_t kFinished = 2;  // the timer by which the worker hands its result over

std::string acl(const std::string& kind) {
    return R"({"agent": "pingou", "username": "newcomer", "acl": ")" + kind + R"(", "status": "Approved",
        "package_listing": {"package": {"name": "geany"}, "collection": {"branchname": "f18"}}})";
}

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

bool wait_for(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

// Waits until the worker has ended, and lets the lane take note of it.
void finish_run(FakeHub& host) {
    ASSERT_TRUE(wait_for([&] {
        const std::vector<std::uint64_t> timers = host.timers();
        return std::find(timers.begin(), timers.end(), kFinished) != timers.end();
    })) << "the run did not end";
    host.advance(0ms);
}

class AJob : public ::testing::Test {
protected:
    AJob() {
        put_answers(answers_);
        script("compile", "echo run >> " + calls_.string() + "\ntest ! -e " + broken_.string());
    }

    std::string script(const std::string& name, const std::string& text) const {
        const Path path = root() / name;
        put(path, "#!/bin/sh\n" + text + "\n");
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path.string();
    }
    // gitolite itself is replaced: a trial asks where it works ("query-rc"), and compiles.
    std::string options(const std::string& more = "") const {
        return R"({"genacls.pkgdb_url": ")" + ("file://" + answers_.string()) +
               R"(", "genacls.group_backend": "file", "genacls.group_file": ")" + (answers_ / "members").string() +
               R"(", "genacls.group_names": {"admins": "releng-team", "provenpackager": "provenpackager"},
                  "genacls.compile": "direct", "genacls.git_user": "", "genacls.conf_path": )" +
               quoted(target_.string()) + R"(, "genacls.gitolite": )" + quoted(fake_gitolite_) +
               R"(, "genacls.compile_command": [)" + quoted((root() / "compile").string()) + "]" +
               (more.empty() ? "" : ", " + more) + "}";
    }
    std::size_t compiles() const {
        const std::string text = contents_of(calls_);
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    void break_compile() const { put(broken_, ""); }
    void mend_compile() const { std::filesystem::remove(broken_); }
    void change_rights() const {
        std::string text = contents_of(answers_ / "vcs.json");
        text.replace(text.find("\"people\": []"), 12, "\"people\": [\"newcomer\"]");
        put(answers_ / "vcs.json", text);
    }
    bool has_newcomer() const { return contents_of(target_).find("newcomer") != std::string::npos; }
    std::size_t rows(DeliveryState state) const {
        return Ledger(state_ + "/ledger.sqlite", "genacls").count(state, "genacls");
    }
    Path root() const { return directory_.path(); }

    TemporaryDirectory directory_;
    Path answers_ = root() / "answers";
    Path target_ = root() / "conf/gitolite.conf";
    Path calls_ = root() / "calls";
    Path broken_ = root() / "broken";
    std::string state_ = (root() / "state").string();
    std::string fake_gitolite_ = script("gitolite", "test \"$1\" != query-rc || echo \"$HOME/.gitolite\"");

private:
    bool made_ = std::filesystem::create_directories(state_);
};

class TheAclsJob : public AJob {
protected:
    // The first run, at start, is over.
    std::unique_ptr<FakeHost<Genacls>> running(const std::string& more = "") {
        auto host = std::make_unique<FakeHost<Genacls>>(options(more), fedmsg_hub::testing::StateMap{}, state_);
        host->advance(0ms);
        finish_run(*host);
        EXPECT_TRUE(std::filesystem::exists(target_));
        return host;
    }
};

TEST_F(TheAclsJob, RunsAtStartWhenThereIsNoFile) {
    const auto host = running();
    EXPECT_EQ(host->counter("runs"), 1u);
    EXPECT_EQ(compiles(), 1u);
    EXPECT_NE(contents_of(target_).find("repo rpms/geany\n"), std::string::npos);
}

TEST_F(TheAclsJob, RunsAtStartOnlyWhereItHasAReason) {
    running().reset();
    FakeHost<Genacls> again(options(), {}, state_);
    again.advance(1h);
    EXPECT_EQ(again.counter("runs"), 0u);
}

TEST_F(TheAclsJob, RunsWhenTheLastSuccessIsTooLongAgo) {
    const auto host = running();
    host->advance(23h);
    EXPECT_EQ(host->counter("runs"), 1u);
    host->advance(1h);
    EXPECT_EQ(host->counter("runs"), 2u);
    finish_run(*host);
}

TEST_F(TheAclsJob, CountsTheDaySinceTheLastSuccessAcrossARestart) {
    running().reset();
    put(Path(state_) / "last-success", "1767142800\n");  // 23 hours before the fake host's clock begins
    FakeHost<Genacls> again(options(), {}, state_);
    again.advance(59min);
    EXPECT_EQ(again.counter("runs"), 0u);
    again.advance(1min);
    EXPECT_EQ(again.counter("runs"), 1u);
    finish_run(again);
}

TEST_F(TheAclsJob, RunsOnceForTwentyMessagesWithinASecond) {
    const auto host = running();
    change_rights();
    std::vector<Result> results;
    for (int message = 0; message < 20; ++message) {
        results.push_back(host->deliver(kUpdate, acl("commit")));
        EXPECT_TRUE(results.back().is_later());
        host->advance(50ms);
    }
    EXPECT_EQ(host->counter("runs"), 1u);
    EXPECT_EQ(rows(DeliveryState::pending), 20u);
    host->advance(3999ms);
    EXPECT_EQ(host->counter("runs"), 1u);
    host->advance(1ms);
    EXPECT_EQ(host->counter("runs"), 2u);
    finish_run(*host);
    host->advance(1h);
    EXPECT_EQ(host->counter("runs"), 2u);
    EXPECT_EQ(compiles(), 2u);
    EXPECT_TRUE(has_newcomer());
    for (const Result& result : results) {
        const auto finished = host->finished(result, 0ms);
        ASSERT_TRUE(finished);
        EXPECT_TRUE(finished->is_acked());
    }
    EXPECT_EQ(rows(DeliveryState::done), 20u);
    EXPECT_EQ(rows(DeliveryState::pending), 0u);
    EXPECT_TRUE(host->violations().empty());
}

TEST_F(TheAclsJob, RunsExactlyOnceMoreForMessagesDuringARun) {
    const auto host = running();
    const Path gate = root() / "gate", entered = root() / "entered";
    script("compile", "touch " + entered.string() + "\nwhile test ! -e " + gate.string() +
                          "; do sleep 0.02; done\necho run >> " + calls_.string());
    change_rights();
    const Result first = host->deliver(kUpdate, acl("commit"));
    host->advance(5s);
    ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(entered); }));
    const Result during = host->deliver(kUpdate, acl("approveacls"));
    host->deliver(kUpdate, acl("commit"));
    host->advance(1h);
    EXPECT_EQ(host->counter("runs"), 2u);
    put(gate, "");
    finish_run(*host);
    EXPECT_TRUE(host->finished(first, 0ms));
    EXPECT_FALSE(host->finished(during, 0ms));
    host->advance(5s);
    EXPECT_EQ(host->counter("runs"), 3u);
    finish_run(*host);
    EXPECT_TRUE(host->finished(during, 0ms));
    host->advance(1h);
    EXPECT_EQ(host->counter("runs"), 3u);
}

TEST_F(TheAclsJob, KeepsTheOldFileAndTriesAgainWhenTheCompileFails) {
    const auto host = running();
    const std::string before = contents_of(target_);
    change_rights();
    break_compile();
    const Result result = host->deliver(kUpdate, acl("commit"));
    host->advance(5s);
    finish_run(*host);
    EXPECT_EQ(contents_of(target_), before);
    EXPECT_EQ(host->counter("failed_runs"), 1u);
    EXPECT_EQ(host->gauge("degraded"), 1);
    EXPECT_FALSE(host->finished(result, 0ms));
    EXPECT_EQ(rows(DeliveryState::pending), 1u);
    host->advance(3999ms);  // 5 s, a fifth less or more
    EXPECT_EQ(host->counter("runs"), 2u);
    mend_compile();
    host->advance(2001ms);
    EXPECT_EQ(host->counter("runs"), 3u);
    finish_run(*host);
    EXPECT_TRUE(has_newcomer());
    EXPECT_TRUE(host->finished(result, 0ms)->is_acked());
    EXPECT_EQ(rows(DeliveryState::done), 1u);
    EXPECT_EQ(host->gauge("degraded"), 0);
}

TEST_F(TheAclsJob, AlertsOnceAfterSoManyFailures) {
    const Path mail = root() / "mail";
    const auto host = running(R"("genacls.alert_after": 2, "genacls.mail_command": [)" +
                              quoted(script("mail-it", "cat >> " + mail.string())) + "]");
    put(answers_ / "groups.json", "cut o");
    host->deliver(kUpdate, acl("commit"));
    host->advance(5s);
    finish_run(*host);
    EXPECT_EQ(host->counter("alerts"), 0u);
    for (const auto longest_backoff : {6s, 12s}) {
        host->advance(longest_backoff);
        finish_run(*host);
    }
    EXPECT_EQ(host->counter("failed_runs"), 3u);
    EXPECT_EQ(host->counter("alerts"), 1u);
    const std::string text = contents_of(mail);
    EXPECT_NE(text.find("2 runs in a row have failed"), std::string::npos) << text;
    EXPECT_EQ(text.find("Subject:", 1), std::string::npos) << text;
}

TEST_F(TheAclsJob, MarksMessagesDoneWithoutACompileWhereNothingHasChanged) {
    const auto host = running();
    break_compile();
    const Result result = host->deliver(kUpdate, acl("commit"));
    host->advance(5s);
    finish_run(*host);
    EXPECT_EQ(compiles(), 1u);
    EXPECT_TRUE(host->finished(result, 0ms)->is_acked());
    EXPECT_EQ(rows(DeliveryState::done), 1u);
}

TEST_F(TheAclsJob, DoesNotRunForWatchersAndGroupsThatNobodyUses) {
    const auto host = running();
    EXPECT_TRUE(host->deliver(kUpdate, acl("watchcommits")).is_dropped());
    EXPECT_TRUE(host->deliver(kUpdate, acl("watchbugzilla")).is_dropped());
    EXPECT_TRUE(host->deliver(kSponsor, R"({"agent": "a", "user": "b", "group": "cla_done"})").is_dropped());
    host->advance(1h);
    EXPECT_EQ(host->counter("runs"), 1u);
    EXPECT_EQ(host->counter("skipped"), 3u);
    EXPECT_TRUE(host->deliver(kSponsor, R"({"agent": "a", "user": "b", "group": "gtk-sig"})").is_later());
    EXPECT_TRUE(
        host->deliver(kSponsor, R"({"agent": {"username": "a"}, "group": {"name": "releng-team"}})").is_later());
    host->advance(5s);
    EXPECT_EQ(host->counter("runs"), 2u);
    finish_run(*host);
}

TEST_F(TheAclsJob, DoesNotRunAgainForAMessageThatIsDone) {
    const auto host = running();
    const auto message = Incoming::with_body(
        kUpdate,
        R"({"topic": "org.fedoraproject.prod.pkgdb.acl.update", "msg_id": "2014-1", "msg": )" + acl("commit") + "}");
    host->deliver(message);
    host->advance(5s);
    finish_run(*host);
    EXPECT_TRUE(host->deliver(message).is_acked());
    host->advance(1h);
    EXPECT_EQ(host->counter("runs"), 2u);
    EXPECT_EQ(host->counter("repeated"), 1u);
}

TEST_F(TheAclsJob, StopsInTheMiddleOfARunAndFinishesItAtTheNextStart) {
    auto host = running();
    const Path entered = root() / "entered";
    script("gitolite", "touch " + entered.string() + "\nexec sleep 60");
    change_rights();
    const Result result = host->deliver(kUpdate, acl("commit"));
    host->advance(5s);
    ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(entered); }));
    const auto begin = std::chrono::steady_clock::now();
    host->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    const auto said = host->finished(result, 0ms);
    EXPECT_TRUE(!said || !said->is_acked());
    host.reset();
    EXPECT_EQ(rows(DeliveryState::pending), 1u);
    EXPECT_FALSE(has_newcomer());
    script("gitolite", "test \"$1\" != query-rc || echo \"$HOME/.gitolite\"");
    FakeHost<Genacls> again(options(), {}, state_);
    again.advance(0ms);
    finish_run(again);
    EXPECT_TRUE(has_newcomer());
    EXPECT_EQ(rows(DeliveryState::done), 1u);
}

TEST_F(TheAclsJob, ChangesNothingInADryRun) {
    running().reset();
    const std::string before = contents_of(target_);
    change_rights();
    FakeHost<Genacls> dry(options(R"("genacls.dry_run": true)"), {}, state_);
    const Result result = dry.deliver(kUpdate, acl("commit"));
    dry.advance(5s);
    finish_run(dry);
    EXPECT_TRUE(dry.finished(result, 0ms)->is_acked());
    EXPECT_TRUE(dry.logged("+ newcomer rpms/geany: f18, tags"));
    EXPECT_EQ(contents_of(target_), before);
    EXPECT_EQ(compiles(), 1u);
    EXPECT_EQ(rows(DeliveryState::pending) + rows(DeliveryState::done), 0u);
}

TEST_F(TheAclsJob, ExplainsWhatItMakesOfAMessage) {
    const auto host = running();
    EXPECT_NE(
        host->explain(kUpdate, acl("commit")).find("starts a run: pkgdb.acl.update: newcomer, geany/f18, by pingou"),
        std::string::npos);
    EXPECT_NE(host->explain(kUpdate, acl("watchcommits")).find("starts no run: watchcommits changes no rights"),
              std::string::npos);
    EXPECT_EQ(host->counter("received"), 0u);
}

TEST_F(TheAclsJob, AnswersItsOperator) {
    const auto host = running();
    EXPECT_TRUE(host->check().empty());
    change_rights();
    const auto diff = host->command({"diff"});
    EXPECT_EQ(diff.code, 0) << diff.error;
    EXPECT_NE(diff.out.find("+ newcomer rpms/geany: f18, tags\n"), std::string::npos) << diff.out;
    EXPECT_EQ(host->command({"check"}).code, 0);
    EXPECT_FALSE(has_newcomer());
    EXPECT_EQ(host->command({"run"}).code, 0);
    EXPECT_TRUE(has_newcomer());
    const auto generations = host->command({"generations"});
    EXPECT_EQ(generations.out.substr(0, 1), "1") << generations.out;
    EXPECT_NE(host->command({"status"}).out.find("in force        yes"), std::string::npos);
    EXPECT_EQ(host->command({"rollback", "1"}).code, 0);
    EXPECT_FALSE(has_newcomer());
    EXPECT_EQ(host->command({"rollback", "77"}).code, 1);
    EXPECT_EQ(host->command({"rum"}).code, 2);
    EXPECT_EQ(host->command({}).code, 2);
    EXPECT_EQ(host->command({"run", "--farce"}).code, 2);
}

TEST_F(TheAclsJob, LogsWhoeverForcesItPastTheShrinkGuard) {
    const auto host = running();
    const std::string before = contents_of(target_);
    put(answers_ / "vcs.json", R"({"rpms": {"libstdc++": {"master": {"commit": {"groups": [], "people": ["ann"]}}}}})");
    const auto refused = host->command({"run"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.error.find("refused"), std::string::npos) << refused.error;
    EXPECT_EQ(contents_of(target_), before);
    EXPECT_FALSE(host->logged("forced"));
    EXPECT_EQ(host->command({"run", "--force"}).code, 0);
    EXPECT_NE(contents_of(target_), before);
    EXPECT_TRUE(host->logged("an operator forced a run past the shrink guard"));
}

TEST_F(TheAclsJob, RunsAnExternalCommandInPlaceOfItselfIfTold) {
    const Path seen = root() / "seen";
    const std::string command = script("genacls.sh", "cat >> " + seen.string() + "; test ! -e " + broken_.string());
    FakeHost<Genacls> host(R"({"genacls.full_interval": 0, "genacls.command": [)" + quoted(command) + "]}", {}, state_);
    host.advance(1h);
    EXPECT_EQ(host.counter("runs"), 0u);
    break_compile();
    const Result result = host.deliver(kUpdate, acl("commit"));
    host.deliver(kUpdate, acl("commit"));
    host.advance(5s);
    finish_run(host);
    EXPECT_FALSE(host.finished(result, 0ms));
    EXPECT_EQ(contents_of(seen), "2026-1\n2026-2\n");
    mend_compile();
    host.advance(6s);
    finish_run(host);
    EXPECT_TRUE(host.finished(result, 0ms)->is_acked());
}

TEST_F(TheAclsJob, RefusesOptionsThatMakeNoSense) {
    const auto refused = [&](const std::string& more) {
        EXPECT_THROW(FakeHost<Genacls>(options(more), {}, state_), Refused) << more;
    };
    refused(R"("genacls.consumer.delay": "soon")");
    refused(R"("genacls.probes": [{"repo": "a", "user": "b", "expect": "maybe"}])");
    refused(R"("genacls.max_shrink": 2)");
    refused(R"("genacls.full_interval": "-1h")");
    EXPECT_THROW(FakeHost<Genacls>("{}"), Refused);
}

// kill -9 wherever it hurts, played by a child process: the next start repairs the file and finishes the batch.
class AKilledHub : public TheAclsJob {
protected:
    void SetUp() override {
        running().reset();
        change_rights();
    }
    // Runs a hub in a child, which dies at the step.
    void die(const std::string& step) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            {
                FakeHost<Genacls> host(options(), {}, state_);
                host.consumer().at_step = [&](std::string_view done) {
                    if (done == step) ::_exit(9);
                };
                host.deliver(kUpdate, acl("commit"));
                host.advance(5s);
                finish_run(host);
            }
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_EQ(WEXITSTATUS(status), 9) << "the run never came to the step " << step;
    }
};

class AKilledHubAt : public AKilledHub, public ::testing::WithParamInterface<const char*> {};

TEST_P(AKilledHubAt, IsMendedByTheNextStart) {
    const std::string before = contents_of(target_);
    die(GetParam());
    const std::string left = contents_of(target_);
    EXPECT_TRUE(left == before || has_newcomer()) << left;
    FakeHost<Genacls> again(options(), {}, state_);
    again.advance(0ms);
    if (again.counter("runs") > 0) finish_run(again);
    EXPECT_TRUE(has_newcomer());
    EXPECT_EQ(Generations(target_).compiled_digest(), sha256(contents_of(target_)));
    EXPECT_EQ(rows(DeliveryState::pending) + rows(DeliveryState::inflight), 0u);
    EXPECT_EQ(rows(DeliveryState::done), 1u);
    for (const auto& entry : std::filesystem::directory_iterator(target_.parent_path()))
        EXPECT_FALSE(entry.path().filename().string().starts_with("conf.new")) << entry.path();
}

INSTANTIATE_TEST_SUITE_P(Steps, AKilledHubAt,
                         ::testing::Values("noted", "fetched", "tried", "kept", "begun", "written", "renamed", "synced",
                                           "compiled", "marked", "pruned", "performed", "finished"));

TEST_F(TheAclsJob, NeedsNoGitoliteIfToldThatThereIsNone) {
    fake_gitolite_.clear();
    script("compile", "exit 0");
    FakeHost<Genacls> host(options(), {}, state_);
    host.advance(0ms);
    finish_run(host);
    EXPECT_TRUE(std::filesystem::exists(target_));
    EXPECT_THROW(FakeHost<Genacls>(options(R"("genacls.probes": [{"repo": "a", "user": "b"}])"), {}, state_), Refused);
}

// The worked example of README.md, as it stands there.
class TheManual : public AJob {
protected:
    // What is between a line "``` ... NAME" and the next "```".
    static std::string example(const std::string& name) {
        const std::string text = contents_of(GENACLS_README);
        std::size_t begin = 0;
        for (std::size_t fence = text.find("\n```"); fence != std::string::npos;
             fence = text.find("\n```", fence + 1)) {
            const std::size_t end = text.find('\n', fence + 1);
            if (text.substr(fence, end - fence).ends_with(" " + name)) begin = end + 1;
        }
        EXPECT_NE(begin, 0u) << "README.md has no example " << name;
        return text.substr(begin, text.find("```", begin) - begin);
    }
    std::string options() const {
        return R"({"genacls.pkgdb_url": "file://)" + answers_.string() +
               R"(", "genacls.group_backend": "file", "genacls.compile": "direct", "genacls.gitolite": "", "genacls.group_file": )" +
               quoted((answers_ / "members").string()) + R"(, "genacls.conf_path": )" + quoted(target_.string()) + "}";
    }
};

TEST_F(TheManual, DoesWhatItsExampleSays) {
    for (const char* name : {"vcs.json", "groups.json", "members"}) put(answers_ / name, example(name));
    FakeHost<Genacls> host(options(), {}, state_);
    host.advance(0ms);
    finish_run(host);
    EXPECT_TRUE(contents_of(target_).starts_with(example("gitolite.conf"))) << contents_of(target_);
    EXPECT_TRUE(host.deliver(kUpdate, R"({"acl": "watchcommits"})").is_dropped());
    std::string answer = example("vcs.json");
    answer.replace(answer.find(R"("people": ["pingou"])"), 20, R"("people": ["newcomer", "pingou"])");
    put(answers_ / "vcs.json", answer);
    host.deliver(kUpdate, example("message.json"));
    host.advance(5s);
    finish_run(host);
    EXPECT_NE(contents_of(target_).find("    RWC  f20$         = @provenpackager newcomer pingou\n"),
              std::string::npos);
    std::istringstream lines(example("log"));
    for (std::string line; std::getline(lines, line);) EXPECT_TRUE(host.logged(line)) << line;
}

// The job "prefix".
class ThePrefixJob : public AJob {
protected:
    std::string prefix_options() const {
        return R"({"gitoliteprefix.consumer.group_backend": "file", "gitoliteprefix.consumer.group_file": )" +
               quoted((answers_ / "members").string()) + R"(, "gitoliteprefix.consumer.filename": )" +
               quoted((root() / "prefix.txt").string()) + "}";
    }
    std::string file() const { return contents_of(root() / "prefix.txt"); }
};

TEST_F(ThePrefixJob, WritesItsFileAtStartIfThereIsNone) {
    FakeHost<GitolitePrefix> host(prefix_options(), {}, state_);
    host.advance(0ms);
    finish_run(host);
    EXPECT_TRUE(file().starts_with("@admins = ausil kevin\n")) << file();
    EXPECT_NE(file().find("\nrepo @all\n"), std::string::npos);
}

TEST_F(ThePrefixJob, RunsForTheGroupsOfItsFileOnly) {
    FakeHost<GitolitePrefix> host(prefix_options(), {}, state_);
    host.advance(0ms);
    finish_run(host);
    EXPECT_TRUE(host.deliver(kSponsor, R"({"agent": "a", "user": "b", "group": "gtk-sig"})").is_dropped());
    EXPECT_TRUE(host.deliver(kSponsor, R"({"agent": "a", "user": "b", "group": "packager"})").is_dropped());
    put(answers_ / "members", "releng-team: kevin ausil zoe\nprovenpackager: ralph spot\n");
    EXPECT_TRUE(host.deliver(kSponsor, R"({"agent": {"username": "a"}, "group": {"name": "releng-team"}})").is_later());
    host.advance(5s);
    finish_run(host);
    EXPECT_TRUE(file().starts_with("@admins = ausil kevin zoe\n")) << file();
}

TEST_F(ThePrefixJob, DoesNotLoseTheAdminsToAnEmptyAnswer) {
    FakeHost<GitolitePrefix> host(prefix_options(), {}, state_);
    host.advance(0ms);
    finish_run(host);
    const std::string before = file();
    put(answers_ / "members", "provenpackager: ralph spot\n");
    host.deliver(kSponsor, R"({"group": "releng-team"})");
    host.advance(5s);
    finish_run(host);
    EXPECT_EQ(file(), before);
    EXPECT_EQ(host.counter("failed_runs"), 1u);
}

// debounce_jobs, with the rules of fasclient.
class AGenericJob : public AJob {
protected:
    std::string entry() const {
        const auto writer = [&](const char* name) {
            return script(name, "echo " + std::string(name) + " >> " + calls_.string() + "\ncat > " +
                                    (root() / "ids").string() + "\ntest ! -e " + broken_.string());
        };
        return R"({"name": "fasclient", "delay": "10s",
            "topics": ["fas.role.update", "fas.group.member.sponsor", "fas.group.member.remove", "fas.user.update"],
            "when": [{"topic": "fas.user.update", "field": "fields", "contains": "ssh_key"},
                     {"field": "group", "not": "cla_fpca"}],
            "commands": [{"when": [{"field": "group", "starting": "sysadmin"}], "command": [)" +
               quoted(writer("all")) + R"(]},
                         {"when": [{"field": "group", "equals": "fi-apprentice"}], "command": [)" +
               quoted(writer("all")) + R"(]}],
            "command": [)" +
               quoted(writer("some")) + "]}";
    }
    std::string configuration() const { return R"({"debounce_jobs": [)" + entry() + "]}"; }
    FakeHost<DebounceJob> host() const {
        const auto parsed_entry = parsed(entry());
        return FakeHost<DebounceJob>(DebounceJob::describe(parsed_entry.root()), configuration(), {}, state_);
    }
    static std::string group(const char* name) { return R"({"group": ")" + std::string(name) + "\"}"; }
    static constexpr char kRole[] = "org.fedoraproject.prod.fas.role.update";
    static constexpr char kUser[] = "org.fedoraproject.prod.fas.user.update";
};

TEST_F(AGenericJob, IsAConsumerOfItsOwn) {
    const auto consumers = fedmsg_hub::testing::consumers_of(describe_all, configuration());
    ASSERT_EQ(consumers.size(), 3u);
    EXPECT_EQ(consumers[2].name, "fasclient");
    EXPECT_EQ(fedmsg_hub::testing::consumers_of(describe_all).size(), 2u);
}

TEST_F(AGenericJob, ChoosesItsCommandByTheMessage) {
    auto job = host();
    EXPECT_TRUE(job.deliver(kRole, group("cla_fpca")).is_dropped());
    EXPECT_TRUE(job.deliver(kUser, R"({"fields": ["email"]})").is_dropped());
    EXPECT_TRUE(job.deliver(kRole, group("packager")).is_later());
    EXPECT_TRUE(job.deliver(kUser, R"({"fields": ["ssh_key"]})").is_later());
    job.advance(9s);
    EXPECT_EQ(job.counter("runs"), 0u);
    job.advance(1s);
    finish_run(job);
    EXPECT_EQ(contents_of(calls_), "some\n");
    for (const char* name : {"sysadmin-main", "fi-apprentice"}) job.deliver(kRole, group(name));
    job.advance(10s);
    finish_run(job);
    EXPECT_EQ(contents_of(calls_), "some\nall\n");
}

TEST_F(AGenericJob, KeepsItsMessagesWhileTheCommandFails) {
    auto job = host();
    break_compile();
    const Result result = job.deliver(kRole, group("packager"));
    job.advance(10s);
    finish_run(job);
    EXPECT_FALSE(job.finished(result, 0ms));
    mend_compile();
    job.advance(6s);
    finish_run(job);
    EXPECT_TRUE(job.finished(result, 0ms)->is_acked());
    EXPECT_EQ(contents_of(calls_), "some\nsome\n");
}

TEST_F(AGenericJob, IsRefusedWithoutACommandOrAName) {
    const auto refused = [](const std::string& one) {
        const auto parsed_entry = parsed(one);
        return FakeHost<DebounceJob>(DebounceJob::describe(parsed_entry.root()), R"({"debounce_jobs": [)" + one + "]}");
    };
    EXPECT_THROW(refused(R"({"name": "a", "topics": ["b"]})"), Refused);
    EXPECT_THROW(refused(R"({"name": "a", "topics": ["b"], "command": ["c"], "when": [{"field": "x"}]})"), Refused);
    EXPECT_THROW(fedmsg_hub::testing::consumers_of(describe_all, R"({"debounce_jobs": [{"topics": ["b"]}]})"), Refused);
}

}  // namespace
