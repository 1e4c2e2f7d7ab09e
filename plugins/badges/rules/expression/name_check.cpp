#include "badges/rules/expression/name_check.hpp"

#include "badges/rules/expression/syntax_error.hpp"
#include "badges/rules/expression/vocabulary.hpp"
#include "badges/rules/suggestion.hpp"

namespace badges::expression {
namespace {

[[noreturn]] void refuse(std::size_t column, const std::string& name, const NameSet& names) {
    if (function_named(name) != nullptr)
        throw SyntaxError(column, "the function " + name + " must be called: " + name + "(...)");
    std::string known;
    for (const std::string& one : names) known += (known.empty() ? "" : ", ") + one;
    throw SyntaxError(column, "unknown name " + name + did_you_mean(name, {names.begin(), names.end()}) +
                                  "; here one may use: " + (known.empty() ? "no names" : known));
}

void check_comprehension(const Comprehension& each, const NameSet& names) {
    check_names(*each.source, names);
    NameSet inner = names;
    inner.insert(each.variables.begin(), each.variables.end());
    check_names(*each.element, inner);
    for (const NodePtr& condition : each.conditions) check_names(*condition, inner);
}

}  // namespace

void check_names(const Node& tree, const NameSet& names) {
    if (const auto* name = tree.as<Name>(); name != nullptr && !names.contains(name->name))
        refuse(tree.column, name->name, names);
    if (const auto* each = tree.as<Comprehension>()) return check_comprehension(*each, names);
    for_each_child(tree, [&names](const Node& child) { check_names(child, names); });
}

}  // namespace badges::expression
