#include "bus/log/settings.hpp"

#include <fmt/format.h>
#include <syslog.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "bus/base/text.hpp"

namespace fedmsg::log {
namespace {

// Thrown inside this file only; read_settings turns it into an Error.
struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Formats = std::map<std::string, LineFormat>;

constexpr std::array<std::pair<std::string_view, int>, 20> kFacilities{
    {{"auth", LOG_AUTH},     {"authpriv", LOG_AUTHPRIV}, {"cron", LOG_CRON},     {"daemon", LOG_DAEMON},
     {"ftp", LOG_FTP},       {"kern", LOG_KERN},         {"lpr", LOG_LPR},       {"mail", LOG_MAIL},
     {"news", LOG_NEWS},     {"syslog", LOG_SYSLOG},     {"user", LOG_USER},     {"uucp", LOG_UUCP},
     {"local0", LOG_LOCAL0}, {"local1", LOG_LOCAL1},     {"local2", LOG_LOCAL2}, {"local3", LOG_LOCAL3},
     {"local4", LOG_LOCAL4}, {"local5", LOG_LOCAL5},     {"local6", LOG_LOCAL6}, {"local7", LOG_LOCAL7}}};

// A map inside `logging` together with its name for messages.
class Part {
public:
    Part(const json::Value& value, std::string name) : value_(value), name_(std::move(name)) {
        if (!value.IsObject()) throw Fault(name_ + " must be a map");
    }

    const std::string& name() const { return name_; }
    const json::Value* find(std::string_view key) const {
        const json::Value* found = json::find(value_, key);
        return found == nullptr || found->IsNull() ? nullptr : found;
    }
    std::string text(std::string_view key, std::string_view fallback) const {
        const json::Value* found = find(key);
        if (found == nullptr) return std::string(fallback);
        if (!json::is_text(*found)) throw Fault(fmt::format("{}.{} must be a string", name_, key));
        return std::string(json::text_of(*found));
    }
    std::size_t count(std::string_view key) const {
        const json::Value* found = find(key);
        if (found == nullptr) return 0;
        if (!found->IsUint64()) throw Fault(fmt::format("{}.{} must be a whole number from 0 on", name_, key));
        return found->GetUint64();
    }
    // The members of a map below, in order; none if it is absent.
    template <class Visit>
    void each(const char* key, Visit visit) const {
        const json::Value* found = find(key);
        if (found == nullptr) return;
        const Part map(*found, fmt::format("{}.{}", name_, key));
        for (const auto& member : found->GetObject()) {
            const std::string name(json::text_of(member.name));
            visit(name, Part(member.value, fmt::format("{}.{}", map.name_, name)));
        }
    }

private:
    const json::Value& value_;
    std::string name_;
};

// NOTSET and absent are no level.
std::optional<Level> read_level(const Part& part) {
    const json::Value* value = part.find("level");
    if (value == nullptr) return std::nullopt;
    if (value->IsInt()) {
        if (value->GetInt() <= 0) return std::nullopt;
        return static_cast<Level>(std::clamp((value->GetInt() + 9) / 10 - 1, 0, 4));
    }
    const std::string_view name = json::text_of(*value);
    if (name == "NOTSET") return std::nullopt;
    const auto level = level_from_name(name);
    if (!level) throw Fault(fmt::format("{}.level: {}", part.name(), level.error().text));
    return *level;
}

LineFormat read_format(const Part& part) {
    if (part.text("style", "%") != "%") throw Fault(part.name() + ".style: only '%' formats are supported");
    auto format = LineFormat::parse(part.text("format", "%(message)s"), part.text("datefmt", ""));
    if (!format) throw Fault(fmt::format("{}.format: {}", part.name(), format.error().text));
    return *format;
}

void warn_of_filters(const Part& part, Settings& settings) {
    const json::Value* filters = part.find("filters");
    if (filters != nullptr && json::is_truthy(*filters))
        settings.warnings.push_back(part.name() + ".filters: filters are Python code and are left out");
}

int read_facility(const Part& part) {
    const json::Value* value = part.find("facility");
    if (value == nullptr) return LOG_USER;
    if (value->IsInt() && value->GetInt() >= 0 && value->GetInt() < 24) return value->GetInt() << 3;
    const std::string_view name = json::text_of(*value);
    const auto found =
        std::find_if(kFacilities.begin(), kFacilities.end(), [&](auto& entry) { return entry.first == name; });
    if (found == kFacilities.end())
        throw Fault(part.name() + ".facility is unknown; for example daemon, user or local0");
    return found->second;
}

// `address`: a local socket's path (default), or [host, port] for UDP.
void read_address(const Part& part, HandlerSettings& handler) {
    const json::Value* address = part.find("address");
    if (address == nullptr || json::is_text(*address)) {
        handler.path = part.text("address", "/dev/log");
        if (handler.path != "/dev/log")
            throw Fault(part.name() + ".address: the local socket is /dev/log; else [HOST, PORT]");
        return;
    }
    if (!address->IsArray() || address->Size() != 2 || !json::is_text((*address)[0]) || !(*address)[1].IsUint() ||
        (*address)[1].GetUint() > 65535)
        throw Fault(part.name() + ".address must be /dev/log or [HOST, PORT]");
    handler.host = json::text_of((*address)[0]);
    if (handler.host == "localhost") handler.host = "127.0.0.1";
    handler.port = static_cast<std::uint16_t>((*address)[1].GetUint());
}

void read_file(const Part& part, HandlerSettings& handler) {
    handler.path = part.text("filename", "");
    if (handler.path.empty()) throw Fault(part.name() + ".filename is missing");
    handler.truncate = part.text("mode", "a").starts_with('w');
    handler.max_bytes = part.count("maxBytes");
    handler.backup_count = part.count("backupCount");
}

HandlerClass read_stream(const Part& part) {
    const std::string stream = part.text("stream", "ext://sys.stderr");
    if (stream == "ext://sys.stdout") return HandlerClass::stdout_stream;
    if (stream == "ext://sys.stderr") return HandlerClass::stderr_stream;
    throw Fault(
        fmt::format("{}.stream: '{}' is unknown; use ext://sys.stdout or ext://sys.stderr", part.name(), stream));
}

// False for a class that is not known here.
bool read_class(const Part& part, HandlerSettings& handler) {
    const std::string name = part.text("class", "");
    if (name.empty()) throw Fault(part.name() + ".class is missing");
    if (name == "logging.StreamHandler") {
        handler.type = read_stream(part);
    } else if (name == "logging.FileHandler" || name == "logging.handlers.WatchedFileHandler" ||
               name == "logging.handlers.RotatingFileHandler") {
        handler.type = name == "logging.FileHandler"                   ? HandlerClass::file
                       : name == "logging.handlers.WatchedFileHandler" ? HandlerClass::watched_file
                                                                       : HandlerClass::rotating_file;
        read_file(part, handler);
    } else if (name == "logging.handlers.SysLogHandler") {
        handler.type = HandlerClass::syslog;
        handler.facility = read_facility(part);
        read_address(part, handler);
    } else {
        return name == "logging.NullHandler";
    }
    return true;
}

void read_handler(const std::string& name, const Part& part, const Formats& formats, Settings& settings) {
    HandlerSettings handler;
    if (!read_class(part, handler))
        settings.warnings.push_back(fmt::format("{}.class: handler class '{}' is unknown here; the handler is left out",
                                                part.name(), part.text("class", "")));
    handler.level = read_level(part).value_or(Level::debug);
    handler.format = LineFormat::parse("%(message)s", "").value();
    if (const std::string format = part.text("formatter", ""); !format.empty()) {
        const auto found = formats.find(format);
        if (found == formats.end())
            throw Fault(fmt::format("{}.formatter: there is no formatter '{}'", part.name(), format));
        handler.format = found->second;
    }
    warn_of_filters(part, settings);
    settings.handlers[name] = std::move(handler);
}

void read_logger(const std::string& name, const Part& part, Settings& settings) {
    LoggerSettings logger;
    logger.level = read_level(part);
    if (const json::Value* propagate = part.find("propagate")) logger.propagate = json::is_truthy(*propagate);
    if (const json::Value* handlers = part.find("handlers")) {
        if (!handlers->IsArray()) throw Fault(part.name() + ".handlers must be a list");
        for (const json::Value& handler : handlers->GetArray()) {
            const std::string wanted(json::text_of(handler));
            if (settings.handlers.count(wanted) == 0)
                throw Fault(fmt::format("{}.handlers: there is no handler '{}'", part.name(), wanted));
            logger.handlers.push_back(wanted);
        }
    }
    warn_of_filters(part, settings);
    settings.loggers[name] = std::move(logger);
}

Settings read_all(const json::Value& logging) {
    const Part top(logging, "logging");
    const json::Value* version = top.find("version");
    if (version == nullptr || !version->IsInt() || version->GetInt() != 1) throw Fault("logging.version must be 1");
    Settings settings;
    Formats formats;
    top.each("formatters", [&](const std::string& name, const Part& part) { formats[name] = read_format(part); });
    top.each("handlers",
             [&](const std::string& name, const Part& part) { read_handler(name, part, formats, settings); });
    top.each("loggers", [&](const std::string& name, const Part& part) { read_logger(name, part, settings); });
    if (const json::Value* root = top.find("root")) read_logger("", Part(*root, "logging.root"), settings);
    return settings;
}

}  // namespace

Result<Settings> read_settings(const json::Value& logging) {
    try {
        return read_all(logging);
    } catch (const Fault& fault) {
        return failure(fault.what());
    }
}

Settings default_settings(Level level) {
    Settings settings;
    HandlerSettings console;
    console.type = HandlerClass::stdout_stream;
    console.level = level;
    settings.handlers["console"] = console;
    settings.loggers["fedmsg"] = settings.loggers["moksha"] = {level, {"console"}, false};
    return settings;
}

}  // namespace fedmsg::log
