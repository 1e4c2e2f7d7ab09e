#include "badges/rules/placeholder.hpp"

#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

// Looks a path up. Keys may have dots of their own, so every way of joining parts is tried, the shortest key first.
const Any* look_up(const Any& value, std::string_view path, int depth) {
    static constexpr int kMaxDepth = 64;
    if (!value.is_dict() || depth > kMaxDepth) return nullptr;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
        const Any* inner = value.dict().find(path.substr(0, dot));
        if (inner == nullptr) continue;
        if (const Any* found = look_up(*inner, path.substr(dot + 1), depth + 1)) return found;
    }
    return value.dict().find(path);
}

bool keeps_case(std::string_view path) {
    return path == "topic" || path == "msg_id";
}

}  // namespace

std::size_t placeholder_length(std::string_view text) {
    if (!text.starts_with("%(")) return 0;
    const auto end = text.find(')');
    if (end == std::string_view::npos || end == 2 || end + 1 >= text.size() || text[end + 1] != 's') return 0;
    const std::string_view path = text.substr(2, end - 2);
    return path.find_first_of("(\n\"'") == std::string_view::npos ? end + 2 : 0;
}

std::string placeholder_path(std::string_view placeholder) {
    return std::string(placeholder.substr(2, placeholder.size() - 4));
}

Any value_at(const Any& envelope, std::string_view path) {
    const Any* value = look_up(envelope, path, 0);
    if (value == nullptr) throw EvaluationError("the message has no " + std::string(path));
    return value->is_text() && !keeps_case(path) ? Any(lower_case(value->text())) : *value;
}

Template::Template(std::string_view text) {
    std::string piece;
    const auto end_piece = [&] {
        if (!piece.empty()) parts_.push_back({false, std::exchange(piece, {})});
    };
    while (!text.empty()) {
        std::size_t length = placeholder_length(text);
        if (length > 0) {
            end_piece();
            parts_.push_back({true, placeholder_path(text.substr(0, length))});
        } else {
            piece.push_back(text.front());
            length = text.starts_with("%%") ? 2 : 1;
        }
        text.remove_prefix(length);
    }
    end_piece();
}

Any Template::resolve(const Any& envelope) const {
    if (const auto path = only_path()) return value_at(envelope, *path);
    std::string out;
    for (const Part& part : parts_) out += part.is_path ? value_at(envelope, part.text).str() : part.text;
    return out;
}

std::optional<std::string> Template::constant() const {
    if (parts_.empty()) return std::string();
    if (parts_.size() > 1 || parts_.front().is_path) return std::nullopt;
    return parts_.front().text;
}

std::optional<std::string> Template::only_path() const {
    if (parts_.size() != 1 || !parts_.front().is_path) return std::nullopt;
    return parts_.front().text;
}

}  // namespace badges
