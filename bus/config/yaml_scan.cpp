#include "bus/config/yaml_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "bus/base/utf8.hpp"

namespace fedmsg::config {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_end(char c) {
    return c == '\n' || c == '\r' || c == '\0';
}

constexpr std::string_view kFlowMarks = ",[]{}";

// Walks over the text once, line by line, token by token.
class Scan {
public:
    explicit Scan(std::string_view text) : text_(text) {}

    void run() {
        while (!at_end()) {
            begin_line();
            while (!is_end(peek())) token();
            next_line();
        }
    }

private:
    bool at_end() const { return at_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    int column() const { return static_cast<int>(at_ - line_start_); }
    bool in_flow() const { return flow_depth_ > 0; }

    void next_line() {
        if (peek() == '\r' && peek(1) == '\n') ++at_;
        if (!at_end()) ++at_;
        ++line_;
        line_start_ = at_;
    }

    void skip_blanks() {
        while (is_blank(peek())) ++at_;
    }

    void skip_line() {
        while (!is_end(peek())) ++at_;
    }

    // Decides what the line is: the rest of a longer text, a separator, or tokens of its own.
    void begin_line() {
        while (peek() == ' ') ++at_;
        const int indentation = column();
        const bool has_tab = peek() == '\t';
        skip_blanks();
        if (is_end(peek())) return;
        if (text_parent_ && indentation > *text_parent_) return continue_text();
        text_parent_.reset();
        if (peek() == '#') return skip_line();
        if (has_tab) refuse("a tab stands in the indentation: YAML wants blanks there");
        if (indentation == 0) check_separator();
    }

    void continue_text() {
        if (literal_) return skip_line();
        take_plain();
        if (peek() == '#') text_parent_.reset();
    }

    void check_separator() {
        const std::string_view mark = text_.substr(at_, 3);
        if ((mark != "---" && mark != "...") || !(is_blank(peek(3)) || is_end(peek(3)))) return;
        if (mark == "---" && (has_content_ || has_start_))
            refuse("a second document begins here: write one file per document");
        if (mark == "---") has_start_ = true;
        at_ += 3;
    }

    void token() {
        skip_blanks();
        const char c = peek();
        if (is_end(c)) return;
        if (c == '#') return skip_line();
        has_content_ = true;
        if (c == '"' || c == '\'') return take_quoted(c);
        if (c == '[' || c == '{') return open(c);
        if (c == ']' || c == '}') return close();
        if (in_flow() && c == ',') return skip_one();
        if (c == '&' || c == '*') refuse_alias(c);
        if (c == '!') return take_tag();
        if (!in_flow() && (c == '|' || c == '>')) return take_block_text();
        if (is_indicator(c)) return take_indicator(c);
        token_column_ = column();
        take_plain();
        if (is_end(peek()) && !in_flow()) begin_text(false);
    }

    void skip_one() { ++at_; }

    // "- ", "? " or ": " (in brackets also ":" right after a quoted key).
    bool is_indicator(char c) const {
        const char next = peek(1);
        if (c == ':' && in_flow()) return true;
        return (c == '-' || c == '?' || c == ':') && (is_blank(next) || is_end(next));
    }

    void take_indicator(char c) {
        if (!in_flow()) enter(c == ':' && token_column_ >= 0 ? token_column_ : column());
        token_column_ = -1;
        ++at_;
    }

    // A block collection has an entry in this column.
    void enter(int column_of_entry) {
        while (!columns_.empty() && columns_.back() > column_of_entry) columns_.pop_back();
        if (columns_.empty() || columns_.back() < column_of_entry) columns_.push_back(column_of_entry);
        check_depth();
    }

    void open(char) {
        if (!in_flow()) token_column_ = column();
        ++flow_depth_;
        ++at_;
        check_depth();
    }

    void close() {
        flow_depth_ = std::max(0, flow_depth_ - 1);
        ++at_;
    }

    void check_depth() const {
        if (static_cast<int>(columns_.size()) + flow_depth_ > kMaxNesting)
            refuse(fmt::format("the nesting is deeper than {} levels", kMaxNesting));
    }

    // The text after '|' or '>', or the further lines of a plain text: all lines indented more than the key or dash.
    void begin_text(bool literal) {
        literal_ = literal;
        text_parent_ = columns_.empty() ? -1 : columns_.back();
    }

    void take_block_text() {
        skip_line();
        begin_text(true);
    }

    void take_plain() {
        while (!is_end(peek())) {
            const char c = peek();
            if (c == '#' && at_ > line_start_ && is_blank(text_[at_ - 1])) return;
            if (c == ':' && (is_blank(peek(1)) || is_end(peek(1)) || (in_flow() && is_flow_mark(peek(1))))) return;
            if (in_flow() && is_flow_mark(c)) return;
            ++at_;
        }
    }

    static bool is_flow_mark(char c) { return c != '\0' && kFlowMarks.find(c) != std::string_view::npos; }

    void take_tag() {
        while (!is_blank(peek()) && !is_end(peek()) && !(in_flow() && is_flow_mark(peek()))) ++at_;
    }

    void take_quoted(char quote) {
        const int opened = line_;
        if (!in_flow()) token_column_ = column();
        ++at_;
        while (!at_end()) {
            const char c = peek();
            if (c == quote && quote == '\'' && peek(1) == '\'') {
                at_ += 2;
            } else if (c == quote) {
                ++at_;
                return;
            } else if (c == '\\' && quote == '"' && !is_end(peek(1))) {
                at_ += 2;
            } else if (c == '\n' || c == '\r') {
                next_line();
            } else {
                ++at_;
            }
        }
        throw SyntaxError(opened, fmt::format("the quote {} that is opened here is never closed", quote));
    }

    [[noreturn]] void refuse_alias(char c) const {
        const char* name = c == '&' ? "an anchor" : "an alias";
        refuse(
            fmt::format("'{}' at the beginning of a value is {} of YAML, which is refused here; put quotes around "
                        "the text if it is meant as text",
                        c, name));
    }

    [[noreturn]] void refuse(const std::string& why) const { throw SyntaxError(line_, why); }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    int line_ = 1;
    int flow_depth_ = 0;
    std::vector<int> columns_;        // of the block collections that are open, outermost first
    int token_column_ = -1;           // of a text that may turn out to be a key
    std::optional<int> text_parent_;  // a text goes on in lines indented more than this
    bool literal_ = false;            // that text follows '|' or '>'
    bool has_start_ = false;          // "---" was seen
    bool has_content_ = false;
};

int line_of(std::string_view text, std::size_t position) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

int line_of_bad_utf8(std::string_view text) {
    int line = 0;
    while (!text.empty()) {
        ++line;
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        if (!utf8::is_valid(text.substr(0, end + 1))) break;
        text.remove_prefix(end + 1);
    }
    return line;
}

bool starts_with_utf16(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
    // Without a mark: ASCII in two or four bytes each.
    return text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0');
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
    if (starts_with_utf16(text)) throw SyntaxError(1, "the file is UTF-16 (or no text at all): save it as UTF-8");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text;
}

void check_bytes(std::string_view text) {
    if (text.size() > kMaxFileBytes)
        throw SyntaxError(0, fmt::format("the file is larger than {} KiB", kMaxFileBytes / 1024));
    const auto is_control = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == '\x7F';
    };
    const auto bad = std::find_if(text.begin(), text.end(), is_control);
    if (bad != text.end())
        throw SyntaxError(line_of(text, static_cast<std::size_t>(bad - text.begin())),
                          *bad == '\0'
                              ? "a NUL byte stands here: the file is no text"
                              : fmt::format("the control character 0x{:02x} stands here", static_cast<int>(*bad)));
    if (!utf8::is_valid(text))
        throw SyntaxError(line_of_bad_utf8(text), "the text here is not UTF-8: save the file as UTF-8");
}

void scan_yaml(std::string_view text) {
    Scan(text).run();
}

}  // namespace fedmsg::config
