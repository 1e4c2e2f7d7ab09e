#include "badges/directory/converters.hpp"

#include <string_view>

#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

// What comes after http:// or https://, without a slash at its end; nothing for everything else.
std::optional<std::string_view> without_scheme(std::string_view url) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (url.substr(0, scheme.size()) != scheme) continue;
        url.remove_prefix(scheme.size());
        if (!url.empty() && url.back() == '/') url.remove_suffix(1);
        return url;
    }
    return std::nullopt;
}

// NAME of PREFIX NAME SUFFIX, if it has no dot and no slash.
std::optional<std::string> between(std::string_view text, std::string_view prefix, std::string_view suffix) {
    if (text.size() <= prefix.size() + suffix.size()) return std::nullopt;
    if (text.substr(0, prefix.size()) != prefix || text.substr(text.size() - suffix.size()) != suffix)
        return std::nullopt;
    const auto name = text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
    if (name.find_first_of("./") != std::string_view::npos) return std::nullopt;
    return std::string(name);
}

std::optional<std::string> name_in_url(const std::string& url, const std::string& prefix, const std::string& suffix) {
    const auto rest = without_scheme(url);
    return rest ? between(*rest, prefix, suffix) : std::nullopt;
}

std::string name_or(const std::optional<Account>& account, const std::string& fallback) {
    return account ? account->name : fallback;
}

std::string from_email(const std::string& email, AccountDirectory& directory, const ConverterHosts& hosts) {
    const auto at = email.rfind('@');
    if (at == std::string::npos) return email;
    if (ascii_lower_case(email.substr(at + 1)) == hosts.email_domain) return email.substr(0, at);
    return name_or(directory.find_by_email(email), email);
}

std::optional<std::string> from_github(const std::string& url, AccountDirectory& directory,
                                       const ConverterHosts& hosts) {
    const auto name = name_in_url(url, hosts.github_api + "/users/", "");
    if (!name) return url;
    const auto accounts = directory.find_by_github(*name);
    if (accounts.size() != 1) return std::nullopt;
    return accounts.front().name;
}

}  // namespace

std::optional<std::string> convert(Converter converter, const std::string& name, AccountDirectory& directory,
                                   const ConverterHosts& hosts) {
    switch (converter) {
        case Converter::nick2fas:
            return name_or(directory.find_by_nick(name), name);
        case Converter::email2fas:
            return from_email(name, directory, hosts);
        case Converter::openid2fas:
            return name_in_url(name, "", "." + hosts.id_provider).value_or(name);
        case Converter::github2fas:
            return from_github(name, directory, hosts);
        case Converter::distgit2fas:
            return name_in_url(name, hosts.distgit + "/user/", "").value_or(name);
        case Converter::krb2fas:
            return name.substr(0, name.find('/'));
    }
    return name;
}

}  // namespace badges
