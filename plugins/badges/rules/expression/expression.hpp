// Expression: the safe subset of Python in which rules put their questions. Source: badges.md 3.6.
//
//     const auto expression = Expression::parse("msg['n'] > 1", {"msg"}, limits);        // throws SyntaxError
//     const Any answer = expression.evaluate({{"msg", envelope.root()}}, context);       // throws EvaluationError
//
// An expression cannot reach anything but the values that it is given. Immutable; any thread.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "badges/rules/any.hpp"
#include "badges/rules/envelope.hpp"
#include "badges/rules/expression/ast.hpp"
#include "badges/rules/expression/budget.hpp"
#include "badges/rules/expression/parser.hpp"
#include "badges/rules/expression/syntax_error.hpp"
#include "badges/rules/texts.hpp"

namespace badges::expression {

using Bindings = std::vector<std::pair<std::string, Any>>;

// What an evaluation has besides names. All must outlive it.
struct Context {
    const Envelope& message;  // for placeholders and the meta layer
    const Texts& texts;
    Budget& budget;
};

class Expression {
public:
    static Expression parse(std::string_view source, const NameSet& names, const Limits& limits);

    Any evaluate(const Bindings& names, const Context& context) const;

    const std::string& source() const noexcept { return source_; }
    const Node& tree() const noexcept { return *tree_; }
    const std::set<std::string>& placeholders() const noexcept { return placeholders_; }
    // Functions of the meta layer and attributes that need it: "fedmsg.meta.msg2usernames", "message.agent_name".
    const std::set<std::string>& meta_uses() const noexcept { return meta_uses_; }

private:
    std::string source_;
    std::shared_ptr<const Node> tree_;
    std::set<std::string> placeholders_;
    std::set<std::string> meta_uses_;
};

// `message` of dialect 2: .topic .body .id .agent_name .usernames .packages
Any message_object(const Envelope& message, const Texts& texts);

}  // namespace badges::expression
