#include "tools/tail/filter.hpp"

#include <algorithm>

#include "bus/base/text.hpp"
#include "bus/cli/command_line.hpp"

namespace fedmsg::tools {
namespace {

constexpr std::string_view kExclude = "_heartbeat";
constexpr std::string_view kInclude = "^((?!_heartbeat).)*$";

Regex compiled(const config::Configuration& configuration, const char* option, std::string_view key,
               std::string_view fallback) {
    auto regex = Regex::compile(configuration.text(key, fallback));
    if (!regex) throw cli::Failure(std::string(option) + ": " + regex.error().text);
    return std::move(*regex);
}

std::optional<std::set<std::string>> names(const config::Configuration& configuration, std::string_view key) {
    const auto list = configuration.text(key, "");
    if (list.empty()) return std::nullopt;
    std::set<std::string> found;
    for (const auto& name : text::split(list, ',')) found.emplace(text::trim(name));
    return found;
}

bool have_one_in_common(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.count(name) != 0; });
}

}  // namespace

Filter::Filter(const config::Configuration& configuration, const TextRules& rules)
    : rules_(rules),
      exclude_(compiled(configuration, "--exclude", "exclusive_regexp", kExclude)),
      include_(compiled(configuration, "--include", "inclusive_regexp", kInclude)),
      users_(names(configuration, "users")),
      packages_(names(configuration, "packages")) {}

bool Filter::wants_topic(std::string_view topic) const {
    return !exclude_.is_found_in(topic) && include_.is_found_in(topic);
}

bool Filter::wants(const json::Value& message) const {
    if (users_ && !have_one_in_common(*users_, rules_.users_of(message))) return false;
    return !packages_ || have_one_in_common(*packages_, rules_.packages_of(message));
}

}  // namespace fedmsg::tools
