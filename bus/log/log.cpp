#include "bus/log/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "bus/base/text.hpp"
#include "bus/base/thread_annotations.hpp"
#include "bus/log/journal.hpp"
#include "bus/log/router.hpp"

namespace fedmsg::log {
namespace {

constexpr std::array<std::string_view, 5> kNames{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
constexpr Logger kLog{"fedmsg.log"};

// The router in force. A record holds on to the one it was given, so configure() may replace it at any time.
class State {
public:
    State() : router_(Router::build({}, {}).value()) {}

    std::shared_ptr<const Router> router() {
        const Lock lock(mutex_);
        return router_;
    }
    void replace(std::shared_ptr<const Router> router) {
        const Lock lock(mutex_);
        router_ = std::move(router);
    }

private:
    Mutex mutex_;
    std::shared_ptr<const Router> router_ FEDMSG_HUB_GUARDED_BY(mutex_);
};

State& state() {
    static State instance;
    return instance;
}

bool is_stream(const HandlerSettings& handler) {
    return handler.type == HandlerClass::stdout_stream || handler.type == HandlerClass::stderr_stream;
}

void redirect_streams(Settings& settings, const Setup& setup, bool to_journal) {
    for (auto& [name, handler] : settings.handlers) {
        if (to_journal && is_stream(handler)) handler.type = HandlerClass::null;
        if (setup.stdout_is_data && handler.type == HandlerClass::stdout_stream)
            handler.type = HandlerClass::stderr_stream;
    }
}

Result<Settings> settings_for(const Setup& setup) {
    if (setup.logging != nullptr) return read_settings(*setup.logging);
    return default_settings(setup.minimum_given ? setup.minimum : Level::info);
}

Router::Extras extras_for(const Setup& setup, bool to_journal) {
    Router::Extras extras;
    if (setup.minimum_given) extras.minimum = setup.minimum;
    extras.journal_level = setup.minimum;
    if (to_journal)
        extras.journal = [identifier = setup.identifier](const Record& record) {
            return send_to_journal(record, identifier);
        };
    return extras;
}

}  // namespace

std::string_view level_name(Level level) {
    return kNames[static_cast<std::size_t>(level)];
}

Result<Level> level_from_name(std::string_view name) {
    const std::string wanted = text::lower_ascii(name);
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (wanted == text::lower_ascii(kNames[i])) return static_cast<Level>(i);
    return failure(fmt::format("'{}' is no level; use debug, info, warning, error or critical", name));
}

Status configure(const Setup& setup) {
    const bool to_journal = setup.allow_journal && is_journal_stream(std::getenv("JOURNAL_STREAM"), STDERR_FILENO);
    auto settings = settings_for(setup);
    if (!settings) return settings.error();
    redirect_streams(*settings, setup, to_journal);
    auto router = Router::build(*settings, extras_for(setup, to_journal));
    if (!router) return router.error();
    state().replace(std::move(*router));
    for (const std::string& warning : settings->warnings) kLog.warning("LOGGING_PART_UNKNOWN", warning);
    return {};
}

void flush() {
    state().router()->flush();
}

void Logger::write(Level level, std::string_view id, std::string_view line, Fields fields) const {
    const Record record{level, name_, id, line, {fields.begin(), fields.size()}, std::chrono::system_clock::now()};
    state().router()->deliver(record);
}

bool Logger::is_enabled(Level level) const {
    return state().router()->is_enabled(name_, level);
}

void Logger::debug(std::string_view id, std::string_view line, Fields fields) const {
    write(Level::debug, id, line, fields);
}
void Logger::info(std::string_view id, std::string_view line, Fields fields) const {
    write(Level::info, id, line, fields);
}
void Logger::warning(std::string_view id, std::string_view line, Fields fields) const {
    write(Level::warning, id, line, fields);
}
void Logger::error(std::string_view id, std::string_view line, Fields fields) const {
    write(Level::error, id, line, fields);
}

}  // namespace fedmsg::log
