// Writes gitolite's configuration (genacls.md 3.2, 3.3): sorted, so that equal rights give equal bytes; every branch
// anchored at its end; a rule that nobody is left for becomes a deny line, because gitolite would drop it and so let
// later rules decide.
// Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "genacls/rights.hpp"

namespace genacls {

struct ConfFormat {
    std::vector<std::string> admin_groups{"admins", "fedora-arm", "fedora-s390", "fedora-ppc"};
    // Branches that nobody may create: patterns without the final $.
    std::vector<std::string> reserved{"f[0-9][0-9]", "epel[0-9]", "epel[0-9][0-9]", "el[0-9]", "olpc[0-9]"};
    std::map<std::string, std::string> mirrors{
        {"rpms", "test-rpms"}, {"docker", "test-docker"}, {"modules", "test-modules"}};
    std::string vref = "update-block-push-origin";  // the script that every push passes; empty: none
};

struct Conf {
    std::string text;
    std::size_t repository_count = 0;
    std::size_t denied_rules = 0;  // that would have been empty
};

Conf write_conf(const Rights& rights, const ConfFormat& format);

// The groups, then the block of all repositories: what the job "prefix" publishes.
std::string write_prefix(const std::map<std::string, Names>& groups, const ConfFormat& format);

// The bare name of each package of `space`, for gitolite's REPO_ALIASES: a Perl file that ends with a hash reference.
std::string write_aliases(const Rights& rights, const std::string& space = "rpms");

}  // namespace genacls
