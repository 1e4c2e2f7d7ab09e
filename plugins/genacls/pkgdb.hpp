// The answers of the package database, in all shapes that it has had (genacls.md 3.2): JSON of the old and the new
// kind, and text. An answer that is cut off, or has another shape, is refused as a whole: half an answer would take
// rights away. Pure; any thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <stdexcept>
#include <string_view>

#include "genacls/rights.hpp"

namespace genacls {

// An input cannot be used. The text says which, and why.
class InputError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// {"groups": [...], "total_groups": N}; N must be the length.
Names read_groups(fedmsg_hub::Value answer);

// {"title": ..., "packageAcls": {PACKAGE: {BRANCH: {"commit": {"groups": [], "people": []}}}}}, or newer
// {"title": ..., "rpms": {PACKAGE: ...}, "docker": {...}, ...}.
RawRights read_rights(fedmsg_hub::Value answer);

// A line "avail | @group1,user1 | rpms/PACKAGE/BRANCH" each; the last one must end, too.
RawRights read_rights_text(std::string_view answer);

}  // namespace genacls
