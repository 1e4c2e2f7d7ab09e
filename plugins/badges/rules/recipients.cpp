#include "badges/rules/recipients.hpp"

#include "badges/rules/expression/evaluator.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

std::string scalar_name(const Any& value) {
    if (value.is_text()) return value.text();
    if (value.kind() == Kind::integer || value.kind() == Kind::real) return value.str();
    throw EvaluationError(std::string("a name is a text, not ") + value.type_name());
}

void take_element(Names& names, const Any& element) {
    if (element.is_none()) return;
    if (!element.is_dict()) return names.push_back(scalar_name(element));
    const Any* name = element.dict().find("name");
    if (name == nullptr) throw EvaluationError("a mapping in the list has no name");
    if (!name->is_none()) names.push_back(scalar_name(*name));
}

}  // namespace

Names names_of(const Any& value) {
    Names names;
    if (value.is_none()) return names;
    if (value.is_sequence()) {
        for (const Any& element : value.items()) take_element(names, element);
    } else if (value.kind() == Kind::dict || value.kind() == Kind::set) {
        for (const auto& entry : value.dict()) take_element(names, entry.first);
    } else {
        names.push_back(scalar_name(value));
    }
    return names;
}

std::set<std::string> Recipients::of(const Envelope& message, const Texts& texts, const Limits& limits) const {
    Any value;
    if (text) {
        value = text->resolve(message.root());
    } else if (expression) {
        expression::Budget budget(limits);
        value =
            expression->evaluate({{"message", expression::message_object(message, texts)}}, {message, texts, budget});
    } else {
        value = expression::ask_meta(expression::MetaQuestion::usernames, message, texts);
    }
    std::set<std::string> names;
    for (const std::string& name : names_of(value))
        if (!name.empty()) names.insert(lower_case(name));
    return names;
}

}  // namespace badges
