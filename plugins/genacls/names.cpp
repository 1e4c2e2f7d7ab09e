#include "genacls/names.hpp"

#include <algorithm>
#include <cstddef>

namespace genacls {
namespace {

constexpr std::size_t kLongest = 255;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view name, std::string_view others) {
    const auto is_allowed = [&](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; };
    return !name.empty() && name.size() <= kLongest && is_alphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), is_allowed);
}

bool is_clean_path(std::string_view name) {
    return name.find("..") == std::string_view::npos && name.find("//") == std::string_view::npos &&
           !name.ends_with('/');
}

}  // namespace

bool is_user_name(std::string_view name) {
    return consists_of(name, "._@+-");
}

bool is_group_name(std::string_view name) {
    return is_user_name(name) && name != "all";
}

bool is_repository_name(std::string_view name) {
    return consists_of(name, "._@/+-") && is_clean_path(name);
}

bool is_branch_name(std::string_view name) {
    return consists_of(name, "._@/+-,") && is_clean_path(name) && !name.ends_with(".lock");
}

std::string branch_pattern(std::string_view branch) {
    static constexpr std::string_view kSpecial = ".+()[]{}*?^|\\$";
    std::string pattern;
    for (const char c : branch) {
        if (kSpecial.find(c) != std::string_view::npos) pattern.push_back('\\');
        pattern.push_back(c);
    }
    return pattern + "$";
}

}  // namespace genacls
