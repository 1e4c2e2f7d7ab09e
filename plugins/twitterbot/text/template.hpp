// Templates of posts: "{msg.user.username} tagged {msg.tag.package} {link}". {name} stands for a value, {{ and }} for
// the braces themselves. Pure; any thread. Spec: consumers/twitterbot.md 3.1.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twitterbot {

class Template {
public:
    struct Piece {
        bool is_field = false;
        std::string text;  // of a field: its name
    };

    Template() = default;
    // Throws std::invalid_argument: a brace without its partner, an empty field.
    explicit Template(std::string_view text);

    const std::vector<Piece>& pieces() const { return pieces_; }
    bool is_empty() const { return pieces_.empty(); }
    bool has(std::string_view field) const;

private:
    void add_literal(std::string_view text);

    std::vector<Piece> pieces_;
};

// Gives the value of a field, nothing if it has none.
using FieldSource = std::function<std::optional<std::string>(const std::string& field)>;

// Puts values in place of the fields. Nothing if one is missing; its name then goes to *missing.
std::optional<std::string> filled(const Template& form, const FieldSource& source, std::string* missing);

}  // namespace twitterbot
