#include "badges/rules/history.hpp"

#include <algorithm>

#include "badges/rules/any_json.hpp"
#include "badges/rules/python_text.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

bool is_empty_list(const std::optional<Names>& names) {
    return names && names->empty();
}

void sort_out(Names& names, bool lower) {
    if (lower)
        for (std::string& name : names) name = ascii_lower_case(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

void sort_out(Selection& selection, bool lower) {
    if (selection.wanted) sort_out(*selection.wanted, lower);
    sort_out(selection.unwanted, lower);
}

// Each name with its length in front, so that no two lists are written alike.
void append(std::string& key, std::string_view label, const Names& names) {
    key.append(label).append("[");
    for (const std::string& name : names) key.append(std::to_string(name.size())).append(":").append(name);
    key += "]";
}

void append(std::string& key, std::string_view label, const Selection& selection) {
    if (selection.wanted) append(key, label, *selection.wanted);
    if (!selection.unwanted.empty()) append(key += "!", label, selection.unwanted);
}

void append(std::string& key, std::string_view label, const std::optional<double>& time) {
    if (time) key.append(label).append("=").append(python_repr(*time)).append(" ");
}

bool has(const Names& sorted, const std::string& name) {
    return std::binary_search(sorted.begin(), sorted.end(), name);
}

bool accepts(const Selection& selection, const Names& values, bool lower) {
    const auto is_in = [lower](const Names& names) {
        return
            [&names, lower](const std::string& value) { return has(names, lower ? ascii_lower_case(value) : value); };
    };
    if (selection.wanted && std::none_of(values.begin(), values.end(), is_in(*selection.wanted))) return false;
    return std::none_of(values.begin(), values.end(), is_in(selection.unwanted));
}

bool contains_any(const Names& pieces, const Any& body) {
    const std::string text = canonical_json(body);
    return std::any_of(pieces.begin(), pieces.end(),
                       [&text](const std::string& piece) { return text.find(piece) != std::string::npos; });
}

}  // namespace

bool Query::matches_nothing() const {
    return is_empty_list(users.wanted) || is_empty_list(packages.wanted) || is_empty_list(categories.wanted) ||
           is_empty_list(agents.wanted) || is_empty_list(topics.wanted) || is_empty_list(contains) ||
           is_empty_list(msg_ids);
}

void Query::normalise() {
    for (Selection* names : {&users, &packages, &categories, &agents}) sort_out(*names, true);
    sort_out(topics, false);
    if (contains) sort_out(*contains, false);
    if (msg_ids) sort_out(*msg_ids, false);
}

std::string Query::key() const {
    std::string key;
    append(key, "start", start);
    append(key, "end", end);
    append(key, "users", users);
    append(key, "packages", packages);
    append(key, "categories", categories);
    append(key, "agents", agents);
    append(key, "topics", topics);
    if (contains) append(key, "contains", *contains);
    if (msg_ids) append(key, "msg_id", *msg_ids);
    return key;
}

Row row_of(const Envelope& message) {
    return {message.topic(), message.timestamp(), message.msg_id(), message.category(), message.i(),
            message.users(), message.packages(),  message.agent(),  message.body()};
}

bool matches(const Query& query, const Row& row) {
    if (query.matches_nothing()) return false;
    if (query.start && row.timestamp < *query.start) return false;
    if (query.end && row.timestamp > *query.end) return false;
    if (query.msg_ids && !has(*query.msg_ids, row.msg_id)) return false;
    if (!accepts(query.topics, {row.topic}, false) || !accepts(query.categories, {row.category}, true)) return false;
    if (!accepts(query.users, row.users, true) || !accepts(query.packages, row.packages, true)) return false;
    if (!accepts(query.agents, row.agent ? Names{*row.agent} : Names{}, true)) return false;
    return !query.contains || contains_any(*query.contains, row.msg);
}

}  // namespace badges
