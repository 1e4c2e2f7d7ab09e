// A route of an account: which messages it takes, and what is posted for them. Read from the configuration once, then
// immutable; any thread. Spec: consumers/twitterbot.md 3 and 3.1.
//
// The renderer of this hub does not exist yet: {title}, {subtitle}, {link} and {agent} of the meta layer have no value.
// So a route brings its text as `template` with {msg.PATH} fields, and its link as `link`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twitterbot/filter/event.hpp"
#include "twitterbot/filter/regex.hpp"
#include "twitterbot/filter/topic_filter.hpp"
#include "twitterbot/text/template.hpp"
#include "twitterbot/text/text.hpp"

namespace twitterbot {

// Where problems of the configuration go: which entry, what is wrong.
using Complain = std::function<void(const std::string& where, const std::string& what)>;

struct Route {
    // Filters. An empty list asks for nothing, but not all of them may be empty.
    std::vector<TopicPattern> topics;
    std::vector<TopicPattern> exclude_topics;
    std::vector<std::string> users;
    std::vector<std::string> exclude_users;
    std::vector<std::string> packages;
    std::vector<std::string> users_from;                        // paths at which names of users are looked for
    std::vector<std::string> packages_from;                     // the same for packages
    std::optional<Regex> body_regex;                            // searched in the JSON text of msg
    std::function<bool(const Event&, std::string* why)> match;  // null: none

    // What is posted.
    Template text{"{subtitle} {link}"};
    Template link;         // empty: none
    Template picture_url;  // empty: none
    Template picture_alt;  // empty: the text
    std::vector<std::string> hashtags;
    std::string visibility;  // empty: the account's
    bool protects_mentions = true;
    bool is_picture_required = false;
};

Route parse_route(const fedmsg_hub::Value& value, const std::string& where, const Complain& complain);

// One test of a route, for explain.
struct RouteTest {
    std::string what;
    bool passed = false;
    std::string found;
};

// The tests in order, up to the first that fails. The route takes the message if the last one passed.
std::vector<RouteTest> tried(const Route& route, const Event& event);
bool takes(const Route& route, const Event& event);

// What would be posted, before it is fitted to a service; or why nothing can be.
struct BuiltPost {
    Draft draft;
    std::string picture_url;
    std::string picture_alt;
    std::string problem;  // empty: there is a text
};
BuiltPost build_post(const Route& route, const Event& event);

// For maps of the configuration: complains about keys that are not in the list.
void expect_keys(const fedmsg_hub::Value& map, const std::vector<std::string_view>& known, const std::string& where,
                 const Complain& complain);

}  // namespace twitterbot
