#include "bus/topics/pattern.hpp"

#include <algorithm>

#include "bus/base/text.hpp"
#include "bus/base/utf8.hpp"
#include "bus/topics/glob.hpp"

namespace fedmsg::topics {
namespace {

bool is_wild(std::string_view word) {
    return word == "*" || word == "#";
}

std::size_t wildcards_of(std::string_view pattern, Rule rule) {
    if (rule != Rule::glob) return 0;  // stars are only deleted
    if (!pattern.starts_with(kWords)) return Glob(pattern).wildcards();
    const auto words = text::split(pattern.substr(kWords.size()), '.');
    return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), is_wild));
}

// The words before the first wildcard; with the dot behind them if a word must follow.
std::string words_prefix(std::string_view pattern) {
    std::string prefix;
    for (const auto& word : text::split(pattern, '.')) {
        if (word == "#") {
            if (!prefix.empty()) prefix.pop_back();  // "a.b.#" matches "a.b" too
            return prefix;
        }
        if (word == "*") return prefix;
        prefix += word + ".";
    }
    prefix.pop_back();
    return prefix;
}

}  // namespace

std::string without_stars(std::string_view pattern) {
    std::string rest(pattern);
    std::erase(rest, '*');
    return rest;
}

Status check_pattern(std::string_view pattern, Rule rule) {
    if (pattern.size() > kMaxPatternBytes)
        return failure("it is " + std::to_string(pattern.size()) + " bytes long; at most " +
                       std::to_string(kMaxPatternBytes) + " are taken");
    if (!utf8::is_valid(pattern)) return failure("it is not UTF-8");
    const std::size_t wildcards = wildcards_of(pattern, rule);
    if (wildcards > kMaxWildcards)
        return failure("it has " + std::to_string(wildcards) + " wildcards; at most " + std::to_string(kMaxWildcards) +
                       " are taken");
    return {};
}

std::string subscription_prefix(std::string_view pattern, Rule rule) {
    if (rule != Rule::glob) return without_stars(pattern);
    if (pattern.starts_with(kWords)) return words_prefix(pattern.substr(kWords.size()));
    return Glob(pattern).literal_prefix();
}

}  // namespace fedmsg::topics
