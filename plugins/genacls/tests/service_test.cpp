// The plugin and the compile service together: a thread plays the path unit and starts what the service starts.
#include "genacls/compile_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "genacls/testing.hpp"

namespace {

using namespace genacls;
using namespace genacls::testing;
using namespace std::chrono_literals;

constexpr char kConf[] = "@admins = kevin\n\nrepo @all\n    R                 = @all\n";

class ACompileService : public ::testing::Test {
protected:
    void SetUp() override {
        put_answers(answers_);
        settings_ = settings_for(answers_, directory_.path() / "state/published/gitolite.conf");
        settings_.trial.gitolite.clear();
        settings_.uses_service = true;
        settings_.service = {.request = directory_.path() / "state/published/compile-request",
                             .verdict = directory_.path() / "service/verdict",
                             .limit = 30s,
                             .nudge = 50ms,
                             .is_cancelled = {}};
        order_.target = directory_.path() / "etc/gitolite.conf";
        order_.verdict = settings_.service.verdict;
        order_.command = {"/bin/true"};
        std::filesystem::create_directories(directory_.path() / "etc");
        std::filesystem::create_directories(directory_.path() / "service");
    }
    void TearDown() override { stop(); }

    void start() {
        is_running_ = true;
        unit_ = std::thread([this] { watch(); });
    }
    void stop() {
        is_running_ = false;
        if (unit_.joinable()) unit_.join();
    }
    RunReport run() { return run_acls(settings_, parsed, {}); }
    void add_newcomer() {
        put(answers_ / "members", "releng-team: kevin ausil\nprovenpackager: ralph spot newcomer\ngtk-sig: mclasen\n");
    }

    TemporaryDirectory directory_;
    Path answers_ = directory_.path() / "answers";
    RunSettings settings_;
    CompileOrder order_;

private:
    void watch() {
        std::filesystem::file_time_type seen{};
        while (is_running_) {
            std::error_code none;
            const auto changed = std::filesystem::last_write_time(settings_.service.request, none);
            std::ostringstream log;
            if (!none && changed != seen) carry_out(order_, contents_of(settings_.target), log), seen = changed;
            std::this_thread::sleep_for(1ms);
        }
    }

    std::atomic<bool> is_running_{false};
    std::thread unit_;
};

TEST_F(ACompileService, PutsIntoForceWhatThePluginHasPublished) {
    start();
    const RunReport report = run();
    EXPECT_EQ(report.end, RunReport::End::published) << report.problem;
    EXPECT_EQ(contents_of(order_.target), contents_of(settings_.target));
    EXPECT_TRUE(contents_of(order_.verdict).starts_with("good " + sha256(contents_of(settings_.target)) + "\n"));
    EXPECT_EQ(run().end, RunReport::End::unchanged);
}

TEST_F(ACompileService, ThatRefusesLeavesBothFilesAsTheyWere) {
    start();
    ASSERT_TRUE(run().is_success());
    stop();
    const std::string before = contents_of(order_.target);
    add_newcomer();
    order_.command = {"/bin/sh", "-c",
                      "if grep -q newcomer " + order_.target.string() + "; then echo FATAL: no >&2; exit 25; fi"};
    start();
    const RunReport report = run();
    EXPECT_EQ(report.end, RunReport::End::failed);
    EXPECT_EQ(report.problem, "the earlier configuration is in force again: exit status 25: FATAL: no");
    EXPECT_EQ(contents_of(order_.target), before);
    EXPECT_EQ(contents_of(settings_.target), before);
    EXPECT_TRUE(contents_of(order_.verdict).starts_with("good ")) << "of the earlier one";
}

TEST_F(ACompileService, ThatIsNotThereIsMissed) {
    start();
    ASSERT_TRUE(run().is_success());
    stop();
    const std::string before = contents_of(settings_.target);
    add_newcomer();
    settings_.service.limit = 100ms;
    const RunReport report = run();
    EXPECT_EQ(report.end, RunReport::End::failed);
    EXPECT_NE(report.problem.find("is fedmsg-genacls-compile.path enabled?"), std::string::npos) << report.problem;
    EXPECT_EQ(contents_of(settings_.target), before);
    settings_.service.limit = 30s;
    start();
    EXPECT_EQ(run().end, RunReport::End::published);
}

TEST_F(ACompileService, TakesNoHalfConfiguration) {
    const std::string conf = kConf;
    std::ostringstream log;
    ASSERT_EQ(carry_out(order_, conf, log), 0) << log.str();
    for (const std::string& half : {std::string(), conf.substr(0, conf.size() - 1), conf.substr(0, 20)}) {
        EXPECT_EQ(carry_out(order_, half, log), 1);
        EXPECT_EQ(Verdict::of(contents_of(order_.verdict))->detail, "what came is no whole configuration");
        EXPECT_EQ(contents_of(order_.target), conf);
    }
}

TEST_F(ACompileService, SaysWhenItCannotWriteItsTarget) {
    order_.target = "/proc/nowhere/gitolite.conf";
    std::ostringstream log;
    EXPECT_EQ(carry_out(order_, kConf, log), 1);
    EXPECT_NE(contents_of(order_.verdict).find("/proc/nowhere/gitolite.conf"), std::string::npos);
}

// What the build fills in, for a program that is certainly there.
std::string filled_in(std::string unit) {
    const std::string program = "@CMAKE_INSTALL_FULL_LIBEXECDIR@/fedmsg-hub/fedmsg-genacls-compile";
    if (const std::size_t at = unit.find(program); at != std::string::npos)
        unit.replace(at, program.size(), "/bin/true");
    const std::string documentation = "@CMAKE_INSTALL_FULL_DOCDIR@";
    if (const std::size_t at = unit.find(documentation); at != std::string::npos)
        unit.replace(at, documentation.size(), "/usr/share/doc/fedmsg-hub");
    return unit;
}

TEST(TheUnits, AreGoodForSystemd) {
    const Path units = GENACLS_UNITS;
    if (!std::filesystem::exists(units)) GTEST_SKIP() << "built without the rest of the project";
    if (!std::filesystem::exists("/usr/bin/systemd-analyze")) GTEST_SKIP() << "systemd is not installed";
    const TemporaryDirectory directory;
    fedmsg_plugins::ChildCommand verify{.arguments = {"/usr/bin/systemd-analyze", "verify", "--man=no"}};
    for (const char* name : {"fedmsg-genacls-compile.path", "fedmsg-genacls-compile.service"}) {
        const std::string unit = filled_in(contents_of(units / (std::string(name) + ".in")));
        ASSERT_EQ(unit.find("@CMAKE"), std::string::npos) << "something is not filled in";
        put(directory.path() / name, unit);
        verify.arguments.push_back((directory.path() / name).string());
    }
    const auto result = fedmsg_plugins::run_child(verify);
    EXPECT_TRUE(result.is_success()) << result.describe();
    EXPECT_EQ(result.err.find("fedmsg-genacls"), std::string::npos) << result.err;
}

TEST(ACompileOrder, ComesFromTheCommandLine) {
    const auto order = CompileOrder::of({"--target", "/a", "--verdict", "/b", "--keep", "3", "--", "true", "--x"});
    EXPECT_EQ(order.target, "/a");
    EXPECT_EQ(order.verdict, "/b");
    EXPECT_EQ(order.keep, 3u);
    EXPECT_EQ(order.command, (std::vector<std::string>{"true", "--x"}));
    EXPECT_THROW(CompileOrder::of({"--what", "x"}), std::runtime_error);
    EXPECT_THROW(CompileOrder::of({"--target"}), std::runtime_error);
}

TEST(AVerdict, IsReadBackAsItWasWritten) {
    const Verdict verdict{.is_good = false, .digest = "c0ffee", .detail = "two\nlines"};
    const auto read = Verdict::of(verdict.text());
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->is_good);
    EXPECT_EQ(read->digest, "c0ffee");
    EXPECT_EQ(read->detail, "two\nlines");
    EXPECT_FALSE(Verdict::of("perhaps c0ffee\n"));
}

}  // namespace
