#include "genacls/pkgdb.hpp"

#include <string>
#include <vector>

namespace genacls {
namespace {

using fedmsg_hub::Value;

Names read_names(Value list, const std::string& where) {
    if (!list.is_array()) throw InputError(where + ": expected a list of names");
    Names names;
    for (const Value name : list.elements()) {
        if (!name.is_string()) throw InputError(where + ": a name is not a string: " + name.json().substr(0, 60));
        names.emplace(name.text());
    }
    return names;
}

Committers read_committers(Value branch, const std::string& where) {
    const Value commit = branch["commit"];
    if (!commit.is_object()) throw InputError(where + ": there is no \"commit\"");
    return {read_names(commit["people"], where + ".commit.people"),
            read_names(commit["groups"], where + ".commit.groups")};
}

std::map<std::string, Branches> read_packages(Value packages, const std::string& where) {
    if (!packages.is_object()) throw InputError(where + ": expected an object of packages");
    std::map<std::string, Branches> out;
    for (const auto [package, branches] : packages.members()) {
        const std::string place = where + "." + std::string(package);
        if (!branches.is_object()) throw InputError(place + ": expected an object of branches");
        Branches& into = out[std::string(package)];
        for (const auto [branch, entry] : branches.members())
            into[std::string(branch)] = read_committers(entry, place + "." + std::string(branch));
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

Committers read_people(std::string_view field) {
    Committers out;
    for (const std::string_view name : split(field, ',')) {
        if (name.starts_with('@'))
            out.groups.emplace(name.substr(1));
        else if (!name.empty())
            out.people.emplace(name);
    }
    return out;
}

// NAMESPACE/PACKAGE/BRANCH, or PACKAGE/BRANCH from before there were namespaces.
void read_line(std::string_view line, RawRights& into, const std::string& where) {
    const std::vector<std::string_view> fields = split(line, '|');
    if (fields.size() != 3 || fields[0] != "avail") throw InputError(where + ": expected \"avail | who | where\"");
    std::vector<std::string_view> path = split(fields[2], '/');
    if (path.size() == 2) path.insert(path.begin(), "rpms");
    if (path.size() != 3 || path[0].empty() || path[1].empty() || path[2].empty())
        throw InputError(where + ": expected NAMESPACE/PACKAGE/BRANCH at the end");
    Branches& branches = into.namespaces[std::string(path[0])][std::string(path[1])];
    Committers& committers = branches[std::string(path[2])];
    committers.people.merge(read_people(fields[1]).people);
    committers.groups.merge(read_people(fields[1]).groups);
}

}  // namespace

Names read_groups(Value answer) {
    const Value groups = answer["groups"];
    Names names = read_names(groups, "groups");
    if (answer["total_groups"].integer_or(-1) != static_cast<std::int64_t>(groups.size()))
        throw InputError("groups: total_groups is " + answer["total_groups"].display() + ", but " +
                         std::to_string(groups.size()) + " are listed: the answer is not complete");
    return names;
}

RawRights read_rights(Value answer) {
    if (!answer.is_object()) throw InputError("vcs: expected an object");
    RawRights rights;
    for (const auto [key, packages] : answer.members()) {
        if (key == "title") continue;
        const std::string space = key == "packageAcls" ? "rpms" : std::string(key);
        rights.namespaces[space].merge(read_packages(packages, std::string(key)));
    }
    if (rights.namespaces.empty()) throw InputError("vcs: there is no namespace in the answer");
    return rights;
}

RawRights read_rights_text(std::string_view answer) {
    if (answer.empty() || answer.back() != '\n')
        throw InputError("vcs: the text is empty, or its last line is cut off");
    RawRights rights;
    std::size_t number = 0;
    while (!answer.empty()) {
        const std::size_t end = answer.find('\n');
        const std::string_view line = trimmed(answer.substr(0, end));
        answer.remove_prefix(end + 1);
        ++number;
        if (!line.empty() && !line.starts_with('#')) read_line(line, rights, "vcs, line " + std::to_string(number));
    }
    return rights;
}

}  // namespace genacls
