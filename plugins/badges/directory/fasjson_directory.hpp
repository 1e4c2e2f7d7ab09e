// An account directory that speaks like FASJSON: JSON over HTTP.
//
//     GET BASE/users/NAME/                       {"result": {"username": ..., "emails": [...], "creation": ...}}, or
//     404 GET BASE/search/users/?email=ADDRESS       {"result": [{...}, ...]}; also ircnick=, github_username= GET
//     BASE/groups/NAME/members/              {"result": [{"username": ...}, ...]}; also sponsors/; 404: no such group;
//                                              further pages as "page": {"total_pages": N} says
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "badges/directory/account_directory.hpp"
#include "badges/rules/any.hpp"
#include "support/http_client.hpp"

namespace badges {

struct FasjsonSettings {
    std::string base_url;       // with or without a slash at its end
    std::string authorization;  // the value of that header; empty: none
    std::chrono::milliseconds time_limit{10'000};
    fedmsg_plugins::HttpOptions http;
};

class FasjsonDirectory final : public AccountDirectory {
public:
    explicit FasjsonDirectory(FasjsonSettings settings);

    std::optional<Account> find(const std::string& name) override;
    std::optional<Account> find_by_nick(const std::string& irc_nick) override;
    std::optional<Account> find_by_email(const std::string& email) override;
    std::vector<Account> find_by_github(const std::string& github_name) override;
    std::vector<std::string> members(const std::string& group, Membership membership) override;

private:
    // The whole answer, which has a "result"; nothing for 404.
    std::optional<Any> get(const std::string& path);
    std::vector<Account> search(const std::string& key, const std::string& value);

    FasjsonSettings settings_;
    fedmsg_plugins::HttpClient client_;
};

}  // namespace badges
