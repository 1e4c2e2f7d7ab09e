#include "badges/rules/filter.hpp"

#include <algorithm>
#include <charconv>

#include "badges/rules/expression/name_check.hpp"
#include "badges/rules/read_node.hpp"
#include "badges/rules/recipients.hpp"

namespace badges {
namespace {

using expression::Expression;

const std::vector<std::string>& filter_keys() {
    static const std::vector<std::string> keys = {
        "start",          "end",           "users",      "not_users", "packages",   "not_packages", "categories",
        "not_categories", "topics",        "not_topics", "agents",    "not_agents", "contains",     "msg_id",
        "page",           "rows_per_page", "order"};
    return keys;
}

bool is_paging(const std::string& key) {
    return key == "page" || key == "rows_per_page" || key == "order";
}

FilterKey::Element read_element(const YamlNode& node, const std::string& key, int dialect, const Limits& limits) {
    if (node.is_map()) {
        const YamlNode::Entry& lambda = only_entry(node, key, {"lambda"});
        const expression::NameSet names =
            dialect == 1 ? expression::NameSet{"msg", "message"} : expression::NameSet{"msg", "message", "recipient"};
        return read_expression(lambda.value, key + ".lambda", names, limits);
    }
    if (node.is_list()) throw FileError(node.line, key, "a list in a list: write its elements into the outer one");
    const Any value = node.value();
    if (!value.is_text()) return value;
    if (dialect == 1) return Template(value.text());
    return read_expression(node, key, {"message", "recipient"}, limits);
}

struct Resolver {
    const Envelope& message;
    const Texts& texts;
    const Limits& limits;
    const std::string* recipient;

    Any value_of(const FilterKey::Element& element) const {
        if (const auto* value = std::get_if<Any>(&element)) return *value;
        if (const auto* text = std::get_if<Template>(&element)) return text->resolve(message.root());
        expression::Budget budget(limits);
        const expression::Bindings names = {{"msg", message.root()},
                                            {"message", expression::message_object(message, texts)},
                                            {"recipient", recipient != nullptr ? Any(*recipient) : Any()}};
        return std::get<Expression>(element).evaluate(names, {message, texts, budget});
    }

    Names names_in(const FilterKey& key) const {
        Names names;
        for (const auto& element : key.elements)
            for (std::string& name : names_of(value_of(element))) names.push_back(std::move(name));
        return names;
    }

    double time_in(const FilterKey& key) const {
        const Any value = value_of(key.elements.front());
        if (const auto number = value.as_real()) return *number;
        if (!value.is_text()) throw EvaluationError(key.name + " is no number of seconds");
        double time = 0;
        const std::string& text = value.text();
        const auto result = std::from_chars(text.data(), text.data() + text.size(), time);
        if (result.ec != std::errc() || result.ptr != text.data() + text.size())
            throw EvaluationError(key.name + " is no number of seconds: " + text);
        return time;
    }
};

Selection* selection_of(Query& query, std::string_view name) {
    if (name == "users") return &query.users;
    if (name == "packages") return &query.packages;
    if (name == "categories") return &query.categories;
    if (name == "topics") return &query.topics;
    return name == "agents" ? &query.agents : nullptr;
}

void add_to(Query& query, const FilterKey& key, const Resolver& resolver) {
    if (key.name == "start") {
        query.start = resolver.time_in(key);
    } else if (key.name == "end") {
        query.end = resolver.time_in(key);
    } else if (key.name == "contains") {
        query.contains = resolver.names_in(key);
    } else if (key.name == "msg_id") {
        query.msg_ids = resolver.names_in(key);
    } else if (key.name.starts_with("not_")) {
        selection_of(query, std::string_view(key.name).substr(4))->unwanted = resolver.names_in(key);
    } else {
        selection_of(query, key.name)->wanted = resolver.names_in(key);
    }
}

// The attribute of `message` that an expression consists of, or nothing.
std::string message_attribute(const Expression& expression) {
    const auto* attribute = expression.tree().as<expression::Attribute>();
    const auto* name = attribute != nullptr ? attribute->object->as<expression::Name>() : nullptr;
    return name != nullptr && name->name == "message" ? attribute->name : std::string();
}

// What is certain about an element before any message is there: a text, or that it is the current topic or message id.
struct Known {
    std::optional<std::string> text;
    bool is_current_topic = false;
    bool is_current_id = false;
};

Known known_of(const FilterKey::Element& element) {
    if (const auto* value = std::get_if<Any>(&element)) return {value->str(), false, false};
    if (const auto* text = std::get_if<Template>(&element))
        return {text->constant(), text->only_path() == "topic", text->only_path() == "msg_id"};
    const auto& lambda = std::get<Expression>(element);
    const std::string attribute = message_attribute(lambda);
    Known known{std::nullopt, attribute == "topic", attribute == "id"};
    if (const auto* constant = lambda.tree().as<expression::Constant>();
        constant != nullptr && constant->value.is_text())
        known.text = constant->value.text();
    return known;
}

TopicWish wish_of_topics(const FilterKey& key, const TopicWish& trigger) {
    TopicWish wish;
    for (const auto& element : key.elements) {
        const Known known = known_of(element);
        if (known.is_current_topic)
            wish.unite(trigger);
        else if (known.text)
            wish.events.insert(std::string(split_topic(*known.text).event));
        else
            return TopicWish::all();
    }
    return wish;
}

TopicWish wish_of_categories(const FilterKey& key) {
    TopicWish wish;
    for (const auto& element : key.elements) {
        const Known known = known_of(element);
        if (!known.text) return TopicWish::all();
        wish.categories.insert(*known.text);
    }
    return wish;
}

bool uses(const expression::Node& node, std::string_view wanted) {
    const auto* name = node.as<expression::Name>();
    bool is_used = name != nullptr && name->name == wanted;
    expression::for_each_child(node, [&](const expression::Node& child) { is_used = is_used || uses(child, wanted); });
    return is_used;
}

}  // namespace

Query Filter::resolve(const Envelope& message, const Texts& texts, const Limits& limits,
                      const std::string* recipient) const {
    const Resolver resolver{message, texts, limits, recipient};
    Query query;
    for (const FilterKey& key : keys) add_to(query, key, resolver);
    query.normalise();
    return query;
}

TopicWish Filter::wish(const TopicWish& trigger) const {
    if (const FilterKey* ids = find("msg_id")) {
        const bool is_current = std::all_of(ids->elements.begin(), ids->elements.end(),
                                            [](const auto& element) { return known_of(element).is_current_id; });
        if (is_current) return TopicWish::nothing();
    }
    if (const FilterKey* topics = find("topics")) return wish_of_topics(*topics, trigger);
    if (const FilterKey* categories = find("categories")) return wish_of_categories(*categories);
    return TopicWish::all();
}

const FilterKey* Filter::find(std::string_view name) const {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [name](const FilterKey& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

bool Filter::uses_recipient() const {
    for (const FilterKey& key : keys)
        for (const auto& element : key.elements)
            if (const auto* lambda = std::get_if<Expression>(&element))
                if (uses(lambda->tree(), "recipient")) return true;
    return false;
}

Filter read_filter(const YamlNode& node, const std::string& key, int dialect, const Limits& limits) {
    check_keys(node, key, filter_keys());
    Filter filter;
    for (const YamlNode::Entry& entry : node.entries) {
        const std::string inner = key + "." + entry.key;
        if (is_paging(entry.key)) {
            filter.ignored.push_back(entry.key);
            continue;
        }
        FilterKey one{entry.key, entry.line, {}};
        if (entry.value.is_list())
            for (const YamlNode& item : entry.value.items)
                one.elements.push_back(read_element(item, inner, dialect, limits));
        else
            one.elements.push_back(read_element(entry.value, inner, dialect, limits));
        const bool is_time = entry.key == "start" || entry.key == "end";
        if (is_time && one.elements.size() != 1) throw FileError(entry.line, inner, "it wants one number of seconds");
        filter.keys.push_back(std::move(one));
    }
    return filter;
}

}  // namespace badges
