// Which messages fedmsg-tail shows (cli.md 4.1). One thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "bus/config/configuration.hpp"
#include "tools/tail/regex.hpp"
#include "tools/tail/text_rules.hpp"

namespace fedmsg::tools {

class Filter {
public:
    // From the keys that the options set; throws cli::Failure for a bad regular expression.
    Filter(const config::Configuration& configuration, const TextRules& rules);

    bool wants_topic(std::string_view topic) const;
    bool wants(const json::Value& message) const;

private:
    const TextRules& rules_;
    Regex exclude_;
    Regex include_;
    std::optional<std::set<std::string>> users_;
    std::optional<std::set<std::string>> packages_;
};

}  // namespace fedmsg::tools
