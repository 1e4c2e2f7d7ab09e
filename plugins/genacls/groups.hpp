// Who is in a group: from the group database of this machine (which fasclient fills), from a file, or from the account
// system. One thread per object.
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <functional>
#include <memory>
#include <string>

#include "genacls/fetcher.hpp"

namespace genacls {

using ParseJson = std::function<fedmsg_hub::ParsedJson(std::string_view)>;

class GroupSource {
public:
    virtual ~GroupSource() = default;
    // Empty if there is no such group. Throws an InputError if that cannot be found out.
    virtual Names members_of(const std::string& group) = 0;
};

struct GroupOptions {
    std::string backend = "nss";  // nss, file, http
    // file: "name: user user" on each line; # begins a comment.
    std::string file;
    // http: {group} stands for the name. Answers: {"people": [[user, mail, name, role], ...]} of FAS,
    // {"result": [{"username": user}, ...]} of FASJSON, or {"members": [user, ...]}.
    std::string address;
};

std::unique_ptr<GroupSource> make_group_source(const GroupOptions& options, Fetcher& fetcher, ParseJson parse);

// Exposed for tests.
std::map<std::string, Names> read_group_file(std::string_view text);
Names read_members(fedmsg_hub::Value answer);

}  // namespace genacls
