#include "badges/rules/criteria.hpp"

#include "badges/rules/read_node.hpp"

namespace badges {
namespace {

const YamlNode& required(const YamlNode& node, const std::string& key, const std::string& name) {
    const YamlNode* value = node.find(name);
    if (value == nullptr) throw FileError(node.line, key + "." + name, "it is missing");
    return *value;
}

void read_history(Criteria& criteria, const YamlNode& node, const std::string& key, const Limits& limits) {
    check_keys(node, key, {"filter", "operation", "condition"});
    HistoryQuestion question;
    question.filter = read_filter(required(node, key, "filter"), key + ".filter", 1, limits);
    question.operation = read_operation(required(node, key, "operation"), key + ".operation", 1, limits);
    criteria.condition = read_condition(required(node, key, "condition"), key + ".condition", limits);
    criteria.history = std::move(question);
}

void read_ownership(Criteria& criteria, const YamlNode& node, const std::string& key) {
    check_keys(node, key, {"owns"});
    const YamlNode& owns = required(node, key, "owns");
    const std::string inner = key + ".owns";
    check_keys(owns, inner, {"user", "packages"});
    const YamlNode& packages = required(owns, inner, "packages");
    if (!packages.is_list() || packages.items.empty())
        throw FileError(packages.line, inner + ".packages", "it wants a list of packages");
    OwnershipQuestion question{Template(read_text(required(owns, inner, "user"), inner + ".user")), {}};
    for (const YamlNode& package : packages.items)
        question.packages.emplace_back(read_text(package, inner + ".packages"));
    criteria.ownership = std::move(question);
}

void read_children(Criteria& criteria, const YamlNode& value, const std::string& key, const Limits& limits) {
    if (criteria.kind == Criteria::Kind::negation) {
        criteria.children.push_back(read_criteria(value, key, limits));
        return;
    }
    if (!value.is_list() || value.items.empty()) throw FileError(value.line, key, "it wants a list of criteria");
    for (const YamlNode& child : value.items) criteria.children.push_back(read_criteria(child, key, limits));
}

}  // namespace

Criteria read_criteria(const YamlNode& node, const std::string& key, const Limits& limits) {
    const YamlNode::Entry& entry = only_entry(node, key, {"datanommer", "pkgdb", "all", "any", "not"});
    const std::string inner = key + "." + entry.key;
    Criteria criteria;
    criteria.line = entry.line;
    if (entry.key == "datanommer") {
        criteria.kind = Criteria::Kind::history;
        read_history(criteria, entry.value, inner, limits);
    } else if (entry.key == "pkgdb") {
        criteria.kind = Criteria::Kind::ownership;
        read_ownership(criteria, entry.value, inner);
    } else {
        criteria.kind = entry.key == "all"   ? Criteria::Kind::all
                        : entry.key == "any" ? Criteria::Kind::any
                                             : Criteria::Kind::negation;
        read_children(criteria, entry.value, inner, limits);
    }
    return criteria;
}

HistoryQuestion read_previous(const YamlNode& node, const std::string& key, const Limits& limits) {
    check_keys(node, key, {"filter", "operation"});
    HistoryQuestion question;
    question.filter = read_filter(required(node, key, "filter"), key + ".filter", 2, limits);
    question.operation = read_operation(required(node, key, "operation"), key + ".operation", 2, limits);
    return question;
}

}  // namespace badges
