// "did you mean ...?" for misspelt keys and names. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace badges {

// " (did you mean X?)" for the known word that is nearest, or nothing if none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace badges
