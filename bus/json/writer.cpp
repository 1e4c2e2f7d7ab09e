#include "bus/json/writer.hpp"

#include <charconv>

#include "bus/base/utf8.hpp"
#include "bus/json/scan.hpp"
#include "bus/json/sorted_members.hpp"

namespace fedmsg::json {
namespace {

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const char escaped[] = {
        '\\', 'u', kHex[unit >> 12 & 15U], kHex[unit >> 8 & 15U], kHex[unit >> 4 & 15U], kHex[unit & 15U]};
    out.append(escaped, sizeof escaped);
}

void append_escaped(std::string& out, std::uint32_t code_point) {
    switch (code_point) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\r':
            out += "\\r";
            return;
        default:
            break;
    }
    if (code_point < 0x10000) {
        append_unit(out, code_point);
    } else {
        append_unit(out, 0xD800 + ((code_point - 0x10000) >> 10));
        append_unit(out, 0xDC00 + ((code_point - 0x10000) & 0x3FFU));
    }
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// Whatever is no container: the same in all forms.
void append_scalar(std::string& out, const Value& value) {
    switch (value.GetType()) {
        case rapidjson::kNullType:
            out += "null";
            return;
        case rapidjson::kFalseType:
            out += "false";
            return;
        case rapidjson::kTrueType:
            out += "true";
            return;
        case rapidjson::kStringType:
            if (is_big_integer(value))
                out += big_integer_digits(value);
            else
                append_string(out, text_of(value));
            return;
        default:
            break;
    }
    if (value.IsDouble())
        append_number(out, value.GetDouble());
    else if (value.IsUint64())
        append_integer(out, value.GetUint64());
    else
        append_integer(out, value.GetInt64());
}

// How a form lays out containers. `indent` is the width of one level, or negative for everything on one line.
struct Layout {
    Keys keys;
    std::string_view comma;
    std::string_view colon;
    int indent;
};

constexpr Layout kCanonical{Keys::sorted, ",", ":", -1};
constexpr Layout kRelayed{Keys::as_received, ", ", ": ", -1};

// Appends values in one layout. Recursive: what was parsed has at most kMaxDepth levels.
class Writer {
public:
    Writer(std::string& out, const Layout& layout) : out_(out), layout_(layout) {}

    void value(const Value& value) {
        if (too_long()) return;
        if (value.IsObject() && !value.ObjectEmpty())
            object(value);
        else if (value.IsArray() && !value.Empty())
            array(value);
        else if (value.IsObject() || value.IsArray())
            out_ += value.IsObject() ? "{}" : "[]";
        else
            append_scalar(out_, value);
    }

    bool too_long() const { return layout_.indent >= 0 && out_.size() > kMaxPrettyBytes; }

private:
    void object(const Value& object) {
        open('{');
        if (layout_.keys == Keys::sorted) {
            for (const Member* each : SortedMembers(object)) member(*each);
        } else {
            for (const Member& each : object.GetObject()) member(each);
        }
        close('}');
    }

    void array(const Value& array) {
        open('[');
        for (const Value& element : array.GetArray()) {
            begin_item();
            value(element);
        }
        close(']');
    }

    void member(const Member& member) {
        begin_item();
        append_string(out_, key_of(member));
        out_ += layout_.colon;
        value(member.value);
    }

    void open(char bracket) {
        out_ += bracket;
        first_ = true;
        ++level_;
    }

    void begin_item() {
        if (!first_) out_ += layout_.comma;
        first_ = false;
        break_line();
    }

    void close(char bracket) {
        --level_;
        break_line();
        out_ += bracket;
        first_ = false;
    }

    void break_line() {
        if (layout_.indent >= 0) out_.append(1, '\n').append(level_ * static_cast<std::size_t>(layout_.indent), ' ');
    }

    std::string& out_;
    const Layout& layout_;
    std::size_t level_ = 0;
    bool first_ = true;
};

}  // namespace

void append_string(std::string& out, std::string_view wtf8) {
    const char* at = wtf8.data();
    const char* end = at + wtf8.size();
    out += '"';
    for (;;) {
        const char* stop = skip_plain<Run::output>(at, end);
        out.append(at, stop);
        if (stop == end) break;
        std::string_view rest(stop, static_cast<std::size_t>(end - stop));
        append_escaped(out, utf8::take(rest));
        at = rest.data();
    }
    out += '"';
}

void append_canonical(std::string& out, const Value& value) {
    Writer(out, kCanonical).value(value);
}

void append_relayed(std::string& out, const Value& value) {
    Writer(out, kRelayed).value(value);
}

std::string canonical(const Value& value) {
    std::string out;
    append_canonical(out, value);
    return out;
}

std::string relayed(const Value& value) {
    std::string out;
    append_relayed(out, value);
    return out;
}

std::string pretty(const Value& value, Keys keys) {
    std::string out;
    const Layout layout{keys, ",", ": ", 2};
    Writer writer(out, layout);
    writer.value(value);
    if (!writer.too_long()) return out;
    out.clear();
    const Layout one_line{keys, ", ", ": ", -1};
    Writer(out, one_line).value(value);
    return out;
}

}  // namespace fedmsg::json
