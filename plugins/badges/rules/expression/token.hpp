// The tokens of an expression.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "badges/rules/any.hpp"

namespace badges::expression {

// "%(msg.user)s" in a literal or bare: a binding to a value of the message, never text pasted into code.
struct PlaceholderPath {
    std::string path;
    friend bool operator==(const PlaceholderPath& a, const PlaceholderPath& b) { return a.path == b.path; }
};

// A string literal: pieces of text and placeholders.
using LiteralPart = std::variant<std::string, PlaceholderPath>;

enum class TokenKind { name, number, text, placeholder, mark, end };

struct Token {
    TokenKind kind = TokenKind::end;
    std::size_t column = 1;
    std::string word;                // of names and marks; of placeholders: the path
    Any number;                      // of numbers
    std::vector<LiteralPart> parts;  // of texts
    bool is(std::string_view mark) const {
        return (kind == TokenKind::mark || kind == TokenKind::name) && word == mark;
    }
};

// Throws SyntaxError.
std::vector<Token> tokens_of(std::string_view source);

}  // namespace badges::expression
