#include "badges/rules/texts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace badges {
namespace {

// Keys whose value is a person: a text, a mapping with a name, or a list of either.
constexpr std::array<std::string_view, 27> kPersonKeys = {
    "agent",    "approver",  "assignee", "author",     "changer",   "commenter",        "committer",      "creator",
    "fas",      "nick",      "owner",    "owner_name", "person",    "point_of_contact", "previous_owner", "recipient",
    "reporter", "requester", "reviewer", "sponsor",    "submitter", "update_submitter", "uploader",       "user",
    "user_to",  "userid",    "username"};
constexpr std::array<std::string_view, 3> kPeopleKeys = {"users", "authors", "sponsors"};
// Keys whose value is a mapping from persons to something.
constexpr std::array<std::string_view, 2> kKeyedByPerson = {"attendees", "chairs"};
constexpr std::array<std::string_view, 7> kPackageKeys = {"package",  "package_name", "packages", "pkg",
                                                          "pkg_name", "pkgname",      "srpm"};
constexpr int kMaxDepth = 32;

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

class Search {
public:
    NamedInBody run(const Any& body) {
        look_at(body, 0);
        return std::move(found_);
    }

private:
    void look_at(const Any& value, int depth) {
        if (depth > kMaxDepth) return;
        if (value.is_sequence())
            for (const Any& item : value.items()) look_at(item, depth + 1);
        if (!value.is_dict()) return;
        for (const auto& [key, item] : value.dict()) {
            look_at_member(key.text(), item);
            look_at(item, depth + 1);
        }
    }

    void look_at_member(std::string_view key, const Any& value) {
        if (is_one_of(kPersonKeys, key) || is_one_of(kPeopleKeys, key)) take(found_.users, value);
        if (is_one_of(kPackageKeys, key)) take(found_.packages, value);
        if (is_one_of(kKeyedByPerson, key) && value.is_dict())
            for (const auto& entry : value.dict()) take(found_.users, entry.first);
    }

    static void take(Names& names, const Any& value) {
        if (value.is_text() && !value.text().empty()) names.push_back(value.text());
        if (value.is_sequence())
            for (const Any& item : value.items())
                if (!item.is_sequence()) take(names, item);
        if (!value.is_dict()) return;
        for (const std::string_view key : {"username", "name"})
            if (const Any* name = value.dict().find(key); name != nullptr && name->is_text()) return take(names, *name);
    }

    NamedInBody found_;
};

void sort_out(Names& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

NamedInBody named_in(const Any& body) {
    NamedInBody named = Search().run(body);
    sort_out(named.users);
    sort_out(named.packages);
    return named;
}

}  // namespace badges
