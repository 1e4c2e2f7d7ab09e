#include "badges/rules/expression/token.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "badges/rules/expression/syntax_error.hpp"
#include "badges/rules/placeholder.hpp"
#include "badges/rules/unicode.hpp"

namespace badges::expression {
namespace {

constexpr std::array<std::string_view, 7> kLongMarks = {"==", "!=", "<=", ">=", "//", "**", "<<"};
constexpr std::string_view kMarks = "()[]{},:.<>+-*/%|&=";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_character(char c) {
    return begins_name(c) || is_digit(c);
}
int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(source) {}

    std::vector<Token> run() {
        for (skip_blanks(); at_ < source_.size(); skip_blanks()) tokens_.push_back(token());
        tokens_.push_back(begin(TokenKind::end));
        return std::move(tokens_);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }
    std::string_view rest() const { return source_.substr(at_); }
    Token begin(TokenKind kind) const {
        Token token;
        token.kind = kind;
        token.column = at_ + 1;
        return token;
    }
    [[noreturn]] void refuse(std::size_t at, const std::string& why) const { throw SyntaxError(at + 1, why); }

    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    Token token() {
        if (begins_text()) return text();
        if (begins_name(peek())) return name();
        if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) return number();
        if (const auto length = placeholder_length(rest())) return placeholder(length);
        return mark();
    }

    Token name() {
        Token token = begin(TokenKind::name);
        while (is_name_character(peek())) token.word.push_back(source_[at_++]);
        if (token.word.front() == '_')
            refuse(token.column - 1, "the name " + token.word + " begins with an underscore, which is refused");
        return token;
    }

    Token placeholder(std::size_t length) {
        Token token = begin(TokenKind::placeholder);
        token.word = placeholder_path(rest().substr(0, length));
        at_ += length;
        return token;
    }

    Token mark() {
        Token token = begin(TokenKind::mark);
        for (const std::string_view mark : kLongMarks)
            if (rest().starts_with(mark)) token.word = mark;
        if (token.word.empty()) token.word = peek();
        if (token.word == "**" || token.word.size() > 1 || kMarks.find(peek()) != std::string_view::npos) {
            at_ += token.word.size();
            return token;
        }
        const std::size_t bytes = first_code_point(rest()).bytes;
        refuse(at_, "the character " + std::string(rest().substr(0, bytes)) + " is not part of the language");
    }

    Token number() {
        Token token = begin(TokenKind::number);
        const std::size_t from = at_;
        while (is_digit(peek())) ++at_;
        const bool has_fraction = skip_fraction();
        const bool is_float = skip_exponent() || has_fraction;
        if (is_name_character(peek())) refuse(from, "this is no number: digits are followed by a letter");
        token.number = value_of(source_.substr(from, at_ - from), is_float, from);
        return token;
    }

    bool skip_fraction() {
        if (peek() != '.') return false;
        ++at_;
        while (is_digit(peek())) ++at_;
        return true;
    }

    bool skip_exponent() {
        if (peek() != 'e' && peek() != 'E') return false;
        const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
        if (!is_digit(peek(1 + sign))) return false;
        at_ += 1 + sign;
        while (is_digit(peek())) ++at_;
        return true;
    }

    Any value_of(std::string_view digits, bool is_float, std::size_t from) const {
        if (is_float) {
            double real = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), real);
            return real;
        }
        std::int64_t integer = 0;
        const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
        if (result.ec != std::errc()) refuse(from, "the number does not fit into 64 bits");
        if (digits.size() > 1 && digits.front() == '0' && integer != 0) refuse(from, "a number begins with 0");
        return integer;
    }

    // A quote, or r or u before one.
    bool begins_text() const {
        const bool has_prefix = std::string_view("rRuU").find(peek()) != std::string_view::npos && peek() != '\0';
        const char c = has_prefix ? peek(1) : peek();
        return c == '"' || c == '\'';
    }

    Token text() {
        Token token = begin(TokenKind::text);
        const bool is_raw = peek() == 'r' || peek() == 'R';
        if (peek() != '"' && peek() != '\'') ++at_;
        const char quote = source_[at_++];
        std::string piece;
        while (peek() != quote) {
            if (at_ >= source_.size()) refuse(token.column - 1, "the quote that is opened here is never closed");
            if (const auto length = placeholder_length(rest())) {
                if (!piece.empty()) token.parts.emplace_back(std::exchange(piece, {}));
                token.parts.emplace_back(PlaceholderPath{placeholder_path(rest().substr(0, length))});
                at_ += length;
            } else {
                take_character(piece, is_raw);
            }
        }
        ++at_;
        if (!piece.empty()) token.parts.emplace_back(std::move(piece));
        return token;
    }

    void take_character(std::string& out, bool is_raw) {
        if (peek() != '\\') return out.push_back(source_[at_++]);
        if (at_ + 1 >= source_.size()) refuse(at_, "a backslash ends the text");
        if (is_raw) return take_raw(out);
        take_escape(out);
    }

    void take_raw(std::string& out) {
        out.append(source_.substr(at_, 2));
        at_ += 2;
    }

    void take_escape(std::string& out) {
        static constexpr std::string_view kFrom = "ntrabfv\\'\"";
        static constexpr std::string_view kTo = "\n\t\r\a\b\f\v\\'\"";
        const char c = peek(1);
        if (const auto at = kFrom.find(c); at != std::string_view::npos) {
            out.push_back(kTo[at]);
            at_ += 2;
        } else if (c == '\n') {
            at_ += 2;  // a line that goes on
        } else if (c == 'x') {
            take_hex(out, 2);
        } else if (c == 'u') {
            take_hex(out, 4);
        } else if (c == 'U') {
            take_hex(out, 8);
        } else if (c >= '0' && c <= '7') {
            take_octal(out);
        } else {
            take_raw(out);  // Python leaves what it does not know
        }
    }

    void take_hex(std::string& out, std::size_t digits) {
        char32_t value = 0;
        for (std::size_t at = 0; at < digits; ++at) {
            const int digit = hex_value(peek(2 + at));
            if (digit < 0) refuse(at_, "the escape wants " + std::to_string(digits) + " hexadecimal digits");
            value = value * 16 + static_cast<char32_t>(digit);
        }
        if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) refuse(at_, "this escape is no character");
        append_utf8(out, value);
        at_ += 2 + digits;
    }

    void take_octal(std::string& out) {
        char32_t value = 0;
        ++at_;
        for (int digits = 0; digits < 3 && peek() >= '0' && peek() <= '7'; ++digits)
            value = value * 8 + static_cast<char32_t>(source_[at_++] - '0');
        append_utf8(out, value);
    }

    std::string_view source_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) {
    return Lexer(source).run();
}

}  // namespace badges::expression
