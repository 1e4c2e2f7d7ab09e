#include "badges/rules/rule.hpp"

#include "badges/rules/rule_parts.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {

const char* name_of(Converter converter) {
    switch (converter) {
        case Converter::nick2fas:
            return "nick2fas";
        case Converter::email2fas:
            return "email2fas";
        case Converter::openid2fas:
            return "openid2fas";
        case Converter::github2fas:
            return "github2fas";
        case Converter::distgit2fas:
            return "distgit2fas";
        case Converter::krb2fas:
            return "krb2fas";
    }
    return "?";
}

std::string badge_id(const std::string& name) {
    std::string id;
    for (const char c : lower_case(name)) {
        if (c == ' ')
            id.push_back('-');
        else if (std::string_view("\"'()*&?").find(c) == std::string_view::npos)
            id.push_back(c);
    }
    return id;
}

Rule::Rule(std::string file, int dialect, Badge badge, std::unique_ptr<const RuleParts> parts)
    : file_(std::move(file)), dialect_(dialect), badge_(std::move(badge)), parts_(std::move(parts)) {}

Rule::~Rule() = default;

const std::vector<Converter>& Rule::converters() const noexcept {
    return parts_->converters;
}
const std::vector<std::string>& Rule::needs_renderer() const noexcept {
    return parts_->needs_renderer;
}
bool Rule::needs_ownership() const noexcept {
    return parts_->needs_ownership;
}

}  // namespace badges
