#include "badges/rules/trigger.hpp"

#include <algorithm>

#include "badges/rules/any_subject.hpp"
#include "badges/rules/read_node.hpp"
#include "badges/rules/suggestion.hpp"

namespace badges {
namespace {

const std::vector<std::string>& trigger_keys() {
    static const std::vector<std::string> keys = {"topic", "category", "lambda", "match", "all", "any", "not"};
    return keys;
}

Truth truth_of(fedmsg_plugins::Answer answer) {
    switch (answer) {
        case fedmsg_plugins::Answer::yes:
            return Truth::yes;
        case fedmsg_plugins::Answer::no:
            return Truth::no;
        default:
            return Truth::error;
    }
}

void read_children(Trigger& trigger, const YamlNode& value, const std::string& key, const Limits& limits) {
    if (trigger.kind == Trigger::Kind::negation) {
        trigger.children.push_back(read_trigger(value, key, limits));
        return;
    }
    if (!value.is_list() || value.items.empty()) throw FileError(value.line, key, "it wants a list of triggers");
    for (const YamlNode& child : value.items) trigger.children.push_back(read_trigger(child, key, limits));
}

void read_leaf(Trigger& trigger, const YamlNode& value, const std::string& key, const Limits& limits) {
    switch (trigger.kind) {
        case Trigger::Kind::topic:
            trigger.topic.emplace(read_text(value, key));
            break;
        case Trigger::Kind::category:
            if (value.is_map())
                throw FileError(value.line, key, "no operator may stand below category: put all: or any: around it");
            trigger.category = read_text(value, key);
            break;
        case Trigger::Kind::lambda:
            trigger.lambda = read_expression(value, key, {"msg", "message"}, limits);
            break;
        default:
            trigger.match = read_test(value, key);
            break;
    }
}

Explanation ask_lambda(const expression::Expression& lambda, const Envelope& message, const Texts& texts,
                       const Limits& limits) {
    expression::Budget budget(limits);
    const expression::Context context{message, texts, budget};
    const expression::Bindings names = {{"msg", message.root()},
                                        {"message", expression::message_object(message, texts)}};
    Explanation why;
    try {
        const Any value = lambda.evaluate(names, context);
        why.truth = value.truthy() ? Truth::yes : Truth::no;
        why.detail = "value " + excerpt(value.repr());
    } catch (const EvaluationError& error) {
        why.truth = Truth::error;
        why.detail = error.what();
    }
    return why;
}

Explanation ask_match(const fedmsg_plugins::StructuredTest& test, const Envelope& message) {
    Explanation why;
    why.truth = truth_of(test.test(AnySubject(message.root()), why.detail));
    return why;
}

Explanation ask(const Trigger& trigger, const Envelope& message, const Texts& texts, const Limits& limits) {
    const auto plain = [](bool truth, std::string detail) {
        return Explanation{truth ? Truth::yes : Truth::no, "", std::move(detail), {}};
    };
    Explanation why;
    switch (trigger.kind) {
        case Trigger::Kind::topic:
            return plain(trigger.topic->matches(message), "topic " + message.topic());
        case Trigger::Kind::category:
            return plain(trigger.category == message.category(), "category " + message.category());
        case Trigger::Kind::lambda:
            return ask_lambda(*trigger.lambda, message, texts, limits);
        case Trigger::Kind::match:
            return ask_match(*trigger.match, message);
        default:
            break;
    }
    for (const Trigger& child : trigger.children) why.children.push_back(evaluate(child, message, texts, limits));
    why.truth = trigger.kind == Trigger::Kind::all   ? all_of(why.children)
                : trigger.kind == Trigger::Kind::any ? any_of(why.children)
                                                     : negation_of(why.children.front().truth);
    return why;
}

bool has(const std::vector<Explanation>& parts, Truth truth) {
    return std::any_of(parts.begin(), parts.end(), [truth](const Explanation& one) { return one.truth == truth; });
}

}  // namespace

// An error among others can no longer become true, so that nothing needs to be waited for.
Truth all_of(const std::vector<Explanation>& parts) {
    for (const Truth truth : {Truth::no, Truth::error, Truth::unknown})
        if (has(parts, truth)) return truth;
    return Truth::yes;
}

Truth any_of(const std::vector<Explanation>& parts) {
    for (const Truth truth : {Truth::yes, Truth::unknown, Truth::error})
        if (has(parts, truth)) return truth;
    return Truth::no;
}

Truth negation_of(Truth truth) {
    if (truth == Truth::yes) return Truth::no;
    return truth == Truth::no ? Truth::yes : truth;
}

std::string Trigger::text() const {
    switch (kind) {
        case Kind::topic:
            return "topic: " + topic->text();
        case Kind::category:
            return "category: " + category;
        case Kind::lambda:
            return "lambda: " + lambda->source();
        case Kind::match:
            return "match: " + match->text();
        case Kind::all:
            return "all";
        case Kind::any:
            return "any";
        case Kind::negation:
            return "not";
    }
    return "?";
}

TopicWish Trigger::wish() const {
    TopicWish wish;
    switch (kind) {
        case Kind::topic:
            return topic->wish();
        case Kind::category:
            wish.categories.insert(category);
            return wish;
        case Kind::any:
            for (const Trigger& child : children) wish.unite(child.wish());
            return wish;
        case Kind::all:
            wish = TopicWish::all();
            for (const Trigger& child : children)
                if (const TopicWish one = child.wish();
                    !one.everything && (wish.everything || one.size() < wish.size()))
                    wish = one;
            return wish;
        default:
            return TopicWish::all();
    }
}

Trigger read_trigger(const YamlNode& node, const std::string& key, const Limits& limits) {
    const YamlNode::Entry& entry = only_entry(node, key, trigger_keys());
    const auto at = std::find(trigger_keys().begin(), trigger_keys().end(), entry.key) - trigger_keys().begin();
    Trigger trigger;
    trigger.kind = static_cast<Trigger::Kind>(at);
    trigger.line = entry.line;
    const std::string inner = key + "." + entry.key;
    if (trigger.kind >= Trigger::Kind::all)
        read_children(trigger, entry.value, inner, limits);
    else
        read_leaf(trigger, entry.value, inner, limits);
    return trigger;
}

// Every child is asked, also when the result is certain: an explanation shows them all, and they are few.
Explanation evaluate(const Trigger& trigger, const Envelope& message, const Texts& texts, const Limits& limits) {
    Explanation why = ask(trigger, message, texts, limits);
    why.what = trigger.text();
    return why;
}

}  // namespace badges
