// The tree of a parsed expression. Immutable; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "badges/rules/any.hpp"
#include "badges/rules/expression/token.hpp"
#include "support/python_regex.hpp"

namespace badges::expression {

using Regex = fedmsg_plugins::PythonRegex;

struct Node;
using NodePtr = std::unique_ptr<const Node>;
using Nodes = std::vector<NodePtr>;

struct Constant {
    Any value;
};
struct TextWithPlaceholders {
    std::vector<LiteralPart> parts;
};
struct Placeholder {
    std::string path;
};
struct Name {
    std::string name;
};
struct Sequence {
    bool is_tuple;
    Nodes items;
};
struct DictDisplay {
    std::vector<std::pair<NodePtr, NodePtr>> entries;
};
struct Conditional {
    NodePtr condition, then, otherwise;
};
struct Logical {
    bool is_and;
    Nodes operands;
};
struct Not {
    NodePtr operand;
};
struct Negate {
    NodePtr operand;
};

enum class Comparison { equal, not_equal, less, less_equal, greater, greater_equal, in, not_in, is, is_not };

struct Comparisons {  // a < b < c
    NodePtr first;
    std::vector<std::pair<Comparison, NodePtr>> rest;
};

enum class Operator { bit_or, bit_and, add, subtract, multiply, divide, floor_divide, modulo };

struct Arithmetic {  // a + b - c, of one level of precedence
    NodePtr first;
    std::vector<std::pair<Operator, NodePtr>> rest;
};
struct Call {
    std::string function;  // "len", "re.match"
    Nodes arguments;
    std::shared_ptr<const Regex> regex;  // of a regular expression that is a literal
};
struct MethodCall {
    NodePtr object;
    std::string method;
    Nodes arguments;
};
struct Attribute {
    NodePtr object;
    std::string name;
};
struct Index {
    NodePtr object, index;
};
struct Comprehension {
    bool is_list;
    NodePtr element;
    std::vector<std::string> variables;  // one, or two that a pair is unpacked into
    NodePtr source;
    Nodes conditions;
};

struct Node {
    std::size_t column;
    std::variant<Constant, TextWithPlaceholders, Placeholder, Name, Sequence, DictDisplay, Conditional, Logical, Not,
                 Negate, Comparisons, Arithmetic, Call, MethodCall, Attribute, Index, Comprehension>
        what;

    template <class T>
    const T* as() const {
        return std::get_if<T>(&what);
    }
};

}  // namespace badges::expression
