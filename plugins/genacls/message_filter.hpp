// Which messages can change the rights of somebody, and what they tell (genacls.md 2). Pure; any thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "genacls/rights.hpp"

namespace genacls {

// What a message says, as far as it says it.
struct Interest {
    bool is_wanted = false;
    std::string reason;  // why not
    std::string event;   // "pkgdb.acl.update"
    std::string agent;
    std::string user;
    std::string group;
    std::string package;
    std::string branch;

    // "pkgdb.acl.update: ralph, geany/master, by pingou"
    std::string text() const;
};

// "org.fedoraproject.prod.pkgdb.acl.update" is "pkgdb.acl.update": what follows prefix and environment.
std::string_view event_of(std::string_view topic);

// `groups`: those that the configuration uses, without @; null while that is not known: then every group counts.
Interest interest_in(std::string_view topic, fedmsg_hub::Value msg, const Names* groups);

// Patterns for the topics of both jobs; relative, as in genacls.md.
std::vector<std::string> acls_topics();
std::vector<std::string> prefix_topics();
// A relative topic becomes a pattern with the hub's prefix and environment in front. One that names them itself, or
// begins with a wildcard, stays as it is.
std::string absolute_pattern(const std::string& topic);

}  // namespace genacls
