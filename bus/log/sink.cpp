#include "bus/log/sink.hpp"

#include <fmt/format.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/sinks/udp_sink.h>
#include <sys/stat.h>
#include <syslog.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <mutex>

namespace fedmsg::log {
namespace {

// Lines come formatted; spdlog only adds the line end.
class Verbatim final : public spdlog::formatter {
public:
    explicit Verbatim(bool line_end) : line_end_(line_end) {}
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        out.append(message.payload.data(), message.payload.data() + message.payload.size());
        if (line_end_) out.push_back('\n');
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<Verbatim>(line_end_); }

private:
    bool line_end_;
};

// A file that log rotation may move away: opened again when the name leads to another file.
class WatchedFile final : public spdlog::sinks::base_sink<std::mutex> {
public:
    WatchedFile(const std::string& path, bool truncate) { open(path, truncate); }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (struct stat now{};
            ::stat(file_.filename().c_str(), &now) != 0 || now.st_ino != inode_ || now.st_dev != device_)
            open(std::string(file_.filename()), false);
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        file_.write(line);
    }
    void flush_() override { file_.flush(); }

private:
    void open(const std::string& path, bool truncate) {
        file_.open(path, truncate);
        if (struct stat now{}; ::stat(path.c_str(), &now) == 0) {
            inode_ = now.st_ino;
            device_ = now.st_dev;
        }
    }

    spdlog::details::file_helper file_;
    ino_t inode_ = 0;
    dev_t device_ = 0;
};

constexpr std::array kSpdlogLevels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err,
                                   spdlog::level::critical};
constexpr std::array kSyslogSeverities{LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR, LOG_CRIT};

class SpdlogSink final : public Sink {
public:
    SpdlogSink(spdlog::sink_ptr sink, std::string what, bool line_end)
        : sink_(std::move(sink)), what_(std::move(what)) {
        sink_->set_formatter(std::make_unique<Verbatim>(line_end));
    }
    // Syslog by UDP: each line gets "<priority>" in front.
    void prefix_priority(int facility) { facility_ = facility; }

    void write(const Record& record, std::string_view line) override try {
        const auto level = static_cast<std::size_t>(record.level);
        if (facility_ >= 0) {
            const std::string whole = fmt::format("<{}>{}", facility_ | kSyslogSeverities[level], line);
            sink_->log(
                {spdlog::string_view_t(), kSpdlogLevels[level], spdlog::string_view_t(whole.data(), whole.size())});
        } else {
            sink_->log(
                {spdlog::string_view_t(), kSpdlogLevels[level], spdlog::string_view_t(line.data(), line.size())});
            sink_->flush();
        }
        failing_ = false;
    } catch (const std::exception& error) {
        if (!failing_.exchange(true)) std::fprintf(stderr, "cannot write to %s: %s\n", what_.c_str(), error.what());
    }

    void flush() override try { sink_->flush(); } catch (const std::exception&) {
        // The same cause makes the next write() fail, which reports it.
    }

private:
    spdlog::sink_ptr sink_;
    std::string what_;
    int facility_ = -1;
    std::atomic<bool> failing_ = false;
};

std::unique_ptr<Sink> wrap(spdlog::sink_ptr sink, std::string what, bool line_end = true) {
    return std::make_unique<SpdlogSink>(std::move(sink), std::move(what), line_end);
}

spdlog::sink_ptr open_file(const HandlerSettings& handler) {
    if (handler.type == HandlerClass::watched_file)
        return std::make_shared<WatchedFile>(handler.path, handler.truncate);
    if (handler.type == HandlerClass::rotating_file && handler.max_bytes > 0 && handler.backup_count > 0)
        return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(handler.path, handler.max_bytes,
                                                                      handler.backup_count);
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(handler.path, handler.truncate);
}

std::unique_ptr<Sink> open_syslog(const HandlerSettings& handler) {
    if (handler.host.empty())
        return wrap(std::make_shared<spdlog::sinks::syslog_sink_mt>(program_invocation_short_name, LOG_PID,
                                                                    handler.facility, true),
                    "syslog", false);
    auto sink = std::make_unique<SpdlogSink>(
        std::make_shared<spdlog::sinks::udp_sink_mt>(spdlog::sinks::udp_sink_config(handler.host, handler.port)),
        fmt::format("syslog at {}:{}", handler.host, handler.port), false);
    sink->prefix_priority(handler.facility);
    return sink;
}

std::unique_ptr<Sink> open_sink(const HandlerSettings& handler) {
    switch (handler.type) {
        case HandlerClass::stdout_stream:
            return wrap(std::make_shared<spdlog::sinks::stdout_sink_mt>(), "standard output");
        case HandlerClass::stderr_stream:
            return wrap(std::make_shared<spdlog::sinks::stderr_sink_mt>(), "standard error");
        case HandlerClass::syslog:
            return open_syslog(handler);
        case HandlerClass::null:
            return nullptr;
        default:
            return wrap(open_file(handler), handler.path);
    }
}

}  // namespace

Result<std::unique_ptr<Sink>> make_sink(const HandlerSettings& handler) {
    try {
        return open_sink(handler);
    } catch (const std::exception& error) {
        return failure(error.what());
    }
}

}  // namespace fedmsg::log
