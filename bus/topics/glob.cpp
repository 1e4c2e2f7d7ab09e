#include "bus/topics/glob.hpp"

#include <algorithm>

#include "bus/base/utf8.hpp"

namespace fedmsg::topics {

Glob::Glob(std::string_view pattern) {
    while (!pattern.empty()) {
        if (pattern.front() == '[' && take_set(pattern)) continue;
        const std::uint32_t c = utf8::take(pattern);
        if (c == '*' || c == '?') {
            tokens_.push_back({c == '*' ? Kind::star : Kind::any, false, 0, {}});
            ++wildcards_;
        } else {
            tokens_.push_back({Kind::literal, false, c, {}});
            if (wildcards_ == 0) utf8::append(literal_prefix_, c);
        }
    }
}

// Takes "[...]" off the front; false, and nothing taken, if it is not closed. A ']' right behind the '[' or '[!' is a
// member of the set; a range whose ends are in the wrong order is empty.
bool Glob::take_set(std::string_view& rest) {
    std::string_view inner = rest.substr(1);
    Token token{Kind::set, false, 0, {}};
    if (inner.starts_with('!')) {
        token.negated = true;
        inner.remove_prefix(1);
    }
    for (bool first = true; first || !inner.starts_with(']'); first = false) {
        if (inner.empty()) return false;
        const std::uint32_t low = utf8::take(inner);
        std::uint32_t high = low;
        if (inner.size() > 1 && inner[0] == '-' && inner[1] != ']') {
            inner.remove_prefix(1);
            high = utf8::take(inner);
        }
        if (inner.empty()) return false;
        token.ranges.push_back({low, high});
    }
    rest = inner.substr(1);
    tokens_.push_back(std::move(token));
    ++wildcards_;
    return true;
}

bool Glob::Token::accepts(std::uint32_t other) const {
    if (kind == Kind::literal) return other == code_point;
    if (kind == Kind::any) return true;
    const bool in_set = std::any_of(ranges.begin(), ranges.end(),
                                    [&](Range range) { return range.first <= other && other <= range.last; });
    return in_set != negated;
}

bool Glob::is_prefix_star() const {
    return wildcards_ == 1 && tokens_.back().kind == Kind::star;
}

std::vector<std::string> Glob::pieces() const {
    std::vector<std::string> pieces(1);
    for (const auto& token : tokens_) {
        if (token.kind == Kind::literal)
            utf8::append(pieces.back(), token.code_point);
        else
            pieces.emplace_back();
    }
    std::erase(pieces, "");
    return pieces;
}

bool Glob::matches(std::string_view topic) const {
    std::size_t at = 0;
    std::size_t star = tokens_.size();  // the last star passed, if any
    std::string_view behind_star;       // what the star has not taken yet
    while (!topic.empty()) {
        if (at < tokens_.size() && tokens_[at].kind == Kind::star) {
            star = at++;
            behind_star = topic;
            continue;
        }
        std::string_view next = topic;
        const std::uint32_t c = utf8::take(next);
        if (at < tokens_.size() && tokens_[at].accepts(c)) {
            ++at;
            topic = next;
            continue;
        }
        if (star == tokens_.size()) return false;
        utf8::take(behind_star);  // let the star take one more
        topic = behind_star;
        at = star + 1;
    }
    return std::all_of(tokens_.begin() + static_cast<std::ptrdiff_t>(at), tokens_.end(),
                       [](const Token& token) { return token.kind == Kind::star; });
}

}  // namespace fedmsg::topics
