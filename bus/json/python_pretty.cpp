// Python's pprint (cli.md 4.3): what does not fit 80 columns is spread over lines.
#include <vector>

#include "bus/base/utf8.hpp"
#include "bus/json/python_line.hpp"
#include "bus/json/python_text.hpp"
#include "bus/json/quoted.hpp"
#include "bus/json/sorted_members.hpp"

namespace fedmsg::json {
namespace {

constexpr std::ptrdiff_t kWidth = 80;

// Where str.splitlines() breaks (CR LF counts as one).
bool ends_line(std::uint32_t code_point) {
    return (code_point >= 0x0A && code_point <= 0x0D) || (code_point >= 0x1C && code_point <= 0x1E) ||
           code_point == 0x85 || code_point == 0x2028 || code_point == 0x2029;
}

// What \s of a regular expression matches.
bool is_space(std::uint32_t code_point) {
    return ends_line(code_point) || code_point == 0x09 || code_point == 0x1F || code_point == 0x20 ||
           code_point == 0xA0 || code_point == 0x1680 || (code_point >= 0x2000 && code_point <= 0x200A) ||
           code_point == 0x202F || code_point == 0x205F || code_point == 0x3000;
}

// The lines with their ends; an empty text has none.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::string_view rest = text; !rest.empty();) {
        const std::uint32_t code_point = utf8::take(rest);
        if (code_point == '\r' && !rest.empty() && rest.front() == '\n') rest.remove_prefix(1);
        if (!ends_line(code_point) && !rest.empty()) continue;
        lines.push_back(text.substr(0, text.size() - rest.size()));
        text = rest;
    }
    return lines;
}

// Pieces "run of non-white-space + following white space".
std::vector<std::string_view> pieces_of(std::string_view line) {
    std::vector<std::string_view> pieces;
    bool after_space = false;
    for (std::string_view rest = line; !rest.empty();) {
        const std::string_view before = rest;
        const bool space = is_space(utf8::take(rest));
        if (after_space && !space) {
            pieces.push_back(line.substr(0, line.size() - before.size()));
            line = before;
        }
        after_space = space;
    }
    if (!line.empty()) pieces.push_back(line);
    return pieces;
}

std::string quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

std::ptrdiff_t width_of(std::string_view text) {
    return static_cast<std::ptrdiff_t>(columns_of(text));
}

// Joins pieces as long as the quoted text fits; the last piece of all has `allowance` columns less.
void append_joined(std::vector<std::string>& chunks, std::string_view line, std::ptrdiff_t width,
                   std::ptrdiff_t allowance) {
    std::string_view current = line.substr(0, 0);
    const auto pieces = pieces_of(line);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::string_view candidate(current.data(), current.size() + pieces[i].size());  // adjacent in the line
        if (i + 1 == pieces.size()) width -= allowance;
        if (width_of(quoted(candidate)) <= width) {
            current = candidate;
            continue;
        }
        if (!current.empty()) chunks.push_back(quoted(current));
        current = pieces[i];
    }
    if (!current.empty()) chunks.push_back(quoted(current));
}

class PrettyWriter {
public:
    explicit PrettyWriter(std::string& out) : out_(out) {}

    // False if the text has become too long.
    bool value(const Value& value, std::ptrdiff_t indent, std::ptrdiff_t allowance) {
        if (append_if_fits(value, kWidth - indent - allowance)) return true;
        if (value.IsObject()) return object(value, indent, allowance);
        if (value.IsArray()) return array(value, indent, allowance);
        if (is_text(value)) return string(text_of(value), indent, allowance);
        return PythonLine(out_, Keys::sorted).value(value);
    }

    bool top(const Value& value) {
        if (!is_text(value)) return this->value(value, 0, 0);
        return append_if_fits(value, kWidth) || string_in_parentheses(text_of(value));
    }

private:
    bool append_if_fits(const Value& value, std::ptrdiff_t width) {
        if (width <= 0) return false;
        const std::size_t start = out_.size();
        if (PythonLine(out_, Keys::sorted, static_cast<std::size_t>(width)).value(value)) return true;
        out_.resize(start);
        return false;
    }

    bool object(const Value& object, std::ptrdiff_t indent, std::ptrdiff_t allowance) {
        out_ += '{';
        std::size_t left = object.MemberCount();
        for (const Member* member : SortedMembers(object)) {
            const std::string key = quoted(key_of(*member));
            out_.append(key).append(": ");
            --left;
            if (!value(member->value, indent + 1 + width_of(key) + 2, left == 0 ? allowance + 1 : 1)) return false;
            if (left > 0 && !break_line(",", indent + 1)) return false;
        }
        out_ += '}';
        return true;
    }

    bool array(const Value& array, std::ptrdiff_t indent, std::ptrdiff_t allowance) {
        out_ += '[';
        std::size_t left = array.Size();
        for (const Value& element : array.GetArray()) {
            --left;
            if (!value(element, indent + 1, left == 0 ? allowance + 1 : 1)) return false;
            if (left > 0 && !break_line(",", indent + 1)) return false;
        }
        out_ += ']';
        return true;
    }

    static std::vector<std::string> chunks_of(std::string_view text, std::ptrdiff_t indent, std::ptrdiff_t allowance) {
        std::vector<std::string> chunks;
        const auto lines = lines_of(text);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::ptrdiff_t reserved = i + 1 == lines.size() ? allowance : 0;
            std::string whole = quoted(lines[i]);
            if (width_of(whole) <= kWidth - indent - reserved)
                chunks.push_back(std::move(whole));
            else
                append_joined(chunks, lines[i], kWidth - indent, reserved);
        }
        if (chunks.empty()) chunks.push_back(quoted(text));
        return chunks;
    }

    bool append_chunks(const std::vector<std::string>& chunks, std::ptrdiff_t indent) {
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            if (i > 0 && !break_line("", indent)) return false;
            out_ += chunks[i];
        }
        return true;
    }

    bool string(std::string_view text, std::ptrdiff_t indent, std::ptrdiff_t allowance) {
        return append_chunks(chunks_of(text, indent, allowance), indent);
    }

    // A string that is the whole value.
    bool string_in_parentheses(std::string_view text) {
        const auto chunks = chunks_of(text, 1, 1);
        if (chunks.size() == 1) return append_chunks(chunks, 1);
        out_ += '(';
        if (!append_chunks(chunks, 1)) return false;
        out_ += ')';
        return true;
    }

    bool break_line(std::string_view before, std::ptrdiff_t indent) {
        out_.append(before).append(1, '\n').append(static_cast<std::size_t>(indent), ' ');
        return out_.size() <= kMaxPrettyBytes;
    }

    std::string& out_;
};

}  // namespace

std::string python_pretty(const Value& value) {
    std::string out;
    if (PrettyWriter(out).top(value)) return out;
    out.clear();
    PythonLine(out, Keys::sorted).value(value);
    return out;
}

}  // namespace fedmsg::json
