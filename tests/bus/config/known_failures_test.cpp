#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <chrono>

#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KnownFailures : public Machine {};

// "Create them on tmpfs and on ext4": here on the file system that holds temporary files; the order of a directory is
// sorted away, whatever it is.
TEST_F(KnownFailures, KF_027_ByteOrderOfNamesDecidesWhichFileWins) {
    directory.write("etc/fedmsg.d/30-c.yaml/inside.yaml", "environment: directory\n");
    etc("y.yaml.rpmsave", "environment: rpmsave\n");
    etc("x.yaml.bak", "environment: backup\n");
    etc(".hidden.yaml", "environment: hidden\n");
    etc("9-z.yaml", "last: 9-z\n");
    etc("20-b.yaml", with_endpoints("environment: b\nlast: 20-b\n"));
    etc("10-a.yaml", "environment: a\nlast: 10-a\n");
    const Loaded loaded = load_all();
    EXPECT_EQ(loaded.configuration.text("environment", ""), "b");
    EXPECT_EQ(json_of(loaded.configuration, "last"), R"("9-z")");
    for (const char* skipped : {"30-c.yaml", "y.yaml.rpmsave", "x.yaml.bak", ".hidden.yaml"})
        EXPECT_THAT(loaded.notes, Contains(HasSubstr(std::string("fedmsg.d/") + skipped + ": ")));
    EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(KnownFailures, KF_028_EndpointsOfTwoFilesMerge) {
    const std::string first = etc("1.yaml",
                                  "endpoints:\n  a: [tcp://h:1, 'tcp://h:2']\n  b: tcp://h:3\nrouting_policy:\n"
                                  "  org.example.dev.git: [one]\n");
    const std::string second = etc("2.yaml", "endpoints:\n  c: tcp://h:4\n  b: tcp://h:5\n  a: [tcp://h:6]\n");
    const auto configuration = std::move(load_all().configuration);
    EXPECT_EQ(json_of(configuration, "endpoints"), R"({"a":["tcp://h:6"],"b":["tcp://h:5"],"c":["tcp://h:4"]})")
        << "lists are replaced, not joined";
    EXPECT_EQ(json_of(configuration, "routing_policy"), R"({"org.example.dev.git":["one"]})");
    using Path = std::vector<std::string>;
    EXPECT_EQ(configuration.origin(Path{"endpoints", "c"}).text(), second + ":2");
    EXPECT_EQ(configuration.origin(Path{"endpoints", "b"}).text(), second + ":3");
    EXPECT_EQ(configuration.origin(Path{"routing_policy", "org.example.dev.git"}).text(), first + ":5");
}

// "Run every tool": the tools share this loader; their own tests run them.
TEST_F(KnownFailures, KF_030_TheNamedFileReplacesAllOthers) {
    etc("a.yaml", with_endpoints("relay_inbound: tcp://h:1\nown: 1\n"));
    request.paths = {directory.write("mine.yaml", with_endpoints("relay_inbound: tcp://h:2\n"))};
    const auto configuration = std::move(load_all().configuration);
    EXPECT_THAT(configuration.texts("relay_inbound"), ElementsAre("tcp://h:2"));
    EXPECT_FALSE(configuration.has("own"));
    request.paths = {directory / "missing.yaml"};
    EXPECT_THAT(problem_lines(), ElementsAre(": '" + (directory / "missing.yaml") + "' is not a file."));
}

// How loading ended, measured in a process of its own.
struct Measured {
    std::vector<std::string> lines;
    double seconds = 0;
    long peak_kib = 0;
};

class ABoundedLoad : public KnownFailures {
protected:
    Measured measure(const std::string& yaml) {
        etc("a.yaml", yaml);
        Measured measured;
        const auto begin = std::chrono::steady_clock::now();
        measured.lines = problem_lines();
        measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        measured.peak_kib = peak_of_a_process();
        return measured;
    }

private:
    long peak_of_a_process() const {
        const pid_t child = ::fork();
        if (child == 0) {
            problem_lines();
            ::_exit(0);
        }
        struct rusage usage {};
        int status = 0;
        EXPECT_EQ(::wait4(child, &status, 0, &usage), child);
        EXPECT_EQ(status, 0);
        return usage.ru_maxrss;
    }
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;  // the sanitizer's own memory and time are not what is asked about
#else
constexpr bool kIsSanitized = false;
#endif

void expect_bounded(const Measured& measured, const std::string& gist) {
    EXPECT_THAT(measured.lines, ElementsAre(HasSubstr(gist)));
    if (kIsSanitized) return;
    EXPECT_LT(measured.seconds, 1);
    EXPECT_LT(measured.peak_kib, 200 * 1024);
}

TEST_F(ABoundedLoad, KF_031_AnUnbalancedQuoteInParenthesesIsNoTrap) {
    const std::string rule =
        "endpoints: {}\nrule:\n  condition: (a = \"b\" and (c = \"d)\n    or e = 'f and\n    (g = h)\n  output: done\n";
    const Measured plain = measure(rule);
    EXPECT_TRUE(plain.lines.empty()) << plain.lines[0] << "\na plain text may hold any quotes";
    EXPECT_LT(plain.seconds, 1);
    expect_bounded(measure("endpoints: {}\nrule:\n  condition: \"(a = b and (c = \n    or e)\n  output: x\n"),
                   "a.yaml:3: ");
    expect_bounded(measure("endpoints: {}\nrule: (a = \"b)\n  and: c\n"), "a.yaml:");
}

TEST_F(ABoundedLoad, KF_031_TenMegabytesOfBracketsAreRefused) {
    expect_bounded(measure(std::string(10'000'000, '[')), "a.yaml: the file is larger than 256 KiB");
    expect_bounded(measure(std::string(200'000, '[')), "a.yaml:1: the nesting is deeper than 64 levels");
}

TEST_F(ABoundedLoad, KF_031_AnAliasBombIsRefused) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 9; ++level) {
        const std::string below = "*a" + std::to_string(level - 1);
        bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
        for (int i = 1; i < 9; ++i) bomb += ", " + below;
        bomb += "]\n";
    }
    expect_bounded(measure(bomb), "a.yaml:1: '&' at the beginning of a value is an anchor");
}

// The configuration's part: "password masked when printed, and in errors about the value". Not asserted here: logs,
// process list and irc (the programs' tests), signed messages.
TEST_F(KnownFailures, KF_119_SecretsAreMaskedInDumpsAndErrors) {
    const auto configuration =
        load_text(with_endpoints("broker: 'amqps://u:s3cret@host'\nsmtp: {password: s3cret}\ndb_url: "
                                 "'postgresql://u:s3cret@db/x'\napi_token: s3cret\n"));
    EXPECT_THAT(json::canonical(masked(configuration, schema)), ::testing::Not(HasSubstr("s3cret")));
    for (const std::string& line : problem_lines("endpoints: {a: 'mq://u:s3cret@h'}\n"))
        EXPECT_THAT(line, ::testing::Not(HasSubstr("s3cret")));
}

// The configuration's part: files that others can write or own. Not asserted here: state, cache and pid files.
TEST_F(KnownFailures, KF_120_ConfigurationOfOthersIsRefusedWithTheReason) {
    const std::string file = etc("a.yaml", with_endpoints(""));
    ::chmod(file.c_str(), 0646);
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("everybody can write it, so it is not trusted: chmod o-w")));
    ::chmod(file.c_str(), 0644);
    surroundings.user_id = ::geteuid() + 1;
    if (::geteuid() == 0) {
        ASSERT_EQ(::chown(file.c_str(), 7, static_cast<gid_t>(-1)), 0);
    }
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("it belongs to user")));
}

}  // namespace
}  // namespace fedmsg::config
