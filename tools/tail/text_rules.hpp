// Text for messages by the built-in rules alone (cli.md 4.2 point 5): logger, announce, and the default. The renderer's
// rules for other services take their place when it exists. One thread.
#pragma once

#include <set>
#include <string>

#include "bus/json/document.hpp"
#include "tools/tail/regex.hpp"

namespace fedmsg::tools {

struct MessageText {
    std::string title;
    std::string subtitle;
    std::string link;
};

class TextRules {
public:
    // `topic_prefix_re`: prefix and environment as a regular expression; the error says what is wrong with it.
    static Result<TextRules> make(const std::string& topic_prefix_re);

    MessageText text_of(const json::Value& message) const;
    std::set<std::string> users_of(const json::Value& message) const;
    std::set<std::string> packages_of(const json::Value& message) const;

private:
    TextRules(Regex logger, Regex announce) : logger_(std::move(logger)), announce_(std::move(announce)) {}

    Regex logger_;
    Regex announce_;
};

}  // namespace fedmsg::tools
