// Evaluator: walks over the tree of an expression. One thread, one evaluation.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "badges/rules/expression/ast.hpp"
#include "badges/rules/expression/expression.hpp"

namespace badges::expression {

class Evaluator {
public:
    // Return false to see no more values.
    using Visitor = std::function<bool(const Any&)>;

    Evaluator(const Bindings& names, const Context& context);

    // Throws an EvaluationError; HistoryUnreachable passes through.
    Any evaluate(const Node& node);
    // The values that a node stands for, one by one: comprehensions and queries are not gathered in memory.
    void each(const Node& node, const Visitor& visit);
    void each(const Any& iterable, const Visitor& visit);

    const Context& context() const noexcept { return context_; }
    Budget& budget() const noexcept { return context_.budget; }

private:
    class Variables;

    Any of(const Constant& constant);
    Any of(const TextWithPlaceholders& text);
    Any of(const Placeholder& placeholder);
    Any of(const Name& name);
    Any of(const Sequence& sequence);
    Any of(const DictDisplay& display);
    Any of(const Conditional& choice);
    Any of(const Logical& logical);
    Any of(const Not& negation);
    Any of(const Negate& negation);
    Any of(const Comparisons& comparisons);
    Any of(const Arithmetic& arithmetic);
    Any of(const Call& call);
    Any of(const MethodCall& call);
    Any of(const Attribute& attribute);
    Any of(const Index& index);
    Any of(const Comprehension& comprehension);

    void each_of(const Comprehension& comprehension, const Visitor& visit);
    bool holds(Comparison kind, const Any& left, const Any& right);

    std::vector<std::pair<std::string_view, Any>> names_;  // innermost last
    const Context& context_;
};

// Parts of the evaluator that are functions of values alone; all throw EvaluationErrors.
Any negated(const Any& value);
Any calculated(Operator kind, const Any& left, const Any& right, Budget& budget);
bool is_in(const Any& item, const Any& container, Evaluator& evaluator);
Any item_at(const Any& object, const Any& index, Evaluator& evaluator);
Any call_function(const Call& call, Evaluator& evaluator);
Any call_method(const MethodCall& call, const Any& object, const List& arguments, Evaluator& evaluator);

enum class MetaQuestion { usernames, packages, agent, objects };
Any ask_meta(MetaQuestion question, const Envelope& message, const Texts& texts);

// Where a piece begins in a text; npos if it does not occur. Linear in the text.
std::size_t find_piece(std::string_view text, std::string_view piece, std::size_t from = 0);

[[noreturn]] void fail(const std::string& why);

}  // namespace badges::expression
