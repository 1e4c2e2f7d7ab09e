// An account directory in a YAML file, for small sites and tests:
//
//     accounts:
//       ann:
//         emails: [ann@example.org]
//         nicks: [annie]
//         github: ann-codes
//         created: 2012-03-01
//         groups: {packager: sponsor, docs: member}
#pragma once

#include <map>
#include <string>
#include <vector>

#include "badges/directory/account_directory.hpp"

namespace badges {

class YamlDirectory final : public AccountDirectory {
public:
    // Throws std::runtime_error with file, line and key for a file that cannot be used.
    explicit YamlDirectory(const std::string& file);

    std::optional<Account> find(const std::string& name) override;
    std::optional<Account> find_by_nick(const std::string& irc_nick) override;
    std::optional<Account> find_by_email(const std::string& email) override;
    std::vector<Account> find_by_github(const std::string& github_name) override;
    std::vector<std::string> members(const std::string& group, Membership membership) override;

private:
    struct Entry {
        Account account;
        std::vector<std::string> emails, nicks, github;  // lower case
        std::map<std::string, Membership> groups;
    };
    friend class YamlDirectoryReader;

    std::map<std::string, Entry> entries_;  // by name
};

}  // namespace badges
