// Refuses names that nothing gives a value to.
#pragma once

#include "badges/rules/expression/ast.hpp"
#include "badges/rules/expression/parser.hpp"

namespace badges::expression {

// Throws SyntaxError. `names`: what the place offers; comprehensions add their variables.
void check_names(const Node& tree, const NameSet& names);

// Calls `visit` for every node directly below.
template <class Visit>
void for_each_child(const Node& node, Visit&& visit) {
    const auto all = [&visit](const Nodes& nodes) {
        for (const NodePtr& child : nodes) visit(*child);
    };
    const auto chain = [&visit](const auto& operators) {
        visit(*operators.first);
        for (const auto& [kind, operand] : operators.rest) visit(*operand);
    };
    if (const auto* sequence = node.as<Sequence>()) all(sequence->items);
    if (const auto* dict = node.as<DictDisplay>())
        for (const auto& [key, value] : dict->entries) visit(*key), visit(*value);
    if (const auto* choice = node.as<Conditional>())
        visit(*choice->condition), visit(*choice->then), visit(*choice->otherwise);
    if (const auto* logical = node.as<Logical>()) all(logical->operands);
    if (const auto* negation = node.as<Not>()) visit(*negation->operand);
    if (const auto* negation = node.as<Negate>()) visit(*negation->operand);
    if (const auto* comparisons = node.as<Comparisons>()) chain(*comparisons);
    if (const auto* arithmetic = node.as<Arithmetic>()) chain(*arithmetic);
    if (const auto* call = node.as<Call>()) all(call->arguments);
    if (const auto* call = node.as<MethodCall>()) visit(*call->object), all(call->arguments);
    if (const auto* attribute = node.as<Attribute>()) visit(*attribute->object);
    if (const auto* index = node.as<Index>()) visit(*index->object), visit(*index->index);
    if (const auto* each = node.as<Comprehension>()) {
        visit(*each->source), visit(*each->element);
        all(each->conditions);
    }
}

}  // namespace badges::expression
