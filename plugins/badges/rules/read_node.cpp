#include "badges/rules/read_node.hpp"

#include <algorithm>

#include "badges/rules/suggestion.hpp"

namespace badges {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

std::string inside(const std::string& key, const std::string& inner) {
    return key.empty() ? inner : key + "." + inner;
}

void check_key(const YamlNode::Entry& entry, const std::string& key, const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) return;
    throw FileError(entry.line, inside(key, entry.key),
                    "unknown key" + did_you_mean(entry.key, known) + "; there are: " + joined(known));
}

}  // namespace

std::string read_text(const YamlNode& node, const std::string& key) {
    if (!node.is_scalar() || node.is_null() || node.text.empty())
        throw FileError(node.line, key, "it wants a text that is not empty");
    return node.text;
}

expression::Expression read_expression(const YamlNode& node, const std::string& key, const expression::NameSet& names,
                                       const Limits& limits) {
    const std::string source = read_text(node, key);
    try {
        return expression::Expression::parse(source, names, limits);
    } catch (const expression::SyntaxError& error) {
        throw FileError(node.line, key, error.what());
    }
}

fedmsg_plugins::StructuredTest read_test(const YamlNode& node, const std::string& key) {
    try {
        return fedmsg_plugins::StructuredTest::parse(node.datum());
    } catch (const fedmsg_plugins::StructuredTestError& error) {
        throw FileError(node.line, key, error.what());
    }
}

const YamlNode::Entry& only_entry(const YamlNode& node, const std::string& key, const std::vector<std::string>& known) {
    if (!node.is_map() || node.entries.empty())
        throw FileError(node.line, key, "it wants a mapping with one of the keys: " + joined(known));
    check_key(node.entries.front(), key, known);
    if (node.entries.size() > 1)
        throw FileError(node.entries[1].line, inside(key, node.entries[1].key),
                        "a second key in one node: put an operator around them, all: [...] or any: [...]");
    return node.entries.front();
}

void check_keys(const YamlNode& node, const std::string& key, const std::vector<std::string>& known) {
    if (!node.is_map()) throw FileError(node.line, key, "it wants a mapping with keys of: " + joined(known));
    for (const YamlNode::Entry& entry : node.entries) check_key(entry, key, known);
}

std::string excerpt(std::string text) {
    static constexpr std::size_t kLongest = 120;
    if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
    return text;
}

}  // namespace badges
