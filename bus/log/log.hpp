// The log: lines with a logger name, a level and a stable message id.
//
// Until configure() is called, lines of WARNING and above go to stderr. configure() applies the `logging` key
// (config.md 6). For a service of systemd ($JOURNAL_STREAM names our stderr) every line goes to the journal with the
// fields FEDMSG_MESSAGE_ID, FEDMSG_LOGGER and those given with the line; handlers that write to stdout or stderr are
// then left out, files and syslog stay. Any thread.
//
//     constexpr fedmsg::log::Logger kLog{"fedmsg.hub"};
//     kLog.warning("PLUGIN_REFUSED", fmt::format("{}: {}", path, why), {{"PLUGIN", path}});
//
// Message ids are documented in docs/messages.md, each with what to do; a test finds those that are not.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "bus/base/result.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::log {

enum class Level { debug, info, warning, error, critical };

struct Field {
    std::string_view name;  // upper case, for the journal
    std::string_view value;
};

using Fields = std::initializer_list<Field>;

// A named source of lines; cheap to copy, has no state. The name must outlive it (a literal).
class Logger {
public:
    constexpr explicit Logger(std::string_view name) : name_(name) {}

    void debug(std::string_view id, std::string_view line, Fields fields = {}) const;
    void info(std::string_view id, std::string_view line, Fields fields = {}) const;
    void warning(std::string_view id, std::string_view line, Fields fields = {}) const;
    void error(std::string_view id, std::string_view line, Fields fields = {}) const;
    void write(Level level, std::string_view id, std::string_view line, Fields fields = {}) const;
    bool is_enabled(Level level) const;

private:
    std::string_view name_;
};

struct Setup {
    const json::Value* logging = nullptr;  // the `logging` configuration value, or null for the built-in default
    Level minimum = Level::info;           // --log-level, if minimum_given; else the journal's level
    bool minimum_given = false;   // drop lines below minimum whatever `logging` says; if `logging` is null, pass
                                  // those from minimum on, DEBUG too
    bool allow_journal = false;   // daemons: use the journal if stderr is connected to it
    std::string identifier;       // journal identifier, the ID of the role
    bool stdout_is_data = false;  // handlers for stdout write to stderr instead (fedmsg-tail --json)
};

// Puts the setup into force for the whole process; the error names the faulty part of `logging`, and nothing changes.
// Unknown handler classes and filters are warned about and left out. May be called again. Log files are opened here.
Status configure(const Setup& setup);

// Level by its name in any case (debug, info, warning, error, critical), or an error that lists them.
Result<Level> level_from_name(std::string_view name);

// Flushes everything that was logged.
void flush();

}  // namespace fedmsg::log
