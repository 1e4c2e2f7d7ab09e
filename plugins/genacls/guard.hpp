// The shrink guard (genacls.md 3.4, step 3): a new configuration that takes away too much is more likely an answer that
// was cut off than a decision of people. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genacls/conf_view.hpp"

namespace genacls {

struct GuardLimits {
    double max_shrink = 0.05;       // of repositories, and of (user, repository) pairs
    std::int64_t min_packages = 0;  // repositories
    std::string admin_group = "admins";
};

// Why the new configuration is refused; empty if it is not. `before`: the last good one, or null if there is none.
std::vector<std::string> objections(const ConfView* before, const ConfView& after, const GuardLimits& limits);

}  // namespace genacls
