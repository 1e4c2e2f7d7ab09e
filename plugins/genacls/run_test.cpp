// Whole runs against the real gitolite: what it makes of our file, and what is left when something goes wrong.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <set>

#include "genacls/testing.hpp"

namespace {

using namespace genacls;
using namespace genacls::testing;

class ARun : public ::testing::Test {
protected:
    void SetUp() override {
        if (!has_gitolite()) GTEST_SKIP() << "gitolite3 is not installed";
        put_answers(answers_);
        gitolite_.emplace(directory_.path() / "home");
        settings_ = settings_for(answers_, gitolite_->conf());
        settings_.trial.gitolite = kGitolite;
        settings_.compile_command = {kGitolite, "compile"};
        settings_.compile_home = gitolite_->home();
    }

    RunReport run(RunContext context = {}) { return run_acls(settings_, parsed, context); }
    // A run whose process dies right after the step.
    void die_after(const std::string& step) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            RunContext context;
            context.after = [&](std::string_view done) {
                if (done == step) ::_exit(9);
            };
            run(context);
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_EQ(WEXITSTATUS(status), 9) << "the run never came to the step " << step;
    }
    void let_ralph_commit() {
        std::string text = contents_of(answers_ / "vcs.json");
        text.replace(text.find("\"people\": []"), 12, "\"people\": [\"newcomer\"]");
        put(answers_ / "vcs.json", text);
    }
    std::string access(const std::string& user, const std::string& access, const std::string& reference) {
        return gitolite_->access("rpms/geany", user, access, reference);
    }
    void expect_no_leftovers() {
        for (const auto& entry : std::filesystem::directory_iterator(gitolite_->conf().parent_path()))
            EXPECT_FALSE(entry.path().filename().string().starts_with("conf.new")) << entry.path();
    }

    TemporaryDirectory directory_;
    Path answers_ = directory_.path() / "answers";
    std::optional<Gitolite> gitolite_;
    RunSettings settings_;
};

// The access table of genacls.md 3.2, column "anchored form".
TEST_F(ARun, GivesTheRightsOfTheAccessTable) {
    const RunReport report = run();
    ASSERT_EQ(report.end, RunReport::End::published) << report.problem;
    EXPECT_EQ(access("pingou", "W", "master"), "allowed");
    EXPECT_EQ(access("pingou", "W", "f18"), "denied by refs/heads/f[0-9][0-9]$");
    EXPECT_EQ(access("spot", "W", "f18"), "allowed");
    EXPECT_EQ(access("spot", "W", "f18-beta"), "allowed");
    EXPECT_EQ(access("pingou", "W", "f18-beta"), "allowed");
    EXPECT_EQ(access("pingou", "W", "f18x"), "allowed");
    EXPECT_EQ(access("pingou", "C", "f25"), "denied by refs/heads/f[0-9][0-9]$");
    EXPECT_EQ(access("pingou", "W", "f19"), "denied by refs/heads/f[0-9][0-9]$");
    EXPECT_EQ(access("pingou", "W", "private-x"), "allowed");
    EXPECT_EQ(access("pingou", "W", "refs/tags/v1"), "allowed");
    EXPECT_EQ(access("pingou", "+", "master"), "denied");
    EXPECT_EQ(access("pingou", "D", "master"), "denied");
    EXPECT_EQ(access("kevin", "C", "f25"), "allowed");
    EXPECT_EQ(access("anyone", "R", "any"), "allowed");
    EXPECT_EQ(access("anyone", "W", "master"), "denied");
}

TEST_F(ARun, GivesMirrorsTheSameRightsAndPackagersAreEverybody) {
    ASSERT_TRUE(run().is_success());
    EXPECT_EQ(gitolite_->access("test-rpms/geany", "pingou", "W", "master"), "allowed");
    EXPECT_EQ(gitolite_->access("test-rpms/geany", "pingou", "W", "f18"), "denied by refs/heads/f[0-9][0-9]$");
    EXPECT_EQ(gitolite_->access("rpms/libstdc++", "whoever", "W", "master"), "allowed");
    EXPECT_EQ(gitolite_->access("rpms/libstdc++", "whoever", "W", "f30"), "denied by refs/heads/f[0-9][0-9]$");
}

TEST_F(ARun, FailsClosedWhereAGroupHasLostItsMembers) {
    put(answers_ / "members", "releng-team: kevin\nprovenpackager: \ngtk-sig: mclasen\n");
    const RunReport report = run();
    ASSERT_TRUE(report.is_success()) << report.problem;
    EXPECT_GT(report.denied_rules, 0u);
    EXPECT_NE(contents_of(gitolite_->conf()).find("-    f18$         = @all\n"), std::string::npos);
    EXPECT_EQ(access("pingou", "W", "f18"), "denied by refs/heads/f18$");
    EXPECT_EQ(access("pingou", "W", "master"), "allowed");
}

TEST_F(ARun, LeavesAHostilePackageOutAndPublishesTheOthers) {
    put(answers_ / "vcs.json", R"json({"rpms": {
        "b&d": {"master": {"commit": {"groups": [], "people": ["eve"]}}},
        "up/../../gitolite-admin": {"master": {"commit": {"groups": [], "people": ["eve"]}}},
        "shell": {"master": {"commit": {"groups": [], "people": ["$(touch x)"]}}},
        "everybody": {"master": {"commit": {"groups": ["all"], "people": []}}},
        "lines": {"master\nrepo @all\n RW = eve": {"commit": {"groups": [], "people": ["eve"]}}},
        "geany": {"master": {"commit": {"groups": [], "people": ["pingou"]}}}}})json");
    const RunReport report = run();
    ASSERT_EQ(report.end, RunReport::End::published) << report.problem;
    EXPECT_EQ(report.left_out_packages, 4u);
    EXPECT_EQ(report.left_out_branches, 1u);
    EXPECT_EQ(access("pingou", "W", "master"), "allowed");
    EXPECT_EQ(access("eve", "W", "master"), "denied");
    EXPECT_EQ(gitolite_->access("rpms/lines", "eve", "W", "master"), "denied by refs/.*");
    ASSERT_FALSE(report.warnings.empty());
    EXPECT_EQ(report.warnings[0], "left out the package \"rpms/b&d\": its name is not allowed");
}

TEST_F(ARun, DoesNothingWhereNothingHasChanged) {
    ASSERT_EQ(run().end, RunReport::End::published);
    settings_.compile_command = {"/bin/false"};
    EXPECT_EQ(run().end, RunReport::End::unchanged);
}

TEST_F(ARun, TellsWhichRightsItGaveAndTook) {
    ASSERT_TRUE(run().is_success());
    let_ralph_commit();
    const RunReport report = run();
    ASSERT_EQ(report.end, RunReport::End::published) << report.problem;
    ASSERT_EQ(report.diff.lines.size(), 2u);
    EXPECT_EQ(report.diff.lines[0], "+ newcomer rpms/geany: f18, tags");
    EXPECT_EQ(report.diff.lines[1], "+ newcomer test-rpms/geany: f18, tags");
    EXPECT_EQ(report.diff.summary(), "4 rights added, 0 removed");
}

TEST_F(ARun, RefusesToLoseHalfOfThePackagesUnlessForced) {
    ASSERT_TRUE(run().is_success());
    const std::string before = contents_of(gitolite_->conf());
    put(answers_ / "vcs.json", R"({"rpms": {"libstdc++": {"master": {"commit": {"groups": [], "people": ["ann"]}}}}})");
    const RunReport refused = run();
    EXPECT_EQ(refused.end, RunReport::End::refused);
    EXPECT_NE(refused.problem.find("repositories would fall from 4 to 2, by 50.0 %"), std::string::npos)
        << refused.problem;
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
    RunContext forced;
    forced.is_forced = true;
    const RunReport report = run(forced);
    EXPECT_EQ(report.end, RunReport::End::published) << report.problem;
    EXPECT_TRUE(report.was_forced);
}

TEST_F(ARun, RefusesAConfigurationWithoutAdmins) {
    put(answers_ / "members", "provenpackager: ralph\n");
    const RunReport report = run();
    EXPECT_EQ(report.end, RunReport::End::refused);
    EXPECT_EQ(report.problem, "refused: the group @admins would be empty");
}

TEST_F(ARun, RefusesFewerPackagesThanThereMustBe) {
    settings_.limits.min_packages = 2'500;
    EXPECT_EQ(run().problem, "refused: only 4 repositories; genacls.min_packages is 2500");
}

TEST_F(ARun, RefusesWhatAProbeDoesNotFindRight) {
    settings_.trial.probes = {{.repository = "rpms/geany", .user = "pingou", .reference = "master"},
                              {.repository = "rpms/geany", .user = "eve", .reference = "master", .is_allowed = false}};
    ASSERT_EQ(run().end, RunReport::End::published);
    settings_.trial.probes.push_back({.repository = "rpms/geany", .user = "pingou", .reference = "f18"});
    let_ralph_commit();
    const std::string before = contents_of(gitolite_->conf());
    const RunReport report = run();
    EXPECT_EQ(report.problem,
              "the trial failed: probe \"pingou W f18\" in rpms/geany, expected allowed: gitolite says denied");
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
    expect_no_leftovers();
}

TEST_F(ARun, PutsTheOldFileBackByteByByteWhenTheCompileFails) {
    ASSERT_TRUE(run().is_success());
    const std::string before = contents_of(gitolite_->conf());
    let_ralph_commit();
    settings_.compile_command = {"/bin/sh", "-c", "echo 'FATAL: no' >&2; exit 25"};
    const RunReport failed = run();
    EXPECT_EQ(failed.end, RunReport::End::failed);
    EXPECT_NE(failed.problem.find("exit status 25: FATAL: no"), std::string::npos) << failed.problem;
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
    settings_.compile_command = {kGitolite, "compile"};
    EXPECT_EQ(run().end, RunReport::End::published);
    EXPECT_EQ(access("newcomer", "W", "f18"), "allowed");
}

class AKilledRun : public ARun, public ::testing::WithParamInterface<const char*> {};

TEST_P(AKilledRun, LeavesAWholeFileAndIsMendedByTheNextOne) {
    ASSERT_TRUE(run().is_success());
    const std::string before = contents_of(gitolite_->conf());
    let_ralph_commit();
    die_after(GetParam());
    const std::string left = contents_of(gitolite_->conf());
    const RunReport report = run();
    ASSERT_TRUE(report.is_success()) << report.problem;
    EXPECT_TRUE(left == before || left == contents_of(gitolite_->conf())) << "torn: " << left;
    EXPECT_EQ(access("newcomer", "W", "f18"), "allowed");
    expect_no_leftovers();
}

INSTANTIATE_TEST_SUITE_P(Steps, AKilledRun,
                         ::testing::Values("fetched", "tried", "kept", "begun", "written", "renamed", "synced",
                                           "compiled", "marked", "pruned"));

TEST_F(ARun, KilledInTheMiddleAndThenRefusedGoesBackToWhatWasCompiledLast) {
    ASSERT_TRUE(run().is_success());
    const std::string before = contents_of(gitolite_->conf());
    let_ralph_commit();
    die_after("renamed");
    settings_.compile_command = {"/bin/false"};
    EXPECT_EQ(run().end, RunReport::End::failed);
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
}

// The refused configuration may have been compiled in part, or by a service that answered too late: that the earlier
// file is back does not say that it is in force.
TEST_F(ARun, KilledBeforeItCompiledTheRestoredFileCompilesItInTheNextOne) {
    ASSERT_TRUE(run().is_success());
    const std::string before = contents_of(gitolite_->conf());
    const std::string rights = contents_of(answers_ / "vcs.json");
    let_ralph_commit();
    settings_.compile_command = {"/bin/sh", "-c", "/usr/bin/gitolite compile; exit 25"};
    die_after("restored");
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
    EXPECT_EQ(access("newcomer", "W", "f18"), "allowed") << "the new file was compiled";
    settings_.compile_command = {kGitolite, "compile"};
    put(answers_ / "vcs.json", rights);
    EXPECT_EQ(run().end, RunReport::End::published);
    EXPECT_EQ(access("newcomer", "W", "f18"), "denied by refs/heads/f[0-9][0-9]$");
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
    EXPECT_EQ(run().end, RunReport::End::unchanged);
}

TEST_F(ARun, CanBeUndone) {
    ASSERT_TRUE(run().is_success());
    let_ralph_commit();
    ASSERT_TRUE(run().is_success());
    const std::vector<int> generations = Generations(settings_.target).numbers();
    ASSERT_FALSE(generations.empty());
    ASSERT_EQ(roll_back(settings_, generations.back(), {}).end, RunReport::End::published);
    EXPECT_EQ(access("newcomer", "W", "f18"), "denied by refs/heads/f[0-9][0-9]$");
    EXPECT_EQ(roll_back(settings_, 4711, {}).problem, "there is no generation 4711");
}

TEST_F(ARun, KeepsOnlySoManyGenerations) {
    settings_.keep = 3;
    settings_.limits.max_shrink = 1;
    for (int count = 0; count < 6; ++count) {
        put(answers_ / "members", "releng-team: kevin user" + std::to_string(count) + "\nprovenpackager: ralph\n");
        ASSERT_TRUE(run().is_success());
    }
    EXPECT_EQ(Generations(settings_.target).numbers().size(), 3u);
}

TEST_F(ARun, IsNotAloneWithoutItsLock) {
    const auto lock = FileLock::try_lock(settings_.target.string() + ".lock");
    ASSERT_TRUE(lock);
    const RunReport report = run();
    EXPECT_EQ(report.end, RunReport::End::failed);
    EXPECT_NE(report.problem.find("another run holds the lock"), std::string::npos);
}

TEST_F(ARun, ChecksWithoutPublishing) {
    const std::string before = contents_of(gitolite_->conf());
    RunContext context;
    context.mode = RunMode::check;
    EXPECT_EQ(run(context).end, RunReport::End::checked);
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
}

TEST_F(ARun, KeepsTheOldRulesWhenAnAnswerIsCutOff) {
    ASSERT_TRUE(run().is_success());
    const std::string before = contents_of(gitolite_->conf());
    const std::string whole = contents_of(answers_ / "vcs.json");
    put(answers_ / "vcs.json", whole.substr(0, whole.size() / 2));
    EXPECT_EQ(run().end, RunReport::End::failed);
    put(answers_ / "vcs.json", whole);
    put(answers_ / "groups.json", R"({"groups": ["gtk-sig"], "total_groups": 2})");
    EXPECT_NE(run().problem.find("total_groups is 2, but 1 are listed"), std::string::npos);
    EXPECT_EQ(contents_of(gitolite_->conf()), before);
}

TEST_F(ARun, TakesTheOlderShapeAndTheTextForTheSame) {
    ASSERT_TRUE(run().is_success());
    const std::string newer = contents_of(gitolite_->conf());
    std::string older = contents_of(answers_ / "vcs.json");
    older.replace(older.find("\"rpms\""), 6, "\"packageAcls\"");
    put(answers_ / "vcs.json", older);
    EXPECT_EQ(run().end, RunReport::End::unchanged);
    put(answers_ / "vcs.txt",
        "avail | @provenpackager | rpms/geany/f18\navail | @provenpackager,pingou | rpms/geany/f20\n"
        "avail | @gtk-sig,@provenpackager,pingou | rpms/geany/master\navail | @packager,ann | rpms/libstdc++/master\n");
    EXPECT_EQ(run().end, RunReport::End::unchanged);
    EXPECT_EQ(contents_of(gitolite_->conf()), newer);
}

// The table "How gitolite reacts to bad input": why names are checked before they are written.
struct Reaction {
    const char* line;
    int code;
    const char* said;
};
class AGitolite : public ARun, public ::testing::WithParamInterface<Reaction> {};

TEST_P(AGitolite, ReactsToBadInputAsTheTableSays) {
    put(gitolite_->conf(), std::string("@admins = kevin\nrepo rpms/geany\n    R = @all\n") + GetParam().line + "\n");
    const auto result = gitolite_->run({"compile"});
    EXPECT_EQ(result.code, GetParam().code);
    EXPECT_NE(result.err.find(GetParam().said), std::string::npos) << result.err;
    EXPECT_EQ(warnings_of(result.err).empty(), GetParam().code != 0 || GetParam().said[0] == '\0') << result.err;
}

INSTANTIATE_TEST_SUITE_P(Lines, AGitolite,
                         ::testing::Values(Reaction{"    RWC =", 0, "syntax error, ignoring"},
                                           Reaction{"@empty =", 0, "syntax error, ignoring"},
                                           Reaction{"    RWC = @nobody", 0, "WARNING: possible undeclared group"},
                                           Reaction{"repo rpms/b&d\n    R = @all", 25, "bad reponame"},
                                           Reaction{"    RWC = user::name", 25, "bad username"},
                                           Reaction{"    RWC = $(touch x)", 25, "bad username"},
                                           Reaction{"repo rpms/libstdc++\n    R = @all", 0, ""},
                                           Reaction{"@two = ann\n@two = bob\n    RWC = @two", 0, ""}));

TEST_F(ARun, TakesAGroupInSeveralLinesForOne) {
    std::string members = "releng-team: kevin\nprovenpackager:";
    for (int number = 0; number < 300; ++number) members += " packager" + std::to_string(number);
    put(answers_ / "members", members + "\n");
    ASSERT_TRUE(run().is_success());
    const std::string conf = contents_of(gitolite_->conf());
    EXPECT_NE(conf.find("@provenpackager =", conf.find("@provenpackager =") + 1), std::string::npos);
    EXPECT_EQ(access("packager0", "W", "f18"), "allowed");
    EXPECT_EQ(access("packager299", "W", "f18"), "allowed");
}

// The last row of that table: every push fails where the VREF's script is missing; without one, the option is empty.
TEST_F(ARun, LeavesTheVrefOutIfNoneIsWanted) {
    settings_.format.vref.clear();
    ASSERT_TRUE(run().is_success());
    EXPECT_EQ(contents_of(gitolite_->conf()).find("VREF"), std::string::npos);
}

}  // namespace
