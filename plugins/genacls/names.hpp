// Which names may stand in gitolite's configuration, and how a branch name becomes a pattern there. One bad name makes
// gitolite refuse the whole file, so every name is checked before it is written (genacls.md 3.2).
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace genacls {

// [A-Za-z0-9][A-Za-z0-9._@+-]*
bool is_user_name(std::string_view name);
// The same, given without its @; but not "all", which would be everybody.
bool is_group_name(std::string_view name);
// [A-Za-z0-9][A-Za-z0-9._@/+-]* without ".." and "//", and not ending with a slash.
bool is_repository_name(std::string_view name);
// What gitolite can match at all: it refuses a push to any other name.
bool is_branch_name(std::string_view name);

// The pattern that matches exactly this branch: special characters escaped, anchored at the end. (gitolite anchors the
// beginning, and puts refs/heads/ in front.)
std::string branch_pattern(std::string_view branch);

}  // namespace genacls
