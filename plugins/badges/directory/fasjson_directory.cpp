#include "badges/directory/fasjson_directory.hpp"

#include <utility>

#include "badges/rules/any_json.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

std::string with_slash(std::string url) {
    if (url.empty() || url.back() != '/') url += '/';
    return url;
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

// Names come from messages: whatever is in them stays one part of the path.
std::string escaped(const std::string& text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    if (text == "." || text == "..") return text == "." ? "%2E" : "%2E%2E";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_plain(c))
            out += c;
        else
            ((out += '%') += kDigits[byte >> 4]) += kDigits[byte & 15];
    }
    return out;
}

std::string text_of(const Any& object, std::string_view key) {
    const Any* value = object.is_dict() ? object.dict().find(key) : nullptr;
    return value != nullptr && value->is_text() ? value->text() : std::string();
}

std::string first_text_of(const Any& object, std::string_view key) {
    const Any* value = object.is_dict() ? object.dict().find(key) : nullptr;
    if (value == nullptr || !value->is_sequence() || value->items().empty()) return {};
    return value->items().front().is_text() ? value->items().front().text() : std::string();
}

std::optional<Account> account_of(const Any& object) {
    Account account;
    account.name = ascii_lower_case(text_of(object, "username"));
    account.email = ascii_lower_case(first_text_of(object, "emails"));
    account.created = parse_day(text_of(object, "creation"));
    return account.name.empty() ? std::nullopt : std::optional(account);
}

const Any& result_of(const Any& answer) {
    return *answer.dict().find("result");  // get() has looked
}

List items_of(const std::optional<Any>& answer) {
    return answer && result_of(*answer).is_sequence() ? result_of(*answer).items() : List{};
}

std::int64_t pages_of(const std::optional<Any>& answer) {
    const Any* page = answer ? answer->dict().find("page") : nullptr;
    const Any* total = page != nullptr && page->is_dict() ? page->dict().find("total_pages") : nullptr;
    return total != nullptr ? total->as_integer().value_or(1) : 1;
}

constexpr std::int64_t kMostPages = 1000;

std::optional<Account> only(const std::vector<Account>& accounts) {
    return accounts.size() == 1 ? std::optional(accounts.front()) : std::nullopt;
}

}  // namespace

FasjsonDirectory::FasjsonDirectory(FasjsonSettings settings) : settings_(std::move(settings)), client_(settings_.http) {
    settings_.base_url = with_slash(settings_.base_url);
}

std::optional<Any> FasjsonDirectory::get(const std::string& path) {
    fedmsg_plugins::HttpRequest request;
    request.url = settings_.base_url + path;
    request.time_limit = settings_.time_limit;
    request.connect_limit = settings_.time_limit;
    request.size_limit = std::size_t{4} << 20;
    request.headers.emplace_back("Accept", "application/json");
    if (!settings_.authorization.empty()) request.headers.emplace_back("Authorization", settings_.authorization);
    const fedmsg_plugins::HttpResponse response = client_.send(request);
    if (response.is_answered() && response.status == 404) return std::nullopt;
    const std::string place = "account directory " + settings_.base_url + path + ": ";
    if (!response.is_success()) throw DirectoryUnreachable(place + response.describe());
    try {
        const Any root = any_from_json(response.body);
        if (root.is_dict() && root.dict().find("result") != nullptr) return root;
    } catch (const EvaluationError& error) {
        throw DirectoryUnreachable(place + "the answer is not JSON: " + error.what());
    }
    throw DirectoryUnreachable(place + "the answer has no \"result\"");
}

std::optional<Account> FasjsonDirectory::find(const std::string& name) {
    const auto answer = get("users/" + escaped(ascii_lower_case(name)) + "/");
    if (!answer) return std::nullopt;
    if (auto account = account_of(result_of(*answer))) return account;
    throw DirectoryUnreachable("account directory " + settings_.base_url + ": the answer about " + name +
                               " has no \"username\"");
}

std::vector<Account> FasjsonDirectory::search(const std::string& key, const std::string& value) {
    std::vector<Account> found;
    const auto answer = get("search/users/?" + key + "=" + escaped(value));
    for (const Any& item : items_of(answer))
        if (auto account = account_of(item)) found.push_back(std::move(*account));
    return found;
}

std::optional<Account> FasjsonDirectory::find_by_nick(const std::string& irc_nick) {
    return only(search("ircnick", irc_nick));
}

std::optional<Account> FasjsonDirectory::find_by_email(const std::string& email) {
    return only(search("email", email));
}

std::vector<Account> FasjsonDirectory::find_by_github(const std::string& github_name) {
    return search("github_username", github_name);
}

std::vector<std::string> FasjsonDirectory::members(const std::string& group, Membership membership) {
    const std::string path = "groups/" + escaped(group) +
                             (membership == Membership::sponsor ? "/sponsors/" : "/members/") +
                             "?page_size=1000&page_number=";
    std::vector<std::string> names;
    for (std::int64_t page = 1, pages = 1; page <= pages && page <= kMostPages; ++page) {
        const auto answer = get(path + std::to_string(page));
        for (const Any& item : items_of(answer))
            if (const std::string name = text_of(item, "username"); !name.empty())
                names.push_back(ascii_lower_case(name));
        pages = pages_of(answer);
    }
    return names;
}

}  // namespace badges
