// Who may push where: first as the package database says it, then checked and translated into what gitolite gets.
//
//     RawRights --translate--> Rights --gitolite_conf--> text
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace genacls {

using Names = std::set<std::string>;

struct Committers {
    Names people;
    Names groups;  // without @

    bool is_empty() const { return people.empty() && groups.empty(); }
    friend bool operator==(const Committers&, const Committers&) = default;
};

// By collection (as the database calls it) or by branch (as git does).
using Branches = std::map<std::string, Committers>;

// What the database answered: namespace, package, collection.
struct RawRights {
    std::map<std::string, std::map<std::string, Branches>> namespaces;
};

// What is written. Every name in it is good.
struct Rights {
    std::map<std::string, Branches> repositories;  // by full name: rpms/geany
    std::map<std::string, Names> groups;           // members; none of them is empty
};

// What was left out, and how often, for log and counters. Each list holds the first kMostNamed only.
struct LeftOut {
    static constexpr std::size_t kMostNamed = 50;

    std::vector<std::string> packages;                // with the reason
    std::vector<std::string> names;                   // members of groups, names of groups
    std::map<std::string, std::size_t> collections;   // not in the table, and how many branches each cost
    std::map<std::string, std::size_t> empty_groups;  // named by rules, and by how many
    std::size_t package_count = 0;
    std::size_t branch_count = 0;
    std::size_t name_count = 0;

    std::vector<std::string> lines() const;
};

// Collection names to git branches. Built in: devel, F-11, EL-6, OLPC-2 and their like; names in lower case stand for
// themselves. `additional` (the option genacls.collections) beats that.
class Collections {
public:
    explicit Collections(std::map<std::string, std::string> additional = {}) : additional_(std::move(additional)) {}
    // Empty if it is not in the table.
    std::string branch_of(std::string_view collection) const;

private:
    std::map<std::string, std::string> additional_;
};

struct Translation {
    Rights rights;
    LeftOut left_out;
};

// `groups`: members by gitolite's name of the group; those without members are not taken over. A package with a bad
// name anywhere is left out as a whole; a bad member of a group is left out alone.
Translation translate(const RawRights& raw, const Collections& collections, const std::map<std::string, Names>& groups);

}  // namespace genacls
