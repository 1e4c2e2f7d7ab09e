// AccountDirectory: who has an account. Lane thread only.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace badges {

// The directory did not answer: nothing is known, ask again later. By no means the same as an unknown account.
class DirectoryUnreachable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Account {
    std::string name;   // lower case
    std::string email;  // the first one; may be empty
    std::optional<std::chrono::system_clock::time_point> created;
};

enum class Membership { member, sponsor };

// All questions throw DirectoryUnreachable. Names are compared without regard to case; no account: nothing.
class AccountDirectory {
public:
    virtual ~AccountDirectory() = default;
    virtual std::optional<Account> find(const std::string& name) = 0;
    virtual std::optional<Account> find_by_nick(const std::string& irc_nick) = 0;
    virtual std::optional<Account> find_by_email(const std::string& email) = 0;
    virtual std::vector<Account> find_by_github(const std::string& github_name) = 0;
    // Lower-case names. An unknown group has no members.
    virtual std::vector<std::string> members(const std::string& group, Membership membership) = 0;
};

// A day as 2012-03-01, with or without a time behind it (2012-03-01T10:00:00Z); nothing if it cannot be read.
std::optional<std::chrono::system_clock::time_point> parse_day(const std::string& text);

}  // namespace badges
