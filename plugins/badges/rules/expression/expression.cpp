#include "badges/rules/expression/expression.hpp"

#include "badges/rules/expression/evaluator.hpp"
#include "badges/rules/expression/name_check.hpp"
#include "badges/rules/expression/rows.hpp"
#include "badges/rules/expression/vocabulary.hpp"

namespace badges::expression {
namespace {

void collect_placeholders(const Node& node, std::set<std::string>& out) {
    if (const auto* bare = node.as<Placeholder>()) out.insert(bare->path);
    if (const auto* text = node.as<TextWithPlaceholders>())
        for (const LiteralPart& part : text->parts)
            if (const auto* path = std::get_if<PlaceholderPath>(&part)) out.insert(path->path);
    for_each_child(node, [&out](const Node& child) { collect_placeholders(child, out); });
}

bool is_message(const Node& node) {
    const auto* name = node.as<Name>();
    return name != nullptr && name->name == "message";
}

void collect_meta_uses(const Node& node, std::set<std::string>& out) {
    if (const auto* call = node.as<Call>(); call != nullptr && is_meta_function(call->function))
        out.insert(call->function);
    if (const auto* attribute = node.as<Attribute>(); attribute != nullptr && is_message(*attribute->object))
        if (attribute->name == "agent_name" || attribute->name == "usernames" || attribute->name == "packages")
            out.insert("message." + attribute->name);
    for_each_child(node, [&out](const Node& child) { collect_meta_uses(child, out); });
}

class MessageObject final : public Object {
public:
    MessageObject(Envelope message, const Texts& texts) : message_(std::move(message)), texts_(texts) {}
    const char* type_name() const override { return "message"; }

    Any attribute(std::string_view name) const override {
        if (name == "topic") return message_.topic();
        if (name == "body" || name == "msg") return message_.body();
        if (name == "id" || name == "msg_id") return message_.msg_id();
        if (name == "timestamp") return message_.timestamp();
        if (name == "category") return message_.category();
        if (name == "i") return message_.i();
        if (name == "agent_name") return ask_meta(MetaQuestion::agent, message_, texts_);
        if (name == "usernames" || name == "users") return ask_meta(MetaQuestion::usernames, message_, texts_);
        if (name == "packages") return ask_meta(MetaQuestion::packages, message_, texts_);
        throw EvaluationError("'message' has no attribute '" + std::string(name) + "'");
    }

private:
    Envelope message_;
    const Texts& texts_;
};

}  // namespace

Expression Expression::parse(std::string_view source, const NameSet& names, const Limits& limits) {
    Expression expression;
    expression.source_ = source;
    expression.tree_ = badges::expression::parse(source, names, limits);
    collect_placeholders(*expression.tree_, expression.placeholders_);
    collect_meta_uses(*expression.tree_, expression.meta_uses_);
    return expression;
}

Any Expression::evaluate(const Bindings& names, const Context& context) const {
    const MeterInForce meter(context.budget);
    return Evaluator(names, context).evaluate(*tree_);
}

Any message_object(const Envelope& message, const Texts& texts) {
    return Any(std::make_shared<const MessageObject>(message, texts));
}

}  // namespace badges::expression
