// matches(): the rules as they read, one pattern at a time. The matcher is tested against this, so it shares nothing
// with it: no tokens, no trie, only tables of "does this much of the pattern match that much of the topic".
#include <string>
#include <vector>

#include "bus/base/text.hpp"
#include "bus/base/utf8.hpp"
#include "bus/topics/pattern.hpp"

namespace fedmsg::topics {
namespace {

// Whether `pattern` matches `subject`, where step(p, s) says if item p of the pattern can take item s of the subject
// and is_many(p) if item p takes any number of items.
template <class IsMany, class Step>
bool table_match(std::size_t pattern, std::size_t subject, IsMany is_many, Step step) {
    std::vector<bool> row(subject + 1, false);
    row[0] = true;
    for (std::size_t p = 0; p < pattern; ++p) {
        std::vector<bool> next(subject + 1, false);
        if (is_many(p)) {
            for (std::size_t s = 0; s <= subject; ++s) next[s] = row[s] || (s > 0 && next[s - 1]);
        } else {
            for (std::size_t s = 1; s <= subject; ++s) next[s] = row[s - 1] && step(p, s - 1);
        }
        row = next;
    }
    return row[subject];
}

std::vector<std::u32string> split_glob(std::string_view pattern) {
    std::u32string points;
    while (!pattern.empty()) points += static_cast<char32_t>(utf8::take(pattern));
    std::vector<std::u32string> items;
    for (std::size_t i = 0; i < points.size(); ++i) {
        std::size_t end = std::u32string::npos;
        if (points[i] == U'[') {
            std::size_t from = i + 1;
            if (from < points.size() && points[from] == U'!') ++from;
            end = points.find(U']', from + 1);
        }
        if (end == std::u32string::npos) end = i;
        items.push_back(points.substr(i, end - i + 1));
        i = end;
    }
    return items;
}

bool in_set(const std::u32string& item, char32_t c) {
    const bool negated = item[1] == U'!';
    const std::u32string members = item.substr(negated ? 2 : 1, item.size() - (negated ? 3 : 2));
    bool found = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i + 2 < members.size() && members[i + 1] == U'-') {
            found |= members[i] <= c && c <= members[i + 2];
            i += 2;
        } else {
            found |= members[i] == c;
        }
    }
    return found != negated;
}

bool glob_matches(std::string_view pattern, std::string_view topic) {
    const auto items = split_glob(pattern);
    std::u32string points;
    while (!topic.empty()) points += static_cast<char32_t>(utf8::take(topic));
    return table_match(
        items.size(), points.size(), [&](std::size_t p) { return items[p] == U"*"; },
        [&](std::size_t p, std::size_t s) {
            if (items[p] == U"?") return true;
            return items[p].size() > 1 ? in_set(items[p], points[s]) : items[p][0] == points[s];
        });
}

bool words_match(std::string_view pattern, std::string_view topic) {
    const auto words = text::split(pattern, '.');
    const auto subject = text::split(topic, '.');
    return table_match(
        words.size(), subject.size(), [&](std::size_t p) { return words[p] == "#"; },
        [&](std::size_t p, std::size_t s) { return words[p] == "*" || words[p] == subject[s]; });
}

bool has_wildcard(std::string_view pattern) {
    for (const auto& item : split_glob(pattern))
        if (item == U"*" || item == U"?" || item.size() > 1) return true;
    return false;
}

}  // namespace

bool matches(std::string_view pattern, Rule rule, std::string_view topic) {
    if (rule == Rule::prefix) return topic.starts_with(without_stars(pattern));
    if (rule == Rule::prefix_strict) return topic == without_stars(pattern);
    if (pattern.empty()) return true;
    if (pattern.starts_with(kWords)) return words_match(pattern.substr(kWords.size()), topic);
    if (has_wildcard(pattern)) return glob_matches(pattern, topic);
    return topic == pattern || (topic.starts_with(pattern) && topic[pattern.size()] == '.');
}

}  // namespace fedmsg::topics
