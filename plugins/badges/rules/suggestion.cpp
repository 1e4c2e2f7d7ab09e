#include "badges/rules/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace badges {
namespace {

constexpr std::size_t kLongestWord = 64;

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    if (word.size() > kLongestWord) return {};
    const auto nearest = std::min_element(known.begin(), known.end(), [word](const auto& a, const auto& b) {
        return distance(word, a) < distance(word, b);
    });
    const std::size_t most = word.size() / 3 + 1;
    if (nearest == known.end() || distance(word, *nearest) > most) return {};
    return " (did you mean " + *nearest + "?)";
}

}  // namespace badges
