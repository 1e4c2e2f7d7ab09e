// The functions of the language.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "badges/rules/any_json.hpp"
#include "badges/rules/expression/evaluator.hpp"
#include "badges/rules/expression/rows.hpp"
#include "badges/rules/expression/vocabulary.hpp"
#include "badges/rules/python_text.hpp"
#include "badges/rules/unicode.hpp"

namespace badges::expression {
namespace {

// What a successful re.match gives: true, and not None.
class MatchObject final : public Object {
public:
    const char* type_name() const override { return "re.Match"; }
    Any attribute(std::string_view name) const override {
        fail("a match has no attribute '" + std::string(name) + "' here");
    }
};

std::string_view stripped(std::string_view text) {
    while (!text.empty() && is_space(first_code_point(text).value)) text.remove_prefix(first_code_point(text).bytes);
    while (!text.empty() && is_space(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

Any parsed_integer(const std::string& text) {
    std::string_view digits = stripped(text);
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec == std::errc::result_out_of_range) fail("int(): the number does not fit into 64 bits");
    if (result.ec != std::errc() || result.ptr != digits.data() + digits.size())
        fail("int(): this is no number: " + Any(text).repr());
    return value;
}

Any truncated(double number) {
    constexpr double kEnd = 9223372036854775808.0;  // 2^63
    if (std::isnan(number)) fail("int(): the number is NaN");
    if (number >= kEnd || number < -kEnd) fail("int(): the number does not fit into 64 bits");
    return static_cast<std::int64_t>(number);
}

Any parsed_real(const std::string& text) {
    std::string_view digits = stripped(text);
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    double value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc() || result.ptr != digits.data() + digits.size())
        fail("float(): this is no number: " + Any(text).repr());
    return value;
}

using Arguments = const Nodes&;

std::optional<Any> optional_value(Arguments arguments, Evaluator& evaluator) {
    if (arguments.empty()) return std::nullopt;
    return evaluator.evaluate(*arguments.front());
}

List gathered(const Node& node, Evaluator& evaluator) {
    List items;
    evaluator.each(node, [&](const Any& item) {
        items.push_back(item);
        evaluator.budget().check_list(items.size());
        return true;
    });
    return items;
}

Any length(const Node& argument, Evaluator& evaluator) {
    std::int64_t count = 0;
    const auto counted = [&count](const Any&) { return ++count, true; };
    if (argument.as<Comprehension>() != nullptr) return evaluator.each(argument, counted), Any(count);
    const Any value = evaluator.evaluate(argument);
    if (value.is_text()) return static_cast<std::int64_t>(code_points(value.text()));
    if (value.is_sequence()) return static_cast<std::int64_t>(value.items().size());
    if (value.kind() == Kind::dict || value.kind() == Kind::set) return static_cast<std::int64_t>(value.dict().size());
    if (const auto* rows = value.kind() == Kind::object ? dynamic_cast<const RowsObject*>(&value.object()) : nullptr) {
        const Pause pause(evaluator.budget());
        return static_cast<std::int64_t>(rows->count());
    }
    fail(std::string("object of type '") + value.type_name() + "' has no len()");
}

Any function_len(Arguments arguments, Evaluator& evaluator) {
    return length(*arguments.front(), evaluator);
}

Any function_any(Arguments arguments, Evaluator& evaluator) {
    bool is_found = false;
    evaluator.each(*arguments.front(), [&](const Any& item) { return !(is_found = item.truthy()); });
    return is_found;
}

Any function_all(Arguments arguments, Evaluator& evaluator) {
    bool holds = true;
    evaluator.each(*arguments.front(), [&](const Any& item) { return holds = item.truthy(); });
    return holds;
}

Any function_str(Arguments arguments, Evaluator& evaluator) {
    const auto value = optional_value(arguments, evaluator);
    if (!value) return "";
    if (value->is_text()) return *value;
    std::string text = python_repr(*value, evaluator.budget().text_bytes());
    evaluator.budget().spend_on(text.size());
    evaluator.budget().check_text(text.size());
    return text;
}

Any function_int(Arguments arguments, Evaluator& evaluator) {
    const Any value = optional_value(arguments, evaluator).value_or(Any(0));
    if (value.is_text()) return parsed_integer(value.text());
    if (value.kind() == Kind::real) return truncated(value.real());
    if (const auto integer = value.as_integer()) return *integer;
    fail(std::string("int() cannot take '") + value.type_name() + "'");
}

Any function_float(Arguments arguments, Evaluator& evaluator) {
    const Any value = optional_value(arguments, evaluator).value_or(Any(0.0));
    if (value.is_text()) return parsed_real(value.text());
    if (const auto real = value.as_real()) return *real;
    fail(std::string("float() cannot take '") + value.type_name() + "'");
}

Any function_bool(Arguments arguments, Evaluator& evaluator) {
    return optional_value(arguments, evaluator).value_or(Any(false)).truthy();
}

Any function_set(Arguments arguments, Evaluator& evaluator) {
    return Any::set(arguments.empty() ? List() : gathered(*arguments.front(), evaluator));
}

Any function_list(Arguments arguments, Evaluator& evaluator) {
    return Any::list(arguments.empty() ? List() : gathered(*arguments.front(), evaluator));
}

Any function_sorted(Arguments arguments, Evaluator& evaluator) {
    List items = gathered(*arguments.front(), evaluator);
    // A merge sort stays within the list whatever the order says (NaN is in none).
    const auto is_less = [&evaluator](const Any& a, const Any& b) {
        evaluator.budget().spend();
        return compare(a, b).value_or(0) < 0;
    };
    std::stable_sort(items.begin(), items.end(), is_less);
    return Any::list(std::move(items));
}

Any extreme(Arguments arguments, Evaluator& evaluator, int wanted) {
    std::optional<Any> best;
    const auto look_at = [&](const Any& item) {
        if (!best || compare(item, *best) == wanted) best = item;
        return true;
    };
    if (arguments.size() == 1) evaluator.each(*arguments.front(), look_at);
    if (arguments.size() > 1)
        for (const NodePtr& argument : arguments) look_at(evaluator.evaluate(*argument));
    if (!best) fail("min() or max() of nothing");
    return *best;
}

Any function_min(Arguments arguments, Evaluator& evaluator) {
    return extreme(arguments, evaluator, -1);
}

Any function_max(Arguments arguments, Evaluator& evaluator) {
    return extreme(arguments, evaluator, 1);
}

Any function_sum(Arguments arguments, Evaluator& evaluator) {
    Any total = arguments.size() > 1 ? evaluator.evaluate(*arguments[1]) : Any(0);
    if (total.is_text()) fail("sum() cannot sum texts");
    evaluator.each(*arguments.front(), [&](const Any& item) {
        total = calculated(Operator::add, total, item, evaluator.budget());
        return true;
    });
    return total;
}

Any function_abs(Arguments arguments, Evaluator& evaluator) {
    const Any value = evaluator.evaluate(*arguments.front());
    if (value.kind() == Kind::real) return std::fabs(value.real());
    const auto integer = value.as_integer();
    if (!integer) fail(std::string("bad operand type for abs(): '") + value.type_name() + "'");
    return *integer < 0 ? negated(value) : Any(*integer);
}

Any function_json_dumps(Arguments arguments, Evaluator& evaluator) {
    const Any value = evaluator.evaluate(*arguments.front());
    std::string text = python_json(value, evaluator.budget().text_bytes());
    evaluator.budget().check_text(text.size());
    evaluator.budget().spend_on(text.size());
    return text;
}

std::shared_ptr<const Regex> compiled(const std::string& pattern, Budget& budget) {
    budget.spend(1000);  // reading a pattern is work
    try {
        return std::make_shared<const Regex>(pattern);
    } catch (const std::invalid_argument& error) {
        fail(error.what());
    }
}

using RegexTest = bool (Regex::*)(std::string_view) const;

Any match(const Call& call, Evaluator& evaluator, RegexTest test) {
    const Any pattern = evaluator.evaluate(*call.arguments[0]);
    const Any text = evaluator.evaluate(*call.arguments[1]);
    if (!pattern.is_text()) fail("a regular expression is a text, not " + std::string(pattern.type_name()));
    if (!text.is_text()) fail("expected string or bytes-like object, not " + std::string(text.type_name()));
    evaluator.budget().spend_on(16 * text.text().size());
    const auto regex = call.regex ? call.regex : compiled(pattern.text(), evaluator.budget());
    return (regex.get()->*test)(text.text()) ? Any(std::make_shared<const MatchObject>()) : Any();
}

MetaQuestion question_of(const std::string& function) {
    if (function == "fedmsg.meta.msg2usernames") return MetaQuestion::usernames;
    if (function == "fedmsg.meta.msg2packages") return MetaQuestion::packages;
    return function == "fedmsg.meta.msg2agent" ? MetaQuestion::agent : MetaQuestion::objects;
}

Any ask_meta_about(const Call& call, Evaluator& evaluator) {
    const Context& context = evaluator.context();
    const auto* name = call.arguments.front()->as<Name>();
    const bool is_current = name != nullptr && (name->name == "msg" || name->name == "message");
    const Envelope message =
        is_current ? context.message : Envelope::from_root(evaluator.evaluate(*call.arguments.front()), &context.texts);
    return ask_meta(question_of(call.function), message, context.texts);
}

using Function = Any (*)(Arguments, Evaluator&);

Function plain_function(std::string_view name) {
    static constexpr std::pair<std::string_view, Function> kTable[] = {
        {"len", &function_len},       {"any", &function_any}, {"all", &function_all},
        {"str", &function_str},       {"int", &function_int}, {"float", &function_float},
        {"bool", &function_bool},     {"set", &function_set}, {"list", &function_list},
        {"sorted", &function_sorted}, {"min", &function_min}, {"max", &function_max},
        {"sum", &function_sum},       {"abs", &function_abs}, {"json.dumps", &function_json_dumps},
    };
    for (const auto& [known, function] : kTable)
        if (known == name) return function;
    return nullptr;
}

template <class Answer>
auto answer_of(const Answer& answer, const char* what) {
    if (!answer) fail(std::string("not available: ") + what + " (the meta layer says nothing about this message)");
    return *answer;
}

}  // namespace

Any call_function(const Call& call, Evaluator& evaluator) {
    if (const Function function = plain_function(call.function)) return function(call.arguments, evaluator);
    if (call.function == "re.match") return match(call, evaluator, &Regex::matches_begin);
    if (call.function == "re.search") return match(call, evaluator, &Regex::is_found_in);
    if (call.function == "re.fullmatch") return match(call, evaluator, &Regex::matches_all);
    return ask_meta_about(call, evaluator);
}

Any ask_meta(MetaQuestion question, const Envelope& message, const Texts& texts) {
    try {
        switch (question) {
            case MetaQuestion::usernames:
                return Any::set(list_of(answer_of(texts.usernames(message), "the user names")).items());
            case MetaQuestion::packages:
                return Any::set(list_of(answer_of(texts.packages(message), "the packages")).items());
            case MetaQuestion::objects:
                return Any::set(list_of(answer_of(texts.objects(message), "the objects")).items());
            case MetaQuestion::agent:
                return answer_of(texts.agent(message), "the agent");
        }
    } catch (const EvaluationError&) {
        throw;
    } catch (const std::exception& error) {
        fail(std::string("not available: the meta layer failed: ") + error.what());
    }
    return {};
}

}  // namespace badges::expression
