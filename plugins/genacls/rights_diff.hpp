// What a new configuration gives and takes, per user and repository (genacls.md 3.4, step 6). Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "genacls/conf_view.hpp"

namespace genacls {

struct RightsDiff {
    static constexpr std::size_t kMostLines = 50;

    std::size_t added = 0;  // rights: user, repository and pattern
    std::size_t removed = 0;
    // "+ ralph rpms/geany: master, tags", "- ..."; sorted by repository. The first kMostLines only.
    std::vector<std::string> lines;

    bool is_empty() const { return added == 0 && removed == 0; }
    // "3 rights added, 1 removed"
    std::string summary() const;
};

RightsDiff diff_of(const ConfView& before, const ConfView& after);

}  // namespace genacls
