#include "support/python_regex.hpp"

#include <re2/re2.h>

#include <stdexcept>

namespace fedmsg_plugins {
namespace {

constexpr std::int64_t kMaxMemory = std::int64_t{4} << 20;  // of one pattern's automaton
constexpr std::size_t kMaxPatternBytes = 4096;

constexpr std::string_view kSpaces = "\\s\\x0B\\x1C-\\x1F\\x{85}\\p{Z}";
constexpr std::string_view kWord = "\\p{L}\\p{N}_";

[[noreturn]] void refuse(const std::string& why) {
    throw std::invalid_argument("the regular expression " + why);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Rewrites where the two notations differ; what is wrong in both is left to RE2 to complain of.
class Translation {
public:
    Translation(std::string_view pattern, bool is_whole) : rest_(pattern), is_whole_(is_whole) {}

    std::string run() {
        while (!rest_.empty()) {
            if (rest_.front() == '\\') {
                escape();
            } else if (is_in_class_) {
                in_class();
            } else {
                outside();
            }
        }
        return std::move(out_);
    }

private:
    void take(std::size_t bytes) {
        out_.append(rest_.substr(0, bytes));
        rest_.remove_prefix(bytes);
    }
    void put(std::string_view instead, std::size_t bytes) {
        out_.append(instead);
        rest_.remove_prefix(bytes);
    }

    void outside() {
        if (rest_.front() == '[') return open_class();
        if (rest_.front() == '$') return put(is_whole_ ? "\\z" : "(?:\\n?\\z)", 1);
        if (rest_.starts_with("{,")) return put("{0,", 2);
        if (rest_.starts_with("(?")) return group();
        take(1);
    }

    void group() {
        for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"})
            if (rest_.starts_with(look))
                refuse("looks ahead or behind (" + std::string(look) + "), which is not supported");
        if (rest_.starts_with("(?P=")) refuse("has a back reference, which is not supported");
        if (rest_.starts_with("(?#")) refuse("has a comment, which is not supported");
        take(2);
    }

    void open_class() {
        is_in_class_ = true;
        take(rest_.starts_with("[^") ? 2 : 1);
        if (rest_.starts_with("]")) put("\\]", 1);
    }

    void in_class() {
        if (rest_.front() == '[') return put("\\[", 1);
        if (rest_.front() == ']') is_in_class_ = false;
        take(1);
    }

    void escape() {
        if (rest_.size() < 2) refuse("ends with a backslash");
        const char c = rest_[1];
        if (is_digit(c) && c != '0') refuse("has a back reference, which is not supported");
        if (!is_letter(c) && c != '0') return take(2);
        if (c == 'u') return code_point(4);
        if (c == 'U') return code_point(8);
        if (c == 'x') return code_point(2);
        if (c == '0') return put("\\x00", 2);
        if (std::string_view("nrtfva").find(c) != std::string_view::npos) return take(2);
        is_in_class_ ? class_escape(c) : plain_escape(c);
    }

    void code_point(std::size_t digits) {
        if (rest_.size() < 2 + digits) refuse("has an escape with too few digits");
        out_.append("\\x{").append(rest_.substr(2, digits)).append("}");
        rest_.remove_prefix(2 + digits);
    }

    void plain_escape(char c) {
        switch (c) {
            case 'd':
                return put("\\p{Nd}", 2);
            case 'D':
                return put("\\P{Nd}", 2);
            case 'w':
                return put(set("[", kWord), 2);
            case 'W':
                return put(set("[^", kWord), 2);
            case 's':
                return put(set("[", kSpaces), 2);
            case 'S':
                return put(set("[^", kSpaces), 2);
            case 'Z':
                return put("\\z", 2);
            case 'A':
            case 'b':
            case 'B':
                return take(2);
            default:
                refuse(std::string("has the unknown escape \\") + c);
        }
    }

    void class_escape(char c) {
        switch (c) {
            case 'd':
                return put("\\p{Nd}", 2);
            case 'D':
                return put("\\P{Nd}", 2);
            case 'w':
                return put(kWord, 2);
            case 's':
                return put(kSpaces, 2);
            case 'b':
                return put("\\x08", 2);
            case 'W':
            case 'S':
                refuse(std::string("has \\") + c + " in brackets, which is not supported: write the characters out");
            default:
                refuse(std::string("has the unknown escape \\") + c + " in brackets");
        }
    }

    static std::string set(std::string_view open, std::string_view members) {
        return std::string(open).append(members).append("]");
    }

    std::string_view rest_;
    bool is_whole_;
    bool is_in_class_ = false;
    std::string out_;
};

std::unique_ptr<re2::RE2> compiled(std::string_view pattern, bool is_whole) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxMemory);
    auto regex = std::make_unique<re2::RE2>(re2_pattern(pattern, is_whole), options);
    if (!regex->ok()) refuse("is not understood: " + regex->error());
    return regex;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

std::string re2_pattern(std::string_view pattern, bool is_whole) {
    if (pattern.size() > kMaxPatternBytes) refuse("is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
    return Translation(pattern, is_whole).run();
}

PythonRegex::PythonRegex(std::string_view pattern)
    : partial_(compiled(pattern, false)), whole_(compiled(pattern, true)) {}
PythonRegex::~PythonRegex() = default;

bool PythonRegex::matches_begin(std::string_view text) const {
    return partial_->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_START, nullptr, 0);
}

bool PythonRegex::is_found_in(std::string_view text) const {
    return partial_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

bool PythonRegex::matches_all(std::string_view text) const {
    return whole_->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, nullptr, 0);
}

}  // namespace fedmsg_plugins
