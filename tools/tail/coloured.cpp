#include "tools/tail/coloured.hpp"

#include "bus/json/writer.hpp"

namespace fedmsg::tools {
namespace {

constexpr const char* kString = "\x1b[33m";
constexpr const char* kNumber = "\x1b[34m";
constexpr const char* kBlank = "\x1b[37m";
constexpr const char* kEnd = "\x1b[39;49;00m";

class Painter {
public:
    void paint(const json::Value& value, std::size_t depth) {
        if (is_too_large()) return;
        if (value.IsObject())
            paint_object(value, depth);
        else if (value.IsArray())
            paint_array(value, depth);
        else
            paint_scalar(value);
    }
    bool is_too_large() const { return out_.size() > json::kMaxPrettyBytes; }
    std::string finish() {
        blank("");
        return std::move(out_);
    }

private:
    void in(const char* colour, std::string_view text) { (out_ += colour).append(text) += kEnd; }
    void blank(std::string_view text) { in(kBlank, text); }

    // White space is wrapped as the highlighter of the vectors does it: the line end behind an empty pair.
    void line_break(std::size_t depth) {
        blank("");
        out_ += '\n';
        if (depth > 0) blank(std::string(2 * depth, ' '));
    }

    void string(std::string_view text) {
        std::string quoted;
        json::append_string(quoted, text);
        in(kString, quoted);
    }

    void paint_object(const json::Value& object, std::size_t depth) {
        out_ += '{';
        bool first = true;
        for (const auto& member : object.GetObject()) {
            if (!first) out_ += ',';
            first = false;
            line_break(depth + 1);
            string(json::text_of(member.name));
            out_ += ':';
            blank(" ");
            paint(member.value, depth + 1);
        }
        if (!first) line_break(depth);
        out_ += '}';
    }

    void paint_array(const json::Value& array, std::size_t depth) {
        out_ += '[';
        bool first = true;
        for (const auto& element : array.GetArray()) {
            if (!first) out_ += ',';
            first = false;
            line_break(depth + 1);
            paint(element, depth + 1);
        }
        if (!first) line_break(depth);
        out_ += ']';
    }

    // A number's minus sign is plain.
    void paint_scalar(const json::Value& value) {
        if (json::is_text(value)) return string(json::text_of(value));
        std::string text = json::canonical(value);
        if (text.starts_with('-')) {
            out_ += '-';
            text.erase(0, 1);
        }
        in(kNumber, text);
    }

    std::string out_;
};

}  // namespace

std::string coloured(const json::Value& value) {
    Painter painter;
    painter.paint(value, 0);
    return painter.is_too_large() ? json::relayed(value) : painter.finish();
}

}  // namespace fedmsg::tools
