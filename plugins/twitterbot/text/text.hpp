// The text of a post: made clean, measured as the service measures it, cut to what fits. Pure functions, any thread;
// all texts are UTF-8 (what is not becomes U+FFFD). Spec: consumers/twitterbot.md 3.1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace twitterbot {

// NFC; a run of blanks, line breaks and control characters becomes one blank, those at both ends nothing. Characters
// that turn the writing direction around go: they could make a link look like another one.
std::string clean(std::string_view text);

// "@name" becomes "name", so that nobody is called who happens to have an account of that name. Mail addresses stay.
std::string without_mentions(std::string_view text);

// How a service counts.
struct LengthRule {
    enum class Unit { weighted, graphemes };  // X; Mastodon
    Unit unit = Unit::weighted;
    std::size_t limit = 280;
    std::size_t url = 23;  // what a URL counts, whatever its length

    static LengthRule x() { return {}; }
    static LengthRule mastodon(std::size_t limit = 500, std::size_t url = 23) { return {Unit::graphemes, limit, url}; }
};

std::size_t length_of(std::string_view text, const LengthRule& rule);

// The text if it counts at most `most`; else as many whole words of it as fit with "…" at the end (a part of the first
// word if not even that one fits). A URL is kept or left out, never cut.
std::string cut(std::string_view text, std::size_t most, const LengthRule& rule);

// A post before it is fitted to a service: what stands before the link, the link, what stands behind it.
struct Draft {
    std::string head;
    std::string link;  // empty: none
    std::string tail;
    std::vector<std::string> hashtags;  // without #; added at the end as far as there is room

    // Everything in full.
    std::string whole() const;
};

// At most rule.limit - `spare`. The link is kept whole: first the tail is cut, then the head.
std::string fit(const Draft& draft, const LengthRule& rule, std::size_t spare = 0);

// The same text whatever the links are called: each URL replaced by `mark`. To compare with what a service gives back.
std::string with_urls_as(std::string_view text, std::string_view mark);

}  // namespace twitterbot
