// From what a message calls somebody to the name of an account (badges.md section 3.4).
#pragma once

#include <optional>
#include <string>

#include "badges/directory/account_directory.hpp"
#include "badges/rules/rule.hpp"

namespace badges {

struct ConverterHosts {
    std::string id_provider = "id.fedoraproject.org";  // http(s)://NAME.id.fedoraproject.org
    std::string distgit = "src.fedoraproject.org";     // http(s)://src.fedoraproject.org/user/NAME
    std::string github_api = "api.github.com";         // http(s)://api.github.com/users/NAME
    std::string email_domain = "fedoraproject.org";    // NAME@fedoraproject.org
};

// Nothing: there is no such person, the name is dropped. What a converter is not for passes through unchanged. Throws
// DirectoryUnreachable.
std::optional<std::string> convert(Converter converter, const std::string& name, AccountDirectory& directory,
                                   const ConverterHosts& hosts);

}  // namespace badges
