// What fedmsg-tail prints for a message (cli.md 4.2): later modes override earlier ones. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "tools/tail/text_rules.hpp"

namespace fedmsg::tools {

struct Modes {
    bool pretty = false;
    bool really_pretty = false;
    bool terse = false;
    bool cowsay = false;
    std::optional<std::string> query;

    // The keys that the options set.
    static Modes from(const config::Configuration& configuration);
};

class Formatter {
public:
    Formatter(Modes modes, const TextRules& rules);

    // The text, empty if there is nothing to print. The message is changed on the way (time, credentials).
    std::string text_of(json::Document& message) const;

private:
    std::string answer(const json::Value& message) const;

    const Modes modes_;
    const TextRules& rules_;
    std::vector<std::vector<std::string>> paths_;  // of the query
};

}  // namespace fedmsg::tools
