#include "bus/log/settings.hpp"

#include <gtest/gtest.h>
#include <syslog.h>

namespace fedmsg::log {
namespace {

Result<Settings> read(std::string_view json_text) {
    auto document = json::parse(json_text);
    EXPECT_TRUE(document) << document.error().text;
    return read_settings(*document);
}

std::string error_of(std::string_view json_text) {
    const auto settings = read(json_text);
    return settings ? "no error" : settings.error().text;
}

TEST(LoggingSettings, ReadHandlersOfEachClass) {
    const auto settings = read(R"({"version": 1, "handlers": {
        "a": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "level": "INFO"},
        "b": {"class": "logging.StreamHandler"},
        "c": {"class": "logging.FileHandler", "filename": "x.log", "mode": "w"},
        "d": {"class": "logging.handlers.RotatingFileHandler", "filename": "y.log", "maxBytes": 1000, "backupCount": 3},
        "e": {"class": "logging.handlers.WatchedFileHandler", "filename": "z.log"},
        "f": {"class": "logging.handlers.SysLogHandler", "facility": "daemon"},
        "g": {"class": "logging.handlers.SysLogHandler", "address": ["localhost", 514]},
        "h": {"class": "logging.NullHandler"}}})");
    ASSERT_TRUE(settings) << settings.error().text;
    const auto& handlers = settings->handlers;
    EXPECT_EQ(handlers.at("a").type, HandlerClass::stdout_stream);
    EXPECT_EQ(handlers.at("a").level, Level::info);
    EXPECT_EQ(handlers.at("b").type, HandlerClass::stderr_stream);
    EXPECT_EQ(handlers.at("c").path, "x.log");
    EXPECT_TRUE(handlers.at("c").truncate);
    EXPECT_EQ(handlers.at("d").max_bytes, 1000u);
    EXPECT_EQ(handlers.at("d").backup_count, 3u);
    EXPECT_EQ(handlers.at("e").type, HandlerClass::watched_file);
    EXPECT_EQ(handlers.at("f").facility, LOG_DAEMON);
    EXPECT_EQ(handlers.at("g").host, "127.0.0.1");
    EXPECT_EQ(handlers.at("g").port, 514);
    EXPECT_EQ(handlers.at("h").type, HandlerClass::null);
    EXPECT_TRUE(settings->warnings.empty());
}

TEST(LoggingSettings, ReadLoggersAndTheRoot) {
    const auto settings = read(R"({"version": 1, "disable_existing_loggers": false,
        "handlers": {"a": {"class": "logging.NullHandler"}},
        "loggers": {"fedmsg": {"level": "DEBUG", "handlers": ["a"], "propagate": false}, "x": {"level": "NOTSET"}},
        "root": {"level": 40, "handlers": ["a"]}})");
    ASSERT_TRUE(settings) << settings.error().text;
    EXPECT_EQ(settings->loggers.at("fedmsg").level, Level::debug);
    EXPECT_FALSE(settings->loggers.at("fedmsg").propagate);
    EXPECT_EQ(settings->loggers.at("x").level, std::nullopt);
    EXPECT_TRUE(settings->loggers.at("x").propagate);
    EXPECT_EQ(settings->loggers.at("").level, Level::error);
}

TEST(LoggingSettings, WarnOfUnknownClassesAndGoOn) {
    const auto settings = read(R"({"version": 1, "handlers": {"mail": {"class": "site.MailHandler", "level": "ERROR"}},
                                   "loggers": {"fedmsg": {"handlers": ["mail"], "filters": ["f"]}}})");
    ASSERT_TRUE(settings) << settings.error().text;
    ASSERT_EQ(settings->warnings.size(), 2u);
    EXPECT_NE(settings->warnings[0].find("logging.handlers.mail.class: handler class 'site.MailHandler'"),
              std::string::npos);
    EXPECT_NE(settings->warnings[1].find("logging.loggers.fedmsg.filters"), std::string::npos);
}

TEST(LoggingSettings, NameTheFaultyPart) {
    EXPECT_EQ(error_of("[]"), "logging must be a map");
    EXPECT_EQ(error_of("{}"), "logging.version must be 1");
    EXPECT_EQ(error_of(R"({"version": 2})"), "logging.version must be 1");
    EXPECT_EQ(error_of(R"({"version": 1, "handlers": []})"), "logging.handlers must be a map");
    EXPECT_EQ(error_of(R"({"version": 1, "handlers": {"a": {}}})"), "logging.handlers.a.class is missing");
    EXPECT_EQ(error_of(R"({"version": 1, "handlers": {"a": {"class": "logging.FileHandler"}}})"),
              "logging.handlers.a.filename is missing");
    EXPECT_EQ(error_of(R"({"version": 1, "handlers": {"a": {"class": "logging.NullHandler", "level": "LOUD"}}})"),
              "logging.handlers.a.level: 'LOUD' is no level; use debug, info, warning, error or critical");
    EXPECT_EQ(error_of(R"({"version": 1, "handlers": {"a": {"class": "logging.NullHandler", "formatter": "f"}}})"),
              "logging.handlers.a.formatter: there is no formatter 'f'");
    EXPECT_EQ(error_of(R"({"version": 1, "loggers": {"fedmsg": {"handlers": ["nope"]}}})"),
              "logging.loggers.fedmsg.handlers: there is no handler 'nope'");
    EXPECT_EQ(error_of(R"({"version": 1, "root": {"handlers": "console"}})"), "logging.root.handlers must be a list");
    EXPECT_NE(
        error_of(R"({"version": 1, "formatters": {"f": {"format": "%(nmae)s"}}})").find("logging.formatters.f.format:"),
        std::string::npos);
    EXPECT_NE(error_of(R"({"version": 1, "formatters": {"f": {"style": "{"}}})").find("logging.formatters.f.style"),
              std::string::npos);
    EXPECT_NE(
        error_of(R"({"version": 1, "handlers": {"a": {"class": "logging.handlers.SysLogHandler", "facility": "x"}}})")
            .find("logging.handlers.a.facility"),
        std::string::npos);
    EXPECT_NE(
        error_of(R"({"version": 1, "handlers": {"a": {"class": "logging.handlers.SysLogHandler", "address": [1]}}})")
            .find("logging.handlers.a.address"),
        std::string::npos);
}

}  // namespace
}  // namespace fedmsg::log
