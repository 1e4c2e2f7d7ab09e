#include "twitterbot/filter/topic_filter.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace twitterbot {

namespace {

constexpr std::size_t kPrefixAndEnvironment = 3;  // org.example.prod
constexpr std::size_t kMostStars = 16;

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (true) {
        const auto dot = text.find('.');
        out.emplace_back(text.substr(0, dot));
        if (dot == std::string_view::npos) return out;
        text.remove_prefix(dot + 1);
    }
}

// * for any letters, everything else for itself.
bool matches_segment(std::string_view pattern, std::string_view text) {
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t after_star = 0;
    while (in < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            after_star = in;
        } else if (at < pattern.size() && pattern[at] == text[in]) {
            ++at, ++in;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in = ++after_star;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == '*') ++at;
    return at == pattern.size();
}

// reached[i]: the pattern so far covers the first i segments.
bool covers(const std::vector<std::string>& pattern, const std::vector<std::string>& topic, std::size_t first) {
    const std::size_t size = topic.size() - first;
    std::vector<bool> reached(size + 1, false);
    reached[0] = true;
    for (const std::string& segment : pattern) {
        std::vector<bool> next(size + 1, false);
        for (std::size_t at = 0; at < size; ++at) {
            const bool is_open = reached[at] || (segment == "*" && next[at]);
            next[at + 1] = is_open && matches_segment(segment, topic[first + at]);
        }
        reached = std::move(next);
    }
    return reached[size];
}

bool matches_segments(const std::vector<std::string>& pattern, std::string_view topic) {
    const std::vector<std::string> segments = split(topic);
    if (covers(pattern, segments, 0)) return true;
    return segments.size() > kPrefixAndEnvironment && covers(pattern, segments, kPrefixAndEnvironment);
}

}  // namespace

TopicPattern::TopicPattern(const std::string& text) : text_(text) {
    if (text.empty() || text == "re:") throw std::invalid_argument("an empty topic; write \"*\" if you mean all");
    if (text.rfind("re:", 0) == 0)
        rule_ = Regex(text.substr(3));
    else if (text.find('*') != std::string::npos)
        rule_ = split(text);
    else
        rule_ = text;
    if (std::count(text.begin(), text.end(), '*') > static_cast<std::ptrdiff_t>(kMostStars))
        throw std::invalid_argument("the topic " + text + " has more than " + std::to_string(kMostStars) + " stars");
}

bool TopicPattern::matches(std::string_view topic) const {
    if (const auto* word = std::get_if<Word>(&rule_)) return topic.find(*word) != std::string_view::npos;
    if (const auto* segments = std::get_if<Segments>(&rule_)) return matches_segments(*segments, topic);
    return std::get<Regex>(rule_).is_in(topic);
}

const TopicPattern* first_match(const std::vector<TopicPattern>& patterns, std::string_view topic) {
    const auto found = std::find_if(patterns.begin(), patterns.end(),
                                    [topic](const TopicPattern& pattern) { return pattern.matches(topic); });
    return found != patterns.end() ? &*found : nullptr;
}

}  // namespace twitterbot
