// Placeholders "%(a.b.c)s" and the values that they stand for. Source: badges.md 3.4.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/any.hpp"

namespace badges {

// The length of the placeholder that the text begins with; 0 if it begins with none.
std::size_t placeholder_length(std::string_view text);
std::string placeholder_path(std::string_view placeholder);

// What a path stands for: nested mappings are joined with dots. Texts come in lower case, except `topic` and `msg_id`;
// whole mappings and lists as they are. Throws an EvaluationError if there is no such path.
Any value_at(const Any& envelope, std::string_view path);

// A text with placeholders. "%%" and a lone "%" are a percent sign.
class Template {
public:
    explicit Template(std::string_view text);

    // The typed value if the template is one placeholder and nothing else; else a text.
    Any resolve(const Any& envelope) const;
    // Without placeholders: the text that it always is.
    std::optional<std::string> constant() const;
    // Of a template that is one placeholder and nothing else.
    std::optional<std::string> only_path() const;

private:
    struct Part {
        bool is_path;
        std::string text;
    };
    std::vector<Part> parts_;
};

}  // namespace badges
