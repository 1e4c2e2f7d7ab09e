#include "badges/rules/expression/evaluator.hpp"

#include <algorithm>

#include "badges/rules/expression/rows.hpp"
#include "badges/rules/placeholder.hpp"
#include "badges/rules/unicode.hpp"

namespace badges::expression {
namespace {

const RowsObject* as_rows(const Any& value) {
    return value.kind() == Kind::object ? dynamic_cast<const RowsObject*>(&value.object()) : nullptr;
}

void each_character(std::string_view text, const Evaluator::Visitor& visit) {
    while (!text.empty()) {
        const std::size_t bytes = first_code_point(text).bytes;
        if (!visit(Any(text.substr(0, bytes)))) return;
        text.remove_prefix(bytes);
    }
}

}  // namespace

[[noreturn]] void fail(const std::string& why) {
    static constexpr std::size_t kLongest = 300;  // it may quote what a message says
    throw EvaluationError(why.size() > kLongest ? why.substr(0, kLongest) + "..." : why);
}

// The variables of a comprehension, for one round of it.
class Evaluator::Variables {
public:
    Variables(Evaluator& evaluator, const std::vector<std::string>& names, const Any& value)
        : evaluator_(evaluator), size_(evaluator.names_.size()) {
        if (names.size() == 1) {
            evaluator.names_.emplace_back(names.front(), value);
            return;
        }
        List parts;
        evaluator.each(value, [&parts](const Any& part) { return parts.push_back(part), parts.size() <= 2; });
        if (parts.size() != names.size()) fail("a pair is wanted for " + names[0] + ", " + names[1]);
        for (std::size_t at = 0; at < names.size(); ++at) evaluator.names_.emplace_back(names[at], parts[at]);
    }
    ~Variables() { evaluator_.names_.resize(size_); }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;

private:
    Evaluator& evaluator_;
    std::size_t size_;
};

Evaluator::Evaluator(const Bindings& names, const Context& context)
    : names_(names.begin(), names.end()), context_(context) {}

Any Evaluator::evaluate(const Node& node) {
    budget().spend();
    return std::visit([this](const auto& what) { return of(what); }, node.what);
}

void Evaluator::each(const Node& node, const Visitor& visit) {
    if (const auto* comprehension = node.as<Comprehension>()) return each_of(*comprehension, visit);
    each(evaluate(node), visit);
}

void Evaluator::each(const Any& iterable, const Visitor& visit) {
    const auto counted = [this, &visit](const Any& value) {
        budget().spend();
        return visit(value);
    };
    if (iterable.is_text()) return each_character(iterable.text(), counted);
    if (iterable.is_sequence())
        return static_cast<void>(std::all_of(iterable.items().begin(), iterable.items().end(), counted));
    if (iterable.kind() == Kind::dict || iterable.kind() == Kind::set)
        return static_cast<void>(std::all_of(iterable.dict().begin(), iterable.dict().end(),
                                             [&counted](const auto& entry) { return counted(entry.first); }));
    const RowsObject* rows = as_rows(iterable);
    if (rows == nullptr) fail(std::string("'") + iterable.type_name() + "' object is not iterable");
    const Pause pause(budget());
    rows->stream([this, &counted](const Row& row) {
        const Work work(budget());
        budget().grant_row();
        return counted(Any(std::make_shared<const RowObject>(row)));
    });
}

Any Evaluator::of(const Constant& constant) {
    return constant.value;
}

Any Evaluator::of(const TextWithPlaceholders& text) {
    std::string out;
    for (const LiteralPart& part : text.parts) {
        if (const auto* path = std::get_if<PlaceholderPath>(&part))
            out += value_at(context_.message.root(), path->path).str();
        else
            out += std::get<std::string>(part);
        budget().check_text(out.size());
    }
    return out;
}

Any Evaluator::of(const Placeholder& placeholder) {
    return value_at(context_.message.root(), placeholder.path);
}

Any Evaluator::of(const Name& name) {
    const auto found =
        std::find_if(names_.rbegin(), names_.rend(), [&](const auto& one) { return one.first == name.name; });
    if (found == names_.rend()) fail("name '" + name.name + "' has no value here");
    return found->second;
}

Any Evaluator::of(const Sequence& sequence) {
    List items;
    for (const NodePtr& item : sequence.items) items.push_back(evaluate(*item));
    return sequence.is_tuple ? Any::tuple(std::move(items)) : Any::list(std::move(items));
}

Any Evaluator::of(const DictDisplay& display) {
    Dict dict;
    for (const auto& [key, value] : display.entries) {
        Any name = evaluate(*key);
        dict.set(std::move(name), evaluate(*value));
    }
    return Any::dict(std::move(dict));
}

Any Evaluator::of(const Conditional& choice) {
    return evaluate(*choice.condition).truthy() ? evaluate(*choice.then) : evaluate(*choice.otherwise);
}

// As in Python, the value of the operand that decides.
Any Evaluator::of(const Logical& logical) {
    Any value;
    for (const NodePtr& operand : logical.operands) {
        value = evaluate(*operand);
        if (value.truthy() != logical.is_and) break;
    }
    return value;
}

Any Evaluator::of(const Not& negation) {
    return !evaluate(*negation.operand).truthy();
}

Any Evaluator::of(const Negate& negation) {
    return negated(evaluate(*negation.operand));
}

Any Evaluator::of(const Comparisons& comparisons) {
    Any left = evaluate(*comparisons.first);
    for (const auto& [kind, operand] : comparisons.rest) {
        Any right = evaluate(*operand);
        if (!holds(kind, left, right)) return false;
        left = std::move(right);
    }
    return true;
}

bool Evaluator::holds(Comparison kind, const Any& left, const Any& right) {
    const auto order = [&] { return compare(left, right); };
    switch (kind) {
        case Comparison::equal:
            return left == right;
        case Comparison::not_equal:
            return !(left == right);
        case Comparison::is:
            return is_same(left, right);
        case Comparison::is_not:
            return !is_same(left, right);
        case Comparison::in:
            return is_in(left, right, *this);
        case Comparison::not_in:
            return !is_in(left, right, *this);
        case Comparison::less:
            return order().value_or(1) < 0;
        case Comparison::less_equal:
            return order().value_or(1) <= 0;
        case Comparison::greater:
            return order().value_or(-1) > 0;
        case Comparison::greater_equal:
            return order().value_or(-1) >= 0;
    }
    return false;
}

Any Evaluator::of(const Arithmetic& arithmetic) {
    Any value = evaluate(*arithmetic.first);
    for (const auto& [kind, operand] : arithmetic.rest) value = calculated(kind, value, evaluate(*operand), budget());
    return value;
}

Any Evaluator::of(const Call& call) {
    return call_function(call, *this);
}

Any Evaluator::of(const MethodCall& call) {
    const Any object = evaluate(*call.object);
    List arguments;
    for (const NodePtr& argument : call.arguments) arguments.push_back(evaluate(*argument));
    return call_method(call, object, arguments, *this);
}

Any Evaluator::of(const Attribute& attribute) {
    const Any object = evaluate(*attribute.object);
    if (object.kind() != Kind::object)
        fail(std::string("'") + object.type_name() + "' object has no attribute '" + attribute.name + "'");
    return object.object().attribute(attribute.name);
}

Any Evaluator::of(const Index& index) {
    const Any object = evaluate(*index.object);
    return item_at(object, evaluate(*index.index), *this);
}

Any Evaluator::of(const Comprehension& comprehension) {
    List items;
    each_of(comprehension, [&](const Any& item) {
        items.push_back(item);
        budget().check_list(items.size());
        return true;
    });
    return Any::list(std::move(items));
}

void Evaluator::each_of(const Comprehension& comprehension, const Visitor& visit) {
    each(*comprehension.source, [&](const Any& value) {
        const Variables variables(*this, comprehension.variables, value);
        for (const NodePtr& condition : comprehension.conditions)
            if (!evaluate(*condition).truthy()) return true;
        return visit(evaluate(*comprehension.element));
    });
}

}  // namespace badges::expression
