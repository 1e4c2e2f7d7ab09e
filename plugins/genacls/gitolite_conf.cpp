#include "genacls/gitolite_conf.hpp"

#include <string_view>

#include "genacls/names.hpp"

namespace genacls {
namespace {

// gitolite's parser has no limit, but people have: longer groups go on in another line of the same name.
constexpr std::size_t kLongestLine = 1000;

// People and groups as they stand in a rule, sorted. Everybody who is a packager may do what packagers may.
Names subjects_of(const Committers& committers) {
    Names subjects = committers.people;
    for (const std::string& group : committers.groups) subjects.insert(group == "packager" ? "@all" : "@" + group);
    return subjects;
}

std::string joined(const Names& names) {
    std::string line;
    for (const std::string& name : names) line.append(line.empty() ? "" : " ").append(name);
    return line;
}

std::string rule(std::string_view permission, std::string_view reference, std::string_view subjects) {
    std::string line = "    ";
    line.append(permission).append(5 - permission.size(), ' ').append(reference);
    if (reference.size() < 12) line.append(12 - reference.size(), ' ');
    return line.append(" = ").append(subjects).append("\n");
}

void append_group(std::string& out, const std::string& group, const Names& members) {
    const std::string begin = "@" + group + " =";
    std::string line = begin;
    for (const std::string& member : members) {
        if (line.size() + member.size() >= kLongestLine && line.size() > begin.size()) {
            out.append(line).append("\n");
            line = begin;
        }
        line.append(" ").append(member);
    }
    if (line.size() > begin.size()) out.append(line).append("\n");
}

void append_groups(std::string& out, const std::map<std::string, Names>& groups) {
    for (const auto& [group, members] : groups) append_group(out, group, members);
}

void append_all_repositories(std::string& out, const std::map<std::string, Names>& groups, const ConfFormat& format) {
    Names admins;
    for (const std::string& group : format.admin_groups)
        if (groups.count(group) != 0 && !groups.at(group).empty()) admins.insert("@" + group);
    out.append("\nrepo @all\n");
    if (!format.vref.empty()) out.append(rule("-", "VREF/" + format.vref, "@all"));
    if (!admins.empty()) out.append(rule("RWC", "", joined(admins)));
    out.append(rule("R", "", "@all"));
}

// The rules of one package: the same text for the repository and its mirror.
class RepositoryRules {
public:
    RepositoryRules(const Branches& branches, const ConfFormat& format) {
        Names all;
        for (const auto& [branch, committers] : branches) {
            const Names subjects = subjects_of(committers);
            grant(branch_pattern(branch), subjects);
            all.insert(subjects.begin(), subjects.end());
        }
        for (const std::string& pattern : format.reserved) text_ += rule("-", pattern + "$", "@all");
        grant("refs/tags/", all);
        const auto master = branches.find("master");
        grant("", master != branches.end() ? subjects_of(master->second) : all);
    }

    const std::string& text() const { return text_; }
    std::size_t denied() const { return denied_; }

private:
    void grant(std::string_view reference, const Names& subjects) {
        if (subjects.empty()) ++denied_;
        text_ += subjects.empty() ? rule("-", reference, "@all") : rule("RWC", reference, joined(subjects));
    }

    std::string text_;
    std::size_t denied_ = 0;
};

std::string mirror_of(const std::string& repository, const ConfFormat& format) {
    const std::size_t slash = repository.find('/');
    const auto found = format.mirrors.find(repository.substr(0, slash));
    return found != format.mirrors.end() ? found->second + repository.substr(slash) : std::string();
}

}  // namespace

Conf write_conf(const Rights& rights, const ConfFormat& format) {
    Conf conf;
    append_groups(conf.text, rights.groups);
    append_all_repositories(conf.text, rights.groups, format);
    std::map<std::string, const Branches*> repositories;  // with the mirrors, sorted
    for (const auto& [name, branches] : rights.repositories) repositories.emplace(name, &branches);
    for (const auto& [name, branches] : rights.repositories)  // a repository of that name beats a mirror
        if (const std::string mirror = mirror_of(name, format); !mirror.empty())
            repositories.emplace(mirror, &branches);
    for (const auto& [name, branches] : repositories) {
        const RepositoryRules rules(*branches, format);
        conf.text.append("\nrepo ").append(name).append("\n").append(rules.text());
        conf.denied_rules += rules.denied();
    }
    conf.repository_count = repositories.size();
    return conf;
}

std::string write_prefix(const std::map<std::string, Names>& groups, const ConfFormat& format) {
    std::string text;
    append_groups(text, groups);
    append_all_repositories(text, groups, format);
    return text;
}

std::string write_aliases(const Rights& rights, const std::string& space) {
    std::string text = "# The bare names of packages: REPO_ALIASES => do 'this file', in gitolite's rc file.\n+{\n";
    for (const auto& [name, branches] : rights.repositories)
        if (name.starts_with(space + "/"))
            text.append("    '")
                .append(name, space.size() + 1, std::string::npos)
                .append("' => '")
                .append(name)
                .append("',\n");
    return text + "};\n";
}

}  // namespace genacls
