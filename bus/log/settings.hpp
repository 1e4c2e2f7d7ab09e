// The `logging` configuration value (config.md 6, the subset of Python's dictConfig) as plain data: what it asks for,
// before files are opened. Any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bus/base/result.hpp"
#include "bus/json/document.hpp"
#include "bus/log/line_format.hpp"
#include "bus/log/log.hpp"

namespace fedmsg::log {

enum class HandlerClass { stdout_stream, stderr_stream, file, watched_file, rotating_file, syslog, null };

struct HandlerSettings {
    HandlerClass type = HandlerClass::null;
    Level level = Level::debug;
    LineFormat format;
    std::string path;              // files; syslog: the local socket, or empty
    bool truncate = false;         // files: mode 'w'
    std::size_t max_bytes = 0;     // rotating file; 0: never
    std::size_t backup_count = 0;  // rotating file
    std::string host;              // syslog by UDP; numeric
    std::uint16_t port = 0;
    int facility = 0;  // LOG_USER and so on
};

struct LoggerSettings {
    std::optional<Level> level;  // absent: inherited
    std::vector<std::string> handlers;
    bool propagate = true;
};

struct Settings {
    std::map<std::string, HandlerSettings> handlers;
    std::map<std::string, LoggerSettings, std::less<>> loggers;  // the root is ""
    std::vector<std::string> warnings;                           // left out: unknown classes, filters
};

// The error names the faulty part ("logging.handlers.file.filename is missing").
Result<Settings> read_settings(const json::Value& logging);

// The built-in default, whose levels are INFO, with another level.
Settings default_settings(Level level);

}  // namespace fedmsg::log
