// The program fedmsg-hub-plugin-check, as its users run it.
#include <sys/wait.h>

#include <cstdio>

#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct ProgramRun {
    int code = -1;
    std::string output;  // both streams
};

ProgramRun run(const std::string& arguments) {
    ProgramRun result;
    FILE* pipe = ::popen((std::string(FEDMSG_HUB_PLUGIN_CHECK) + ' ' + arguments + " 2>&1").c_str(), "r");
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        result.output.append(buffer, count);
    const int status = ::pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

TEST(ThePluginCheck, PrintsWhatAPluginOffers) {
    const ProgramRun good = run(fixture("good/options"));
    EXPECT_EQ(good.code, 0);
    EXPECT_THAT(good.output,
                AllOf(HasSubstr("plugin options 1.0"), HasSubstr("ABI          1.1"), HasSubstr("consumer options"),
                      HasSubstr("enabled by   options.enabled"), HasSubstr("topics       *"),
                      HasSubstr("options.server (string, required): Where to send"),
                      HasSubstr("options.port (integer, default 6667): Its port")));
}

TEST(ThePluginCheck, FailsWithTheReason) {
    const ProgramRun bad = run(fixture("bad/undefined_symbol"));
    EXPECT_EQ(bad.code, 1);
    EXPECT_THAT(bad.output, HasSubstr("problem: cannot be loaded: undefined symbol: function_that_nobody_has"));
}

TEST(ThePluginCheck, OutlivesAStaticConstructorThatExits) {
    const ProgramRun bad = run(fixture("bad/constructor_exits") + ' ' + fixture("good/minimal"));
    EXPECT_EQ(bad.code, 1);
    EXPECT_THAT(bad.output, AllOf(HasSubstr("ended the process (exit status 0) while being loaded"),
                                  HasSubstr("plugin minimal 1.2.3")));
}

TEST(ThePluginCheck, NamesEveryProblem) {
    const ProgramRun bad = run(fixture("bad/equal_names"));
    EXPECT_EQ(bad.code, 1);
    EXPECT_THAT(bad.output, HasSubstr("problem: consumer twin: the file declares two consumers of this name"));
}

TEST(ThePluginCheck, SpeaksJson) {
    const ProgramRun both = run("--json " + fixture("good/minimal") + ' ' + fixture("bad/no_symbol"));
    EXPECT_EQ(both.code, 1);
    const json::Document report = parsed(both.output);
    ASSERT_EQ(report.Size(), 2U);
    EXPECT_EQ(json::text_of(*json::find(report[0], "name")), "minimal");
    EXPECT_EQ(json::text_of((*json::find(report[0], "consumers"))[0]["config_key"]), "minimal.enabled");
    EXPECT_EQ(json::find(report[0], "problems")->Size(), 0U);
    EXPECT_EQ(json::text_of((*json::find(report[1], "problems"))[0]["reason"]),
              "not a plugin: it does not export fedmsg_hub_plugin_v1");
}

TEST(ThePluginCheck, KnowsItsUsage) {
    EXPECT_EQ(run("").code, 2);
    EXPECT_THAT(run("").output, HasSubstr("error: no file given"));
    EXPECT_EQ(run("--frobnicate x.so").code, 2);
    EXPECT_THAT(run("--frobnicate x.so").output, HasSubstr("error: unknown option --frobnicate"));
    EXPECT_EQ(run("--help").code, 0);
    EXPECT_THAT(run("--version").output, testing::StartsWith("fedmsg-hub-plugin-check "));
}

}  // namespace
}  // namespace fedmsg::hub::test
