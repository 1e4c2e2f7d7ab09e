#include "twitterbot/filter/route.hpp"

#include <algorithm>
#include <stdexcept>

#include "support/json_path.hpp"
#include "support/structured_test.hpp"
#include "support/url.hpp"

namespace twitterbot {

using fedmsg_hub::Value;
using fedmsg_plugins::at_path;

namespace {

constexpr std::size_t kLongestValue = 4096;  // bytes of one field
const std::vector<std::string_view> kKeys = {"topics",
                                             "exclude_topics",
                                             "users",
                                             "exclude_users",
                                             "packages",
                                             "users_from",
                                             "match",
                                             "body_regex",
                                             "template",
                                             "hashtags",
                                             "link",
                                             "picture",
                                             "picture_url",
                                             "picture_alt",
                                             "visibility",
                                             "protect_mentions",
                                             "picture_required",
                                             "packages_from",
                                             "secondary_picture_url"};
const std::vector<std::string> kUserPaths = {"username", "msg.user", "msg.user.username", "msg.agent", "msg.username"};
const std::vector<std::string> kPackagePaths = {
    "msg.package",     "msg.package.name", "msg.package_listing.package.name",
    "msg.tag.package", "msg.commit.repo",  "msg.name"};
const std::vector<std::string_view> kVisibilities = {"public", "unlisted", "private", "direct"};

// Reads the entries of one route; everything wrong goes to `complain`, with the entry's name.
class Reader {
public:
    Reader(Value map, std::string where, const Complain& complain)
        : map_(map), where_(std::move(where)), complain_(complain) {}

    std::string text(std::string_view key, std::string fallback = {}) const {
        const Value value = map_[key];
        if (!value.exists()) return fallback;
        if (!value.is_string()) complain(key, "must be a text");
        return value.text_or("");
    }
    bool flag(std::string_view key, bool fallback) const {
        const Value value = map_[key];
        if (value.exists() && !value.is_boolean()) complain(key, "must be true or false");
        return value.boolean_or(fallback);
    }
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback = {}) const {
        const Value value = map_[key];
        if (!value.exists()) return fallback;
        if (!value.is_array()) complain(key, "must be a list of texts");
        std::vector<std::string> out;
        for (const Value item : value.elements()) {
            if (!item.is_string() || item.text().empty()) complain(key, "must be a list of texts that are not empty");
            out.push_back(item.text_or(""));
        }
        return out;
    }
    std::vector<std::string> paths(std::string_view key, const std::vector<std::string>& fallback) const {
        std::vector<std::string> out = texts(key, fallback);
        for (const std::string& path : out) attempt(key, [&] { fedmsg_plugins::split_path(path); });
        return out;
    }
    std::vector<TopicPattern> topics(std::string_view key) const {
        std::vector<TopicPattern> out;
        for (const std::string& text : texts(key)) attempt(key, [&] { out.emplace_back(text); });
        return out;
    }
    Template form(std::string_view key, const std::string& fallback) const {
        Template out;
        attempt(key, [&] { out = Template(text(key, fallback)); });
        return out;
    }
    std::optional<Regex> regex(std::string_view key) const {
        std::optional<Regex> out;
        if (map_[key].exists()) attempt(key, [&] { out = Regex(text(key)); });
        return out;
    }

    template <class Work>
    void attempt(std::string_view key, Work&& work) const {
        try {
            work();
        } catch (const std::invalid_argument& error) {
            complain(key, error.what());
        }
    }
    void complain(std::string_view key, const std::string& what) const {
        complain_(key.empty() ? where_ : where_ + "." + std::string(key), what);
    }

private:
    Value map_;
    std::string where_;
    const Complain& complain_;
};

std::function<bool(const Event&, std::string*)> match_from(const Value& definition) {
    const auto test = fedmsg_plugins::StructuredTest::parse(fedmsg_plugins::datum_from(definition));
    return [test](const Event& event, std::string* why) {
        return test.test(fedmsg_plugins::ValueSubject(event.root), *why) == fedmsg_plugins::Answer::yes;
    };
}

void read_filters(Route& route, const Reader& reader, const Value& value) {
    route.topics = reader.topics("topics");
    route.exclude_topics = reader.topics("exclude_topics");
    route.users = reader.texts("users");
    route.exclude_users = reader.texts("exclude_users");
    route.packages = reader.texts("packages");
    route.users_from = reader.paths("users_from", kUserPaths);
    route.packages_from = reader.paths("packages_from", kPackagePaths);
    route.body_regex = reader.regex("body_regex");
    if (value["match"].exists()) reader.attempt("match", [&] { route.match = match_from(value["match"]); });
    const bool asks_for_something =
        !route.topics.empty() || !route.users.empty() || !route.packages.empty() || route.body_regex || route.match;
    if (!asks_for_something)
        reader.complain("",
                        "takes every message of the bus: name topics, users or packages; if it is to be so, write "
                        "topics: [\"*\"]");
}

void read_texts(Route& route, const Reader& reader) {
    route.text = reader.form("template", "{subtitle} {link}");
    route.link = reader.form("link", "");
    route.hashtags = reader.texts("hashtags");
    for (std::string& tag : route.hashtags) {
        if (tag.front() == '#') tag.erase(0, 1);
        if (tag.empty() || tag.find_first_of(" \t\n#@") != std::string::npos)
            reader.complain("hashtags", "\"" + tag + "\" is no hashtag: one word, without #");
    }
    route.protects_mentions = reader.flag("protect_mentions", true);
    route.visibility = reader.text("visibility");
    if (!route.visibility.empty() &&
        std::find(kVisibilities.begin(), kVisibilities.end(), route.visibility) == kVisibilities.end())
        reader.complain("visibility", "must be public, unlisted, private or direct");
}

void read_picture(Route& route, const Reader& reader, const Value& value) {
    const std::string picture = reader.text("picture", "icon");
    if (picture != "none" && picture != "icon" && picture != "secondary")
        reader.complain("picture", "must be icon, secondary or none");
    const char* source = picture == "secondary" ? "secondary_picture_url" : "picture_url";
    if (picture != "none") route.picture_url = reader.form(source, "");
    if (picture == "secondary" && !value[source].exists())
        reader.complain("picture", "secondary needs secondary_picture_url");
    route.picture_alt = reader.form("picture_alt", "");
    route.is_picture_required = reader.flag("picture_required", false);
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<std::string> names_at(const Event& event, const std::vector<std::string>& paths) {
    std::vector<std::string> names;
    const auto add = [&names](const Value& value) {
        if (value.is_string() && !contains(names, std::string(value.text()))) names.emplace_back(value.text());
    };
    for (const std::string& path : paths) {
        const Value value = at_path(event.root, path);
        add(value);
        for (const Value item : value.elements()) add(item);
    }
    return names;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(word);
    return out.empty() ? "(none)" : out;
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&b](const std::string& text) { return contains(b, text); });
}

// A value that may stand in a text: no lists, maps and nulls, nothing empty.
std::optional<std::string> value_text(const Value& value) {
    if (value.is_array() || value.is_object() || value.is_null() || !value.exists()) return std::nullopt;
    std::string text = value.display().substr(0, kLongestValue);
    if (clean(text).empty()) return std::nullopt;
    return text;
}

std::optional<std::string> tags_of(const Route& route) {
    std::string out;
    for (const std::string& tag : route.hashtags) out.append(out.empty() ? "#" : " #").append(tag);
    return out;
}

// Fields that do not depend on where in the post they stand.
std::optional<std::string> field(const Route& route, const Event& event, const std::string& name) {
    if (name == "title" || name == "subtitle" || name == "agent") return std::nullopt;  // the renderer's
    if (name == "topic") return event.topic;
    if (name == "tags") return tags_of(route);
    try {
        return value_text(at_path(event.root, name));
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

// A URL from a template. What messages say is encoded, unless the whole is one value.
std::string url_from(const Template& form, const Route& route, const Event& event, std::string* problem) {
    const bool is_encoded = form.pieces().size() > 1;
    std::string missing;
    const auto url = filled(
        form,
        [&](const std::string& name) {
            auto value = field(route, event, name);
            return value && is_encoded ? fedmsg_plugins::percent_encode(*value) : value;
        },
        &missing);
    if (!url) {
        *problem = "{" + missing + "} has no value";
        return {};
    }
    try {
        if (fedmsg_plugins::parse_url(*url).is_http() && with_urls_as(*url, "") == "") return *url;
        *problem = "\"" + *url + "\" is no web address";
    } catch (const std::invalid_argument& error) {
        *problem = error.what();
    }
    return {};
}

std::optional<std::string> protected_field(const Route& route, const Event& event, const std::string& name) {
    auto value = field(route, event, name);
    if (value) value = clean(route.protects_mentions && name != "tags" ? without_mentions(clean(*value)) : *value);
    return value;
}

// Fills a template up to the field {link}, or from behind it.
class Sides {
public:
    Sides(const Route& route, const Event& event, BuiltPost& out) : route_(route), event_(event), out_(out) {}

    void fill() {
        std::string* side = &out_.draft.head;
        for (const Template::Piece& piece : route_.text.pieces()) {
            if (piece.is_field && piece.text == "link") {
                side = &out_.draft.tail;
                continue;
            }
            const auto value = piece.is_field ? protected_field(route_, event_, piece.text) : piece.text;
            if (!value) return static_cast<void>(out_.problem = "{" + piece.text + "} has no value" + hint(piece.text));
            *side += *value;
        }
        if (!route_.text.has("tags")) out_.draft.hashtags = route_.hashtags;
    }

private:
    static std::string hint(const std::string& name) {
        const bool is_rendered = name == "title" || name == "subtitle" || name == "agent";
        return is_rendered ? ", since this hub renders no texts yet: give the route a template with {msg.PATH} fields"
                           : "";
    }

    const Route& route_;
    const Event& event_;
    BuiltPost& out_;
};

void add_link(const Route& route, const Event& event, BuiltPost& out) {
    const bool is_wanted = route.text.has("link");
    if (route.link.is_empty()) {
        if (is_wanted) out.problem = "{link} has no value: give the route a link";
        return;
    }
    std::string problem;
    out.draft.link = url_from(route.link, route, event, &problem);
    if (!problem.empty()) out.problem = "link: " + problem;
    if (!is_wanted) out.draft.head += " ";
}

void add_picture(const Route& route, const Event& event, BuiltPost& out) {
    if (route.picture_url.is_empty()) return;
    std::string problem;
    out.picture_url = url_from(route.picture_url, route, event, &problem);
    if (!problem.empty() && route.is_picture_required) out.problem = "picture_url: " + problem;
    std::string missing;
    const auto alt = filled(
        route.picture_alt, [&](const std::string& name) { return protected_field(route, event, name); }, &missing);
    out.picture_alt = cut(clean(alt && !alt->empty() ? *alt : out.draft.head), 420, LengthRule::mastodon());
}

}  // namespace

Route parse_route(const Value& value, const std::string& where, const Complain& complain) {
    Route route;
    if (!value.is_object()) {
        complain(where, "must be a map: topics, template, link, ...");
        return route;
    }
    expect_keys(value, kKeys, where, complain);
    const Reader reader(value, where, complain);
    read_filters(route, reader, value);
    read_texts(route, reader);
    read_picture(route, reader, value);
    return route;
}

std::vector<RouteTest> tried(const Route& route, const Event& event) {
    std::vector<RouteTest> tests;
    const auto test = [&tests](const std::string& what, bool passed, const std::string& found) {
        tests.push_back({what, passed, found});
        return passed;
    };
    if (!route.topics.empty()) {
        const TopicPattern* pattern = first_match(route.topics, event.topic);
        if (!test("topics", pattern != nullptr, pattern != nullptr ? pattern->text() : event.topic)) return tests;
    }
    if (const TopicPattern* pattern = first_match(route.exclude_topics, event.topic))
        return test("exclude_topics", false, pattern->text()), tests;
    const auto users = names_at(event, route.users_from);
    if (!route.users.empty() && !test("users", share_one(users, route.users), joined(users))) return tests;
    if (!route.exclude_users.empty() && !test("exclude_users", !share_one(users, route.exclude_users), joined(users)))
        return tests;
    const auto packages = names_at(event, route.packages_from);
    if (!route.packages.empty() && !test("packages", share_one(packages, route.packages), joined(packages)))
        return tests;
    if (route.body_regex && !test("body_regex", route.body_regex->is_in(event.msg.json()), route.body_regex->pattern()))
        return tests;
    std::string why;
    if (route.match) test("match", route.match(event, &why), why);
    return tests;
}

bool takes(const Route& route, const Event& event) {
    const std::vector<RouteTest> tests = tried(route, event);
    return !tests.empty() && tests.back().passed;
}

BuiltPost build_post(const Route& route, const Event& event) {
    BuiltPost out;
    Sides(route, event, out).fill();
    if (out.problem.empty()) add_link(route, event, out);
    if (out.problem.empty()) add_picture(route, event, out);
    if (out.problem.empty() && clean(out.draft.head + out.draft.tail).empty()) out.problem = "the text is empty";
    return out;
}

void expect_keys(const Value& map, const std::vector<std::string_view>& known, const std::string& where,
                 const Complain& complain) {
    for (const auto& [key, value] : map.members())
        if (std::find(known.begin(), known.end(), key) == known.end())
            complain(where + "." + std::string(key), "is not a key that is known here");
}

}  // namespace twitterbot
