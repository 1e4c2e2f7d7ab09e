// The trial load in a child process.
#include <fcntl.h>

#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using namespace std::chrono_literals;

std::string verdict_on(const std::string& name, std::chrono::milliseconds limit = 30s) {
    Prober prober = make_prober(limit);
    const auto file = SealedFile::open(fixture(name), Trust::own_user_too);
    const Status status = prober.run(file.value());
    return status ? "" : status.error().text;
}

TEST(AProbe, PassesAGoodFile) {
    EXPECT_THAT(verdict_on("good/minimal"), IsEmpty());
}

TEST(AProbe, LeavesFaultsThatDoNoHarmToItsParent) {
    EXPECT_THAT(verdict_on("bad/undefined_symbol"), IsEmpty());
    EXPECT_THAT(verdict_on("bad/describe_throws"), IsEmpty());
}

TEST(AProbe, TellsOfAStaticConstructorThatThrows) {
    EXPECT_THAT(verdict_on("bad/constructor_throws"),
                AllOf(HasSubstr("while being loaded"), HasSubstr("no database at load time")));
}

TEST(AProbe, TellsOfAStaticConstructorThatExits) {
    EXPECT_THAT(verdict_on("bad/constructor_exits"),
                StartsWith("ended the process (exit status 0) while being loaded"));
}

TEST(AProbe, TellsOfAStaticConstructorThatCrashes) {
    // A sanitizer's own handler turns the signal into an exit.
    EXPECT_THAT(verdict_on("bad/constructor_crashes"),
                testing::AnyOf(StartsWith("killed the process (Segmentation fault) while being loaded"),
                               StartsWith("ended the process (exit status ")));
}

TEST(AProbe, EndsAStaticConstructorThatNeverReturns) {
    EXPECT_THAT(verdict_on("bad/constructor_hangs", 300ms),
                AllOf(StartsWith("did not return within 300 ms while being loaded"), HasSubstr("was ended")));
}

TEST(AProbe, DescribesUnderTheConfigurationOfTheHub) {
    EXPECT_THAT(verdict_on("bad/describe_crashes_configured"), IsEmpty());
    Prober prober({.program = FEDMSG_HUB_PLUGIN_CHECK,
                   .limit = 30s,
                   .configuration = R"({"describe-crashes.now": true, "long": ")" + std::string(200'000, 'x') + "\"}"});
    const auto file = SealedFile::open(fixture("bad/describe_crashes_configured"), Trust::own_user_too);
    const Status status = prober.run(file.value());
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().text, HasSubstr("while describing its consumers"));
}

TEST(AProbe, ThatCannotBeRunLoadsNothing) {
    Prober prober({.program = "/nonexistent/fedmsg-hub-plugin-check"});
    const auto plugin = load_plugin(fixture("good/minimal"), Trust::own_user_too, prober);
    ASSERT_FALSE(plugin);
    EXPECT_EQ(plugin.error().text,
              "the plugin probe /nonexistent/fedmsg-hub-plugin-check cannot be run: No such file or directory");
}

TEST(AProbe, RemembersWhatHasPassed) {
    const auto file = SealedFile::open(fixture("good/minimal"), Trust::own_user_too);
    Prober prober = make_prober();
    ASSERT_TRUE(prober.run(*file));
    // A second run would need the program: it has none to run within no time at all.
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(prober.run(*file));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(SeveralProbes, GiveTheirVerdictsInTheOrderOfTheFiles) {
    const std::vector<std::string> names{"good/minimal",          "bad/constructor_exits", "good/several",
                                         "bad/constructor_hangs", "good/options",          "helpers/version_1",
                                         "bad/constructor_throws"};
    std::vector<SealedFile> files;
    for (const std::string& name : names) files.push_back(SealedFile::open(fixture(name), Trust::own_user_too).value());
    std::vector<const SealedFile*> pointers;
    for (const SealedFile& file : files) pointers.push_back(&file);

    Prober prober = make_prober(2s);
    const std::vector<Status> verdicts = prober.run(pointers);
    for (std::size_t i = 0; i < names.size(); ++i)
        EXPECT_EQ(verdicts[i].has_value(), !names[i].starts_with("bad/")) << names[i];
}

TEST(ASealedFile, CannotBeWritten) {
    const auto file = SealedFile::open(fixture("good/minimal"), Trust::own_user_too);
    ASSERT_TRUE(file);
    EXPECT_EQ(::fcntl(file->descriptor(), F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    EXPECT_EQ(::write(file->descriptor(), "x", 1), -1);
    EXPECT_EQ(::fcntl(file->descriptor(), F_GETFD), FD_CLOEXEC);
}

}  // namespace
}  // namespace fedmsg::hub::test
