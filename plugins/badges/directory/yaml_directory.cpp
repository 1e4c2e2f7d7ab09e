#include "badges/directory/yaml_directory.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <stdexcept>

#include "badges/rules/unicode.hpp"

namespace badges {

class YamlDirectoryReader {
public:
    explicit YamlDirectoryReader(std::string file) : file_(std::move(file)) {}

    std::map<std::string, YamlDirectory::Entry> read() const {
        try {
            return accounts(YAML::LoadFile(file_));
        } catch (const YAML::BadFile&) {
            throw std::runtime_error(file_ + ": cannot be read: does it exist, and may the hub read it?");
        } catch (const YAML::Exception& error) {
            throw std::runtime_error(file_ + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
        }
    }

private:
    std::map<std::string, YamlDirectory::Entry> accounts(const YAML::Node& root) const {
        const YAML::Node list = root.IsMap() ? root["accounts"] : YAML::Node(YAML::NodeType::Undefined);
        if (!list.IsDefined() || !list.IsMap()) fail(root, "expected a mapping `accounts` of names");
        std::map<std::string, YamlDirectory::Entry> entries;
        for (const auto& item : list) {
            const std::string name = ascii_lower_case(item.first.as<std::string>());
            entries[name] = entry(name, item.second);
        }
        return entries;
    }

    YamlDirectory::Entry entry(const std::string& name, const YAML::Node& node) const {
        YamlDirectory::Entry entry;
        entry.account.name = name;
        if (node.IsNull()) return entry;
        if (!node.IsMap()) fail(node, "expected a mapping for account " + name);
        for (const auto& item : node) take(entry, item.first.as<std::string>(), item.second);
        return entry;
    }

    void take(YamlDirectory::Entry& entry, const std::string& key, const YAML::Node& value) const {
        if (key == "emails") {
            entry.emails = names(value);
            if (!entry.emails.empty()) entry.account.email = entry.emails.front();
        } else if (key == "nicks") {
            entry.nicks = names(value);
        } else if (key == "github") {
            entry.github = names(value);
        } else if (key == "created") {
            entry.account.created = parse_day(value.as<std::string>());
            if (!entry.account.created) fail(value, "created: expected a day such as 2012-03-01");
        } else if (key == "groups") {
            entry.groups = groups(value);
        } else {
            fail(value, "unknown key " + key + ": known are emails, nicks, github, created, groups");
        }
    }

    std::vector<std::string> names(const YAML::Node& node) const {
        std::vector<std::string> out;
        if (node.IsScalar()) out.push_back(ascii_lower_case(node.as<std::string>()));
        for (const auto& item : node)
            if (node.IsSequence()) out.push_back(ascii_lower_case(item.as<std::string>()));
        return out;
    }

    std::map<std::string, Membership> groups(const YAML::Node& node) const {
        std::map<std::string, Membership> out;
        for (const auto& item : node) {
            const auto kind = item.second.as<std::string>();
            if (kind != "member" && kind != "sponsor") fail(item.second, "groups: expected member or sponsor");
            out[item.first.as<std::string>()] = kind == "sponsor" ? Membership::sponsor : Membership::member;
        }
        return out;
    }

    [[noreturn]] void fail(const YAML::Node& node, const std::string& what) const {
        throw std::runtime_error(file_ + ":" + std::to_string(node.Mark().line + 1) + ": " + what);
    }

    std::string file_;
};

namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

YamlDirectory::YamlDirectory(const std::string& file) : entries_(YamlDirectoryReader(file).read()) {}

std::optional<Account> YamlDirectory::find(const std::string& name) {
    const auto found = entries_.find(ascii_lower_case(name));
    return found != entries_.end() ? std::optional(found->second.account) : std::nullopt;
}

std::optional<Account> YamlDirectory::find_by_nick(const std::string& irc_nick) {
    for (const auto& [name, entry] : entries_)
        if (has(entry.nicks, ascii_lower_case(irc_nick))) return entry.account;
    return std::nullopt;
}

std::optional<Account> YamlDirectory::find_by_email(const std::string& email) {
    for (const auto& [name, entry] : entries_)
        if (has(entry.emails, ascii_lower_case(email))) return entry.account;
    return std::nullopt;
}

std::vector<Account> YamlDirectory::find_by_github(const std::string& github_name) {
    std::vector<Account> found;
    for (const auto& [name, entry] : entries_)
        if (has(entry.github, ascii_lower_case(github_name))) found.push_back(entry.account);
    return found;
}

std::vector<std::string> YamlDirectory::members(const std::string& group, Membership membership) {
    std::vector<std::string> found;
    for (const auto& [name, entry] : entries_) {
        const auto mine = entry.groups.find(group);
        if (mine == entry.groups.end()) continue;
        if (membership == Membership::member || mine->second == Membership::sponsor) found.push_back(name);
    }
    return found;
}

}  // namespace badges
