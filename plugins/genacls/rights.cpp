#include "genacls/rights.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "genacls/names.hpp"

namespace genacls {
namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_lower_case(std::string_view text) {
    return is_branch_name(text) && std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "F-11" with the prefix "F-" is "f11".
std::optional<std::string> numbered(std::string_view collection, std::string_view prefix, std::string_view branch) {
    if (!collection.starts_with(prefix) || !is_digits(collection.substr(prefix.size()))) return std::nullopt;
    return std::string(branch) + std::string(collection.substr(prefix.size()));
}

template <class List>
void note(List& list, std::string line) {
    if (list.size() < LeftOut::kMostNamed) list.push_back(std::move(line));
}

const std::string* bad_name(const Names& names, bool (*is_good)(std::string_view)) {
    const auto found = std::find_if_not(names.begin(), names.end(), is_good);
    return found != names.end() ? &*found : nullptr;
}

// Makes names of others fit for a log line.
std::string shown(std::string_view name) {
    static constexpr std::size_t kLongest = 80;
    std::string out(name.substr(0, kLongest));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    return "\"" + out + (name.size() > kLongest ? "..." : "") + "\"";
}

class Translator {
public:
    Translator(const Collections& collections, const std::map<std::string, Names>& groups)
        : collections_(collections), groups_(groups) {}

    Translation run(const RawRights& raw) {
        take_groups();
        for (const auto& [space, packages] : raw.namespaces)
            for (const auto& [package, branches] : packages) take_package(space + "/" + package, branches);
        return std::move(out_);
    }

private:
    void take_groups() {
        for (const auto& [group, members] : groups_) {
            if (!is_group_name(group)) {
                leave_out_name("group " + shown(group));
                continue;
            }
            Names good;
            for (const std::string& member : members)
                if (is_user_name(member))
                    good.insert(member);
                else
                    leave_out_name("member " + shown(member) + " of group " + group);
            if (!good.empty()) out_.rights.groups.emplace(group, std::move(good));
        }
    }

    void take_package(const std::string& repository, const Branches& collections) {
        if (!is_repository_name(repository)) return leave_out(shown(repository), "its name is not allowed");
        Branches branches;
        for (const auto& [collection, committers] : collections) {
            if (const std::string* bad = bad_name(committers.people, is_user_name))
                return leave_out(repository, "the user name " + shown(*bad) + " is not allowed");
            if (const std::string* bad = bad_name(committers.groups, is_group_name))
                return leave_out(repository, "the group name " + shown(*bad) + " is not allowed");
            const std::string branch = collections_.branch_of(collection);
            if (!is_branch_name(branch)) {
                ++out_.left_out.branch_count;
                ++out_.left_out.collections[shown(collection)];
                continue;
            }
            add(branches[branch], committers);
        }
        out_.rights.repositories.emplace(repository, std::move(branches));
    }

    // Two collections may stand for one branch.
    void add(Committers& to, const Committers& from) {
        to.people.insert(from.people.begin(), from.people.end());
        for (const std::string& group : from.groups)
            if (group == "packager" || out_.rights.groups.count(group) != 0)
                to.groups.insert(group);
            else
                ++out_.left_out.empty_groups[group];
    }

    void leave_out(const std::string& package, const std::string& why) {
        ++out_.left_out.package_count;
        note(out_.left_out.packages, package + ": " + why);
    }
    void leave_out_name(std::string what) {
        ++out_.left_out.name_count;
        note(out_.left_out.names, std::move(what));
    }

    const Collections& collections_;
    const std::map<std::string, Names>& groups_;
    Translation out_;
};

}  // namespace

std::string Collections::branch_of(std::string_view collection) const {
    const auto found = additional_.find(std::string(collection));
    if (found != additional_.end()) return found->second;
    if (collection == "devel") return "master";
    if (auto branch = numbered(collection, "F-", "f")) return *branch;
    if (auto branch = numbered(collection, "EL-", "el")) return *branch;
    if (auto branch = numbered(collection, "OLPC-", "olpc")) return *branch;
    return is_lower_case(collection) ? std::string(collection) : std::string();
}

std::vector<std::string> LeftOut::lines() const {
    std::vector<std::string> out;
    for (const std::string& package : packages) out.push_back("left out the package " + package);
    if (package_count > packages.size())
        out.push_back("left out " + std::to_string(package_count - packages.size()) + " more packages");
    for (const std::string& name : names) out.push_back("left out the " + name + ": the name is not allowed");
    for (const auto& [collection, count] : collections)
        out.push_back("left out the branches of collection " + collection + " (" + std::to_string(count) +
                      "): it is not in genacls.collections");
    for (const auto& [group, count] : empty_groups)
        out.push_back("the group " + group + " has no members: left out of " + std::to_string(count) + " rules");
    return out;
}

Translation translate(const RawRights& raw, const Collections& collections,
                      const std::map<std::string, Names>& groups) {
    return Translator(collections, groups).run(raw);
}

}  // namespace genacls
