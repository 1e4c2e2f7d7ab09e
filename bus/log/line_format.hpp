// Python's "%(field)10s" log formats (config.md 6): parsed once, then applied to each record. Any thread once parsed.
//
// Fields: asctime created filename levelname levelno lineno message message_id module msecs name process processName
// thread threadName. There are no source positions: filename and module are the program's name, lineno is 0. message_id
// is ours. Widths count code points.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bus/base/result.hpp"
#include "bus/log/record.hpp"

namespace fedmsg::log {

class LineFormat {
public:
    // The built-in `bare` format.
    LineFormat();
    // An empty date format is Python's default: date, time, comma, milliseconds. The error names the faulty piece.
    static Result<LineFormat> parse(std::string_view format, std::string_view date_format);

    // The line without a line end; local time.
    std::string render(const Record& record) const;

private:
    enum class Kind { literal, text, integer, decimal };
    struct Piece {
        Kind kind = Kind::literal;
        std::string content;  // the literal, or the field's name
        bool left = false;
        bool zero = false;
        int width = 0;
        int precision = -1;
    };

    using Pieces = std::vector<Piece>;
    explicit LineFormat(Pieces pieces) : pieces_(std::move(pieces)) {}
    static Result<Piece> parse_field(std::string_view& rest);
    std::string value(const Piece& piece, const Record& record) const;

    Pieces pieces_;
    std::string date_format_;
};

inline constexpr std::string_view kBareFormat = "[%(asctime)s][%(name)10s %(levelname)7s] %(message)s";
inline constexpr std::string_view kBareDateFormat = "%Y-%m-%d %H:%M:%S";

}  // namespace fedmsg::log
