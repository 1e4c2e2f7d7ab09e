// SyntaxError: why an expression cannot be loaded.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace badges::expression {

class SyntaxError : public std::runtime_error {
public:
    // Columns count bytes of the expression's text from 1, line breaks included.
    SyntaxError(std::size_t column, const std::string& why)
        : std::runtime_error("column " + std::to_string(column) + ": " + why), column_(column) {}

    std::size_t column() const noexcept { return column_; }

private:
    std::size_t column_;
};

}  // namespace badges::expression
