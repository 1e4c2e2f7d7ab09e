#include "badges/rules/expression/parser.hpp"

#include <array>
#include <optional>

#include "badges/rules/expression/name_check.hpp"
#include "badges/rules/expression/syntax_error.hpp"
#include "badges/rules/expression/vocabulary.hpp"
#include "badges/rules/suggestion.hpp"

namespace badges::expression {
namespace {

template <class T>
NodePtr node(std::size_t column, T what) {
    return std::make_unique<const Node>(Node{column, std::move(what)});
}

// The operators that one level of precedence has.
using Level = std::array<std::pair<std::string_view, Operator>, 4>;
constexpr Level kBitOr = {{{"|", Operator::bit_or}}};
constexpr Level kBitAnd = {{{"&", Operator::bit_and}}};
constexpr Level kSum = {{{"+", Operator::add}, {"-", Operator::subtract}}};
constexpr Level kProduct = {
    {{"*", Operator::multiply}, {"//", Operator::floor_divide}, {"/", Operator::divide}, {"%", Operator::modulo}}};
constexpr std::array<std::pair<std::string_view, Comparison>, 6> kComparisons = {{{"==", Comparison::equal},
                                                                                  {"!=", Comparison::not_equal},
                                                                                  {"<", Comparison::less},
                                                                                  {"<=", Comparison::less_equal},
                                                                                  {">", Comparison::greater},
                                                                                  {">=", Comparison::greater_equal}}};

// One method per level of precedence, from the loosest to the tightest.
class Parser {
public:
    Parser(std::vector<Token> tokens, const Limits& limits) : tokens_(std::move(tokens)), limits_(limits) {}

    NodePtr run() {
        NodePtr tree = expression();
        if (current().kind != TokenKind::end) refuse(current(), "unexpected " + shown(current()));
        return tree;
    }

private:
    // Counts how deep the constructs stand in each other.
    class Nesting {
    public:
        explicit Nesting(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > parser_.limits_.nesting)
                refuse(parser_.current(), "nested deeper than " + std::to_string(parser_.limits_.nesting) + " levels");
        }
        ~Nesting() { --parser_.depth_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

    private:
        Parser& parser_;
    };

    [[noreturn]] static void refuse(const Token& token, const std::string& why) {
        throw SyntaxError(token.column, why);
    }
    static std::string shown(const Token& token) {
        switch (token.kind) {
            case TokenKind::end:
                return "end of the expression";
            case TokenKind::number:
                return "number " + token.number.repr();
            case TokenKind::text:
                return "text in quotes";
            case TokenKind::placeholder:
                return "%(" + token.word + ")s";
            default:
                return "'" + token.word + "'";
        }
    }

    const Token& current() const { return tokens_[at_]; }
    const Token& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
    const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool take_if(std::string_view mark) {
        if (!current().is(mark)) return false;
        take();
        return true;
    }
    void expect(std::string_view mark, const char* after) {
        if (!take_if(mark))
            refuse(current(), "expected '" + std::string(mark) + "' " + after + ", found " + shown(current()));
    }

    NodePtr expression() {
        const Nesting nesting(*this);
        const std::size_t column = current().column;
        NodePtr then = disjunction();
        if (!take_if("if")) return then;
        NodePtr condition = disjunction();
        expect("else", "after 'if'");
        NodePtr otherwise = expression();
        return node(column, Conditional{std::move(condition), std::move(then), std::move(otherwise)});
    }

    NodePtr disjunction() { return logical("or", false, &Parser::conjunction); }
    NodePtr conjunction() { return logical("and", true, &Parser::negation); }

    NodePtr logical(std::string_view word, bool is_and, NodePtr (Parser::*operand)()) {
        const std::size_t column = current().column;
        NodePtr first = (this->*operand)();
        if (!current().is(word)) return first;
        Logical all{is_and, {}};
        all.operands.push_back(std::move(first));
        while (take_if(word)) all.operands.push_back((this->*operand)());
        return node(column, std::move(all));
    }

    NodePtr negation() {
        const std::size_t column = current().column;
        if (!take_if("not")) return comparison();
        const Nesting nesting(*this);
        return node(column, Not{negation()});
    }

    NodePtr comparison() {
        const std::size_t column = current().column;
        NodePtr first = bit_or();
        Comparisons chain;
        while (const auto kind = comparison_operator()) chain.rest.emplace_back(*kind, bit_or());
        if (chain.rest.empty()) return first;
        chain.first = std::move(first);
        return node(column, std::move(chain));
    }

    std::optional<Comparison> comparison_operator() {
        for (const auto& [mark, kind] : kComparisons)
            if (take_if(mark)) return kind;
        if (take_if("in")) return Comparison::in;
        if (take_if("is")) return take_if("not") ? Comparison::is_not : Comparison::is;
        if (!current().is("not") || !next().is("in")) return std::nullopt;
        take();
        take();
        return Comparison::not_in;
    }

    NodePtr bit_or() { return arithmetic(kBitOr, &Parser::bit_and); }
    NodePtr bit_and() { return arithmetic(kBitAnd, &Parser::sum); }
    NodePtr sum() { return arithmetic(kSum, &Parser::product); }
    NodePtr product() { return arithmetic(kProduct, &Parser::unary); }

    NodePtr arithmetic(const Level& level, NodePtr (Parser::*operand)()) {
        const std::size_t column = current().column;
        NodePtr first = (this->*operand)();
        Arithmetic chain;
        while (const auto kind = operator_of(level)) chain.rest.emplace_back(*kind, (this->*operand)());
        if (chain.rest.empty()) return first;
        chain.first = std::move(first);
        return node(column, std::move(chain));
    }

    std::optional<Operator> operator_of(const Level& level) {
        for (const auto& [mark, kind] : level)
            if (!mark.empty() && current().kind == TokenKind::mark && take_if(mark)) return kind;
        return std::nullopt;
    }

    NodePtr unary() {
        const Token& first = current();
        if (first.is("+")) refuse(first, "a sign '+' is not supported");
        if (!take_if("-")) return postfix();
        const Nesting nesting(*this);
        return node(first.column, Negate{unary()});
    }

    NodePtr postfix() {
        NodePtr value = atom();
        for (int links = 0;; ++links) {
            if (links > limits_.nesting)
                refuse(current(), "more than " + std::to_string(limits_.nesting) + " calls in a chain");
            if (take_if(".")) {
                value = member(std::move(value));
            } else if (current().is("[")) {
                value = index(std::move(value));
            } else if (current().is("(")) {
                refuse(current(), "only functions and methods that have a name can be called");
            } else {
                return value;
            }
        }
    }

    NodePtr member(NodePtr object) {
        const Token& name = expect_name("after '.'");
        if (current().is("(")) return method(std::move(object), name);
        if (is_attribute(name.word)) return node(name.column, Attribute{std::move(object), name.word});
        if (method_named(name.word) != nullptr)
            refuse(name, "the method " + name.word + " must be called: " + name.word + "()");
        refuse(name, "unknown attribute ." + name.word + did_you_mean(name.word, method_and_attribute_names()));
    }

    NodePtr method(NodePtr object, const Token& name) {
        const Arity* arity = method_named(name.word);
        if (arity == nullptr)
            refuse(name, "unknown method ." + name.word + "()" + did_you_mean(name.word, method_and_attribute_names()));
        take();
        MethodCall call{std::move(object), name.word, arguments(")")};
        check_count(name, *arity, call.arguments.size());
        return node(name.column, std::move(call));
    }

    NodePtr index(NodePtr object) {
        const std::size_t column = take().column;
        NodePtr at = expression();
        if (current().is(":")) refuse(current(), "slices [a:b] are not supported");
        expect("]", "after an index");
        return node(column, Index{std::move(object), std::move(at)});
    }

    const Token& expect_name(const char* where) {
        if (current().kind != TokenKind::name) refuse(current(), std::string("expected a name ") + where);
        return take();
    }

    NodePtr atom() {
        const Token& token = current();
        switch (token.kind) {
            case TokenKind::number:
                return node(token.column, Constant{take().number});
            case TokenKind::placeholder:
                return node(token.column, Placeholder{take().word});
            case TokenKind::text:
                return text(take());
            case TokenKind::name:
                return name(take());
            default:
                return display();
        }
    }

    NodePtr text(const Token& token) {
        if (current().kind == TokenKind::text)
            refuse(current(), "two texts follow each other: put + or a comma between them");
        if (token.parts.empty()) return node(token.column, Constant{""});
        if (token.parts.size() == 1)
            if (const auto* only = std::get_if<std::string>(&token.parts.front()))
                return node(token.column, Constant{*only});
        return node(token.column, TextWithPlaceholders{token.parts});
    }

    NodePtr name(const Token& token) {
        if (token.word == "None") return node(token.column, Constant{});
        if (token.word == "True" || token.word == "False") return node(token.column, Constant{token.word == "True"});
        if (is_reserved(token.word)) refuse(token, "unexpected '" + token.word + "'");
        if (is_module(token.word)) return function(token, dotted(token));
        if (current().is("(")) return function(token, token.word);
        return node(token.column, Name{token.word});
    }

    std::string dotted(const Token& first) {
        std::string path = first.word;
        while (take_if(".")) path += "." + expect_name("after '.'").word;
        return path;
    }

    NodePtr function(const Token& token, const std::string& function_name) {
        const Arity* arity = function_named(function_name);
        if (arity == nullptr)
            refuse(token, "unknown function " + function_name + did_you_mean(function_name, function_names()));
        expect("(", ("after " + function_name).c_str());
        Call call{function_name, {}, nullptr};
        call.arguments = is_meta_function(function_name) ? meta_arguments() : arguments(")");
        check_count(token, *arity, call.arguments.size());
        compile_regex(call);
        return node(token.column, std::move(call));
    }

    static void check_count(const Token& token, const Arity& arity, std::size_t count) {
        if (count >= arity.least && count <= arity.most) return;
        const std::string wanted = arity.least == arity.most
                                       ? std::to_string(arity.least)
                                       : std::to_string(arity.least) + " to " + std::to_string(arity.most);
        refuse(token, std::string(arity.name) + "() takes " + wanted + " arguments, here are " + std::to_string(count));
    }

    // A pattern that is a literal is read at once, so that its mistakes show when the rule is loaded.
    static void compile_regex(Call& call) {
        if (!call.function.starts_with("re.")) return;
        const Node& pattern = *call.arguments.front();
        const auto* constant = pattern.as<Constant>();
        if (constant == nullptr || !constant->value.is_text()) return;
        try {
            call.regex = std::make_shared<const Regex>(constant->value.text());
        } catch (const std::invalid_argument& error) {
            throw SyntaxError(pattern.column, error.what());
        }
    }

    Nodes arguments(std::string_view close) {
        Nodes list;
        while (!current().is(close)) {
            if (current().is("*") || current().is("**")) refuse(current(), "* and ** in a call are not supported");
            if (current().kind == TokenKind::name && next().is("="))
                refuse(current(), "arguments with a name (" + current().word + "=) are not supported");
            list.push_back(list.empty() ? element_or_generator() : expression());
            if (!take_if(",")) break;
        }
        expect(close, "after the arguments");
        return list;
    }

    NodePtr element_or_generator() {
        const std::size_t column = current().column;
        NodePtr element = expression();
        return current().is("for") ? comprehension(column, false, std::move(element)) : std::move(element);
    }

    // The message, and what is ignored: the original's functions wanted their configuration.
    Nodes meta_arguments() {
        Nodes list;
        list.push_back(expression());
        while (take_if(",") && !current().is(")")) {
            take_if("**");
            if (current().kind == TokenKind::name && next().is("=")) {
                take();
                take();
            }
            expression();
        }
        expect(")", "after the arguments");
        return list;
    }

    NodePtr display() {
        const Token& token = current();
        const std::size_t column = token.column;
        if (take_if("(")) return parenthesis(column);
        if (take_if("[")) return list(column);
        if (take_if("{")) return dict(column);
        refuse(token, "expected a value, found " + shown(token));
    }

    NodePtr parenthesis(std::size_t column) {
        if (take_if(")")) return node(column, Sequence{true, {}});
        NodePtr first = element_or_generator();
        if (take_if(")")) return first;
        expect(",", "or ')'");
        return rest_of_sequence(column, true, std::move(first), ")");
    }

    NodePtr list(std::size_t column) {
        if (take_if("]")) return node(column, Sequence{false, {}});
        NodePtr first = expression();
        if (current().is("for")) {
            NodePtr all = comprehension(column, true, std::move(first));
            expect("]", "after a list comprehension");
            return all;
        }
        if (!current().is("]")) expect(",", "or ']'");
        return rest_of_sequence(column, false, std::move(first), "]");
    }

    NodePtr rest_of_sequence(std::size_t column, bool is_tuple, NodePtr first, std::string_view close) {
        Sequence sequence{is_tuple, {}};
        sequence.items.push_back(std::move(first));
        while (!current().is(close)) {
            sequence.items.push_back(expression());
            if (!take_if(",")) break;
        }
        expect(close, "after the last element");
        return node(column, std::move(sequence));
    }

    NodePtr dict(std::size_t column) {
        DictDisplay all;
        while (!current().is("}")) {
            NodePtr key = expression();
            if (!current().is(":")) refuse(current(), "expected ':' after a key: sets in braces are not supported");
            take();
            all.entries.emplace_back(std::move(key), expression());
            if (current().is("for")) refuse(current(), "comprehensions in braces are not supported");
            if (!take_if(",")) break;
        }
        expect("}", "after the last entry");
        return node(column, std::move(all));
    }

    // After the element: for NAME in SOURCE [if CONDITION]...
    NodePtr comprehension(std::size_t column, bool is_list, NodePtr element) {
        const Nesting nesting(*this);
        expect("for", "after the element");
        Comprehension all{is_list, std::move(element), variables(), nullptr, {}};
        expect("in", "after the variables");
        all.source = disjunction();
        while (take_if("if")) all.conditions.push_back(disjunction());
        if (current().is("for")) refuse(current(), "a second 'for' in a comprehension is not supported");
        return node(column, std::move(all));
    }

    std::vector<std::string> variables() {
        const bool has_parenthesis = take_if("(");
        std::vector<std::string> names = {variable()};
        if (take_if(",")) names.push_back(variable());
        if (current().is(",")) refuse(current(), "only pairs can be unpacked");
        if (has_parenthesis) expect(")", "after the pair");
        return names;
    }

    std::string variable() {
        const Token& token = expect_name("after 'for'");
        if (is_reserved(token.word)) refuse(token, "unexpected '" + token.word + "'");
        return token.word;
    }

    std::vector<Token> tokens_;
    const Limits& limits_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

NodePtr parse(std::string_view source, const NameSet& names, const Limits& limits) {
    if (source.size() > limits.source_bytes)
        throw SyntaxError(limits.source_bytes + 1,
                          "the expression is longer than " + std::to_string(limits.source_bytes) + " bytes");
    NodePtr tree = Parser(tokens_of(source), limits).run();
    check_names(*tree, names);
    return tree;
}

}  // namespace badges::expression
