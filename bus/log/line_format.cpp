#include "bus/log/line_format.hpp"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include <fmt/format.h>

namespace fedmsg::log {
namespace {

constexpr int kMaxWidth = 1000;
constexpr std::array kFields{"asctime", "created",     "filename",   "levelname",  "levelno",
                             "lineno",  "message",     "message_id", "module",     "msecs",
                             "name",    "processName", "process",    "threadName", "thread"};

std::chrono::milliseconds milliseconds_of(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()) % 1000;
}

std::string local_time(std::chrono::system_clock::time_point time, const std::string& format) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    std::array<char, 256> buffer{};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the format is the operator's `datefmt`
    const std::size_t length = std::strftime(buffer.data(), buffer.size(), format.c_str(), &parts);
#pragma GCC diagnostic pop
    return {buffer.data(), length};
}

std::string thread_name() {
    std::array<char, 16> name{};
    if (pthread_getname_np(pthread_self(), name.data(), name.size()) != 0) return "?";
    return name.data();
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    while (end < text.size() && count > 0) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
        --count;
    }
    return text.substr(0, end);
}

// Takes decimal digits from the front; -1 if there are none.
int take_number(std::string_view& rest) {
    int number = -1;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || rest.front() == '-') return -1;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return number;
}

}  // namespace

LineFormat::LineFormat() {
    *this = parse(kBareFormat, kBareDateFormat).value();
}

Result<LineFormat> LineFormat::parse(std::string_view format, std::string_view date_format) {
    LineFormat result{Pieces{}};
    result.date_format_ = date_format;
    std::string literal;
    const auto flush_literal = [&] {
        if (!literal.empty()) result.pieces_.push_back({Kind::literal, std::exchange(literal, {})});
    };
    while (!format.empty()) {
        if (format.starts_with("%%")) {
            literal += '%';
            format.remove_prefix(2);
        } else if (format.front() == '%') {
            flush_literal();
            auto field = parse_field(format);
            if (!field) return field.error();
            result.pieces_.push_back(std::move(*field));
        } else {
            literal += format.front();
            format.remove_prefix(1);
        }
    }
    flush_literal();
    return result;
}

Result<LineFormat::Piece> LineFormat::parse_field(std::string_view& rest) {
    const std::string start(rest.substr(0, 30));
    const auto close = rest.find(')');
    if (!rest.starts_with("%(") || close == std::string_view::npos)
        return failure(fmt::format("'{}' is no field; write %(name)s, or %% for a percent sign", start));
    Piece piece;
    piece.content = rest.substr(2, close - 2);
    if (std::find(kFields.begin(), kFields.end(), piece.content) == kFields.end())
        return failure(fmt::format("there is no field '{}'; known are {}", piece.content, fmt::join(kFields, " ")));
    rest.remove_prefix(close + 1);
    for (; !rest.empty() && std::string_view("-0+ #").find(rest.front()) != std::string_view::npos;
         rest.remove_prefix(1)) {
        piece.left |= rest.front() == '-';
        piece.zero |= rest.front() == '0';
    }
    piece.width = rest.empty() ? 0 : std::max(take_number(rest), 0);
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        piece.precision = rest.empty() ? 0 : std::max(take_number(rest), 0);
    }
    const char conversion = rest.empty() ? '\0' : rest.front();
    if (conversion != 's' && conversion != 'd' && conversion != 'i' && conversion != 'f')
        return failure(fmt::format("'{}' needs s, d, i or f behind the field", start));
    if (piece.width > kMaxWidth || piece.precision > kMaxWidth)
        return failure(fmt::format("'{}' is wider than {} columns", start, kMaxWidth));
    piece.kind = conversion == 's' ? Kind::text : conversion == 'f' ? Kind::decimal : Kind::integer;
    rest.remove_prefix(1);
    return piece;
}

std::string LineFormat::value(const Piece& piece, const Record& record) const {
    const std::string& name = piece.content;
    if (name == "message") return std::string(record.text);
    if (name == "name") return std::string(record.logger);
    if (name == "levelname") return std::string(level_name(record.level));
    if (name == "message_id") return std::string(record.id);
    if (name == "asctime" && !date_format_.empty()) return local_time(record.time, date_format_);
    if (name == "asctime")
        return fmt::format("{},{:03}", local_time(record.time, std::string(kBareDateFormat)),
                           milliseconds_of(record.time).count());
    if (name == "threadName") return thread_name();
    if (name == "filename" || name == "module" || name == "processName") return program_invocation_short_name;
    if (name == "levelno") return std::to_string((static_cast<int>(record.level) + 1) * 10);
    if (name == "msecs") return std::to_string(milliseconds_of(record.time).count());
    if (name == "process") return std::to_string(getpid());
    if (name == "thread") return std::to_string(gettid());
    if (name == "created") {
        const double seconds = std::chrono::duration<double>(record.time.time_since_epoch()).count();
        return piece.kind == Kind::integer ? fmt::format("{:.0f}", seconds)
                                           : fmt::format("{:.{}f}", seconds, piece.precision < 0 ? 6 : piece.precision);
    }
    return "0";  // lineno
}

std::string LineFormat::render(const Record& record) const {
    std::string line;
    for (const Piece& piece : pieces_) {
        if (piece.kind == Kind::literal) {
            line += piece.content;
            continue;
        }
        const std::string whole = value(piece, record);
        std::string_view shown = whole;
        if (piece.kind == Kind::text && piece.precision >= 0)
            shown = first_code_points(shown, static_cast<std::size_t>(piece.precision));
        const std::size_t length = code_points(shown);
        const std::size_t width = static_cast<std::size_t>(piece.width);
        const std::size_t padding = width > length ? width - length : 0;
        const char filler = piece.zero && piece.kind != Kind::text && !piece.left ? '0' : ' ';
        if (!piece.left) line.append(padding, filler);
        line += shown;
        if (piece.left) line.append(padding, ' ');
    }
    return line;
}

}  // namespace fedmsg::log
