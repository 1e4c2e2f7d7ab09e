#include "bus/log/log.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>
#include <vector>

#include "bus/log/journal.hpp"
#include "bus/log/router.hpp"
#include "tests/support/temporary.hpp"

namespace fedmsg::log {
namespace {

constexpr Logger kCommands{"fedmsg.commands"};
constexpr Logger kForeign{"elsewhere"};

class TheLog : public ::testing::Test {
protected:
    TheLog() {
        setenv("TZ", "UTC", 1);
        unsetenv("JOURNAL_STREAM");
    }

    // Configures with a JSON text in which @DIR@ stands for a temporary directory.
    Status configure_with(std::string logging, log::Setup setup = {}) {
        for (auto at = logging.find("@DIR@"); at != std::string::npos; at = logging.find("@DIR@"))
            logging.replace(at, 5, directory_.path().string());
        auto document = json::parse(logging);
        EXPECT_TRUE(document);
        setup.logging = &*document;
        return configure(setup);
    }
    std::string file(std::string_view name) { return test::read_file(directory_.path() / name); }

    test::TemporaryDirectory directory_;
};

std::string one_file(std::string_view extra = "") {
    return fmt::format(
        R"({{"version": 1, "handlers": {{"f": {{"class": "logging.FileHandler", "filename": "@DIR@/log"}}}},
                         "loggers": {{"fedmsg": {{"level": "DEBUG", "handlers": ["f"], "propagate": false}}{}}}}})",
        extra);
}

TEST_F(TheLog, SendsInfoToStdoutByDefault) {
    ASSERT_TRUE(configure({}));
    testing::internal::CaptureStdout();
    kCommands.info("X", "hello");
    kCommands.debug("X", "hidden");
    const std::string out = testing::internal::GetCapturedStdout();
    EXPECT_EQ(out.find("["), 0u);
    EXPECT_EQ(out.substr(21), "[fedmsg.commands    INFO] hello\n");
}

TEST_F(TheLog, WritesWarningsWithoutAnyHandlerBareToStderr) {
    ASSERT_TRUE(configure({}));
    testing::internal::CaptureStderr();
    kForeign.info("X", "hidden");
    kForeign.warning("X", "bare");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "bare\n");
}

TEST_F(TheLog, LetsDebugLinesPassIfTheLevelIsGiven) {
    log::Setup setup;
    setup.minimum = Level::debug;
    setup.minimum_given = true;
    ASSERT_TRUE(configure(setup));
    testing::internal::CaptureStdout();
    kCommands.debug("X", "shown");
    EXPECT_NE(testing::internal::GetCapturedStdout().find("  DEBUG] shown\n"), std::string::npos);
}

TEST_F(TheLog, DropsLinesBelowTheGivenLevelWhateverTheConfigurationSays) {
    log::Setup setup;
    setup.minimum = Level::error;
    setup.minimum_given = true;
    ASSERT_TRUE(configure_with(one_file(), setup));
    kCommands.warning("X", "hidden");
    kCommands.error("X", "shown");
    EXPECT_FALSE(kCommands.is_enabled(Level::warning));
    EXPECT_EQ(file("log"), "shown\n");
}

TEST_F(TheLog, MovesStdoutHandlersToStderrIfStdoutIsData) {
    log::Setup setup;
    setup.stdout_is_data = true;
    ASSERT_TRUE(configure(setup));
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    kCommands.info("X", "talk");
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_NE(testing::internal::GetCapturedStderr().find("talk\n"), std::string::npos);
}

TEST_F(TheLog, InheritsLevelAndHandlersAlongTheDottedName) {
    ASSERT_TRUE(configure_with(one_file(R"(, "fedmsg.consumers": {"level": "ERROR"})")));
    Logger("fedmsg.consumers.relay").info("X", "too low");
    Logger("fedmsg.consumers.relay").error("X", "inherited");
    Logger("fedmsg").debug("X", "own");
    Logger("fedmsgx").error("X", "another name");
    EXPECT_EQ(file("log"), "inherited\nown\n");
}

TEST_F(TheLog, GoesToEveryHandlerUpToTheOneThatDoesNotPropagate) {
    ASSERT_TRUE(configure_with(R"({"version": 1, "handlers": {
        "low": {"class": "logging.FileHandler", "filename": "@DIR@/low"},
        "high": {"class": "logging.FileHandler", "filename": "@DIR@/high", "level": "ERROR"}},
        "loggers": {"a.b": {"level": "DEBUG", "handlers": ["low"]}}, "root": {"handlers": ["high"]}})"));
    Logger("a.b.c").info("X", "one");
    Logger("a.b.c").error("X", "two");
    EXPECT_EQ(file("low"), "one\ntwo\n");
    EXPECT_EQ(file("high"), "two\n");
}

TEST_F(TheLog, IsSilentForFedmsgIfTheConfigurationHasNoHandlerForIt) {
    ASSERT_TRUE(configure_with(R"({"version": 1})"));
    testing::internal::CaptureStdout();
    kCommands.info("X", "nobody hears this");
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST_F(TheLog, WritesMultiLineTextsAsTheyAre) {
    ASSERT_TRUE(configure_with(one_file()));
    kCommands.info("X", "\n{'a': 1,\n 'b': 2}");
    EXPECT_EQ(file("log"), "\n{'a': 1,\n 'b': 2}\n");
}

TEST_F(TheLog, RefusesAFileThatCannotBeOpenedAndKeepsTheOldSetup) {
    ASSERT_TRUE(configure_with(one_file()));
    const auto status = configure_with(
        R"({"version": 1, "handlers": {"f": {"class": "logging.FileHandler", "filename": "@DIR@/none/../log/x"}}})");
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("logging.handlers.f: "), std::string::npos);
    kCommands.info("X", "still here");
    EXPECT_EQ(file("log"), "still here\n");
}

TEST_F(TheLog, OpensAWatchedFileAgainAfterItWasMoved) {
    ASSERT_TRUE(configure_with(R"({"version": 1,
        "handlers": {"f": {"class": "logging.handlers.WatchedFileHandler", "filename": "@DIR@/log"}},
        "root": {"level": "DEBUG", "handlers": ["f"]}})"));
    kForeign.info("X", "one");
    std::filesystem::rename(directory_ / "log", directory_ / "log.1");
    kForeign.info("X", "two");
    EXPECT_EQ(file("log.1"), "one\n");
    EXPECT_EQ(file("log"), "two\n");
}

TEST_F(TheLog, RotatesAFileThatIsFull) {
    ASSERT_TRUE(configure_with(R"({"version": 1,
        "handlers": {"f": {"class": "logging.handlers.RotatingFileHandler", "filename": "@DIR@/my.log", "maxBytes": 20,
                           "backupCount": 1}},
        "root": {"level": "DEBUG", "handlers": ["f"]}})"));
    kForeign.info("X", "fifteen letters");
    kForeign.info("X", "another fifteen");
    EXPECT_EQ(file("my.log"), "another fifteen\n");
    EXPECT_EQ(file("my.1.log"), "fifteen letters\n");
}

TEST_F(TheLog, WarnsOfWhatItLeavesOut) {
    testing::internal::CaptureStderr();
    ASSERT_TRUE(configure_with(R"({"version": 1, "handlers": {"m": {"class": "site.Mail"}}})"));
    EXPECT_NE(testing::internal::GetCapturedStderr().find("logging.handlers.m.class"), std::string::npos);
}

TEST_F(TheLog, TakesLinesFromManyThreads) {
    ASSERT_TRUE(configure_with(one_file()));
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([] {
                for (int i = 0; i < 250; ++i) kCommands.info("X", "0123456789");
            });
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(configure_with(one_file()));
    }
    std::istringstream lines(file("log"));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) EXPECT_EQ(line, "0123456789");
    EXPECT_EQ(count, 1000);
}

TEST(LogLevels, AreKnownByNameInAnyCase) {
    EXPECT_EQ(*level_from_name("Debug"), Level::debug);
    EXPECT_EQ(*level_from_name("CRITICAL"), Level::critical);
    EXPECT_EQ(level_from_name("loud").error().text, "'loud' is no level; use debug, info, warning, error or critical");
}

TEST(TheJournal, IsRecognisedByDeviceAndInode) {
    struct stat status {};
    ASSERT_EQ(fstat(STDERR_FILENO, &status), 0);
    const std::string own = fmt::format("{}:{}", status.st_dev, status.st_ino);
    EXPECT_TRUE(is_journal_stream(own.c_str(), STDERR_FILENO));
    EXPECT_FALSE(is_journal_stream((own + "0").c_str(), STDERR_FILENO));
    EXPECT_FALSE(is_journal_stream(nullptr, STDERR_FILENO));
    EXPECT_FALSE(is_journal_stream(own.c_str(), -1));
}

TEST(TheJournal, GetsMessageIdLoggerAndFields) {
    const std::vector<Field> fields{{"PLUGIN", "x.so"}};
    const Record record{Level::error, "fedmsg.hub", "PLUGIN_REFUSED", "why", fields, {}};
    EXPECT_EQ(
        journal_fields(record, "hub"),
        (std::vector<std::string>{"MESSAGE=why", "PRIORITY=3", "SYSLOG_IDENTIFIER=hub",
                                  "FEDMSG_MESSAGE_ID=PLUGIN_REFUSED", "FEDMSG_LOGGER=fedmsg.hub", "PLUGIN=x.so"}));
}

TEST(ARouterWithAJournal, SendsItEveryLineFromItsLevelOn) {
    std::vector<std::string> sent;
    Router::Extras extras;
    extras.journal = [&](const Record& record) {
        sent.emplace_back(record.text);
        return true;
    };
    const auto router = Router::build(default_settings(Level::critical), std::move(extras)).value();
    router->deliver({Level::debug, "fedmsg", "X", "debug", {}, {}});
    router->deliver({Level::info, "fedmsg", "X", "info", {}, {}});
    router->deliver({Level::warning, "elsewhere", "X", "warning", {}, {}});
    EXPECT_EQ(sent, (std::vector<std::string>{"info", "warning"}));
    EXPECT_TRUE(router->is_enabled("anything", Level::info));
    EXPECT_FALSE(router->is_enabled("anything", Level::debug));
}

TEST(ARouterWithAJournal, FallsBackToStderrIfTheJournalIsGone) {
    Router::Extras extras;
    extras.journal = [](const Record&) { return false; };
    const auto router = Router::build({}, std::move(extras)).value();
    testing::internal::CaptureStderr();
    router->deliver({Level::error, "fedmsg", "X", "not lost", {}, {}});
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "not lost\n");
}

}  // namespace
}  // namespace fedmsg::log
