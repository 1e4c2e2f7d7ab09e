#include "twitterbot/text/template.hpp"

#include <algorithm>
#include <stdexcept>

namespace twitterbot {

Template::Template(std::string_view text) {
    while (!text.empty()) {
        const auto brace = text.find_first_of("{}");
        add_literal(text.substr(0, brace));
        if (brace == std::string_view::npos) return;
        text.remove_prefix(brace);
        if (text.substr(0, 2) == "{{" || text.substr(0, 2) == "}}") {
            add_literal(text.substr(0, 1));
            text.remove_prefix(2);
            continue;
        }
        const auto end = text.find_first_of("{}", 1);
        if (text.front() == '}' || end == std::string_view::npos || text[end] == '{')
            throw std::invalid_argument("a brace has no partner: write {{ or }} for a brace itself");
        if (end == 1) throw std::invalid_argument("{} names no field");
        pieces_.push_back({true, std::string(text.substr(1, end - 1))});
        text.remove_prefix(end + 1);
    }
}

void Template::add_literal(std::string_view text) {
    if (text.empty()) return;
    if (pieces_.empty() || pieces_.back().is_field) pieces_.push_back({false, {}});
    pieces_.back().text += text;
}

bool Template::has(std::string_view field) const {
    return std::any_of(pieces_.begin(), pieces_.end(),
                       [field](const Piece& piece) { return piece.is_field && piece.text == field; });
}

std::optional<std::string> filled(const Template& form, const FieldSource& source, std::string* missing) {
    std::string out;
    for (const Template::Piece& piece : form.pieces()) {
        const std::optional<std::string> value = piece.is_field ? source(piece.text) : piece.text;
        if (!value) {
            *missing = piece.text;
            return std::nullopt;
        }
        out += *value;
    }
    return out;
}

}  // namespace twitterbot
