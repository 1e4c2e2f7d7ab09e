#include "genacls/guard.hpp"

#include <cstdio>

namespace genacls {
namespace {

std::string percent(double part) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %%", part * 100);
    return text;
}

void compare(std::vector<std::string>& out, const char* what, std::size_t before, std::size_t after, double limit) {
    if (after >= before) return;
    const double lost = static_cast<double>(before - after) / static_cast<double>(before);
    if (lost <= limit) return;
    out.push_back(std::string(what) + " would fall from " + std::to_string(before) + " to " + std::to_string(after) +
                  ", by " + percent(lost) + "; genacls.max_shrink allows " + percent(limit));
}

}  // namespace

std::vector<std::string> objections(const ConfView* before, const ConfView& after, const GuardLimits& limits) {
    std::vector<std::string> out;
    const ConfSize size = size_of(after);
    if (static_cast<std::int64_t>(size.repositories) < limits.min_packages)
        out.push_back("only " + std::to_string(size.repositories) + " repositories; genacls.min_packages is " +
                      std::to_string(limits.min_packages));
    const auto admins = after.groups.find(limits.admin_group);
    if (admins == after.groups.end() || admins->second.empty())
        out.push_back("the group @" + limits.admin_group + " would be empty");
    if (before == nullptr) return out;
    const ConfSize last = size_of(*before);
    compare(out, "the number of repositories", last.repositories, size.repositories, limits.max_shrink);
    compare(out, "the number of rights (user and repository)", last.pairs, size.pairs, limits.max_shrink);
    return out;
}

}  // namespace genacls
