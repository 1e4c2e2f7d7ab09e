#include "badges/rules/tests_of_expression.hpp"

#include <stdexcept>
#include <vector>

#include "badges/rules/any_json.hpp"

namespace badges {
namespace {

using namespace expression;

// The expression cannot be said as a structured test, and why.
class NotPossible : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[noreturn]] void give_up(const std::string& why) {
    throw NotPossible(why);
}

// A place in the message, and what the expression takes if nothing is there.
struct Place {
    std::vector<std::string> path;
    bool is_strict = false;         // [key]: a missing key is an error
    std::vector<std::string> sure;  // the part of the path that must be there, or the expression is an error
    Any fallback;                   // of the last .get()
};

class Rewriter {
public:
    // `root`: the name whose path begins at the envelope; `is_row`: it is a row, with .msg and other attributes.
    Rewriter(std::string root, bool is_row) : root_(std::move(root)), is_row_(is_row) {}

    // A dict: the test.
    Any test(const Node& node, bool is_negated = false) {
        if (const auto* negation = node.as<Not>()) return negated_test(*negation->operand, is_negated);
        if (const auto* logical = node.as<Logical>()) return combination(*logical, is_negated);
        touched_.clear();
        if (const auto* comparisons = node.as<Comparisons>())
            return guarded_inverse(is_negated, comparison(*comparisons));
        if (const auto* call = node.as<MethodCall>(); call != nullptr && is_edge(*call))
            return guarded_inverse(is_negated, edge(*call));
        if (const auto* call = node.as<Call>()) return guarded_inverse(is_negated, function(*call));
        return truth(node, is_negated);
    }
    const std::string& note() const { return note_; }

private:
    static Any dict(std::vector<Dict::Entry> entries) {
        Dict result;
        for (auto& [key, value] : entries) result.set(std::move(key), std::move(value));
        return Any::dict(std::move(result));
    }

    static Any inverse_if(bool is_negated, Any test) { return is_negated ? dict({{"not", std::move(test)}}) : test; }

    // What an expression cannot do without must be there: otherwise it was an error, which `not` leaves an error.
    static List guards(const std::vector<Place>& places) {
        List tests;
        for (const Place& place : places) {
            const bool is_envelope = place.sure == std::vector<std::string>{"msg"} && place.path != place.sure;
            if (place.sure.empty() || is_envelope) continue;  // every message has a msg
            tests.push_back(with_path(Place{place.sure, true, {}, Any()}, "exists", true));
        }
        return tests;
    }
    Any guarded_inverse(bool is_negated, Any test) const {
        return is_negated ? guarded(inverse_if(true, std::move(test)), touched_) : test;
    }
    static Any guarded(Any test, const std::vector<Place>& places) {
        List parts = guards(places);
        if (parts.empty()) return test;
        parts.push_back(std::move(test));
        return dict({{"all", Any::list(std::move(parts))}});
    }

    std::optional<Place> take_place(const Node& node) {
        auto place = place_of(node);
        if (place) touched_.push_back(*place);
        return place;
    }

    Any negated_test(const Node& operand, bool is_negated) { return test(operand, !is_negated); }

    // not (a and b) is (not a) or (not b), in three values as well.
    Any combination(const Logical& logical, bool is_negated) {
        List parts;
        for (const NodePtr& operand : logical.operands) parts.push_back(test(*operand, is_negated));
        return dict({{logical.is_and != is_negated ? "all" : "any", Any::list(std::move(parts))}});
    }

    // A value by itself. What .get() takes instead of a missing one decides about a missing path.
    Any truth(const Node& node, bool is_negated) {
        const auto place = place_of(node);
        if (!place) give_up("it is not made of tests of fields");
        Any plain = with_path(*place, "truthy", !is_negated);
        if (place->is_strict) return plain;  // missing: an error there, false here: neither fires
        const bool missing_fires = place->fallback.truthy() != is_negated;
        if (!missing_fires) return plain;
        return guarded(dict({{"any", Any::list({plain, with_path(*place, "exists", false)})}}), {*place});
    }

    static Any path_of(const Place& place) {
        std::string dotted;
        bool has_dots = false;
        for (const std::string& part : place.path) {
            has_dots = has_dots || part.empty() || part.find('.') != std::string::npos;
            dotted += (dotted.empty() ? "" : ".") + part;
        }
        return has_dots ? Any::list(List(place.path.begin(), place.path.end())) : Any(dotted);
    }

    static Any with_path(const Place& place, const char* test, Any right) {
        return dict({{"path", path_of(place)}, {test, std::move(right)}});
    }

    std::optional<Place> place_of(const Node& node) const {
        if (const auto* name = node.as<Name>())
            return name->name == root_ ? std::optional<Place>(Place{}) : std::nullopt;
        if (const auto* attribute = node.as<Attribute>()) return attribute_of(*attribute);
        if (const auto* index = node.as<Index>()) return step(*index->object, *index->index, true, Any());
        const auto* call = node.as<MethodCall>();
        if (call == nullptr || call->method != "get") return std::nullopt;
        Any fallback;
        if (call->arguments.size() > 1) {
            const auto value = literal(*call->arguments[1]);
            if (!value) return std::nullopt;
            fallback = *value;
        }
        return step(*call->object, *call->arguments[0], false, fallback);
    }

    std::optional<Place> attribute_of(const Attribute& attribute) const {
        const auto* name = attribute.object->as<Name>();
        if (!is_row_ || name == nullptr || name->name != root_) return std::nullopt;
        return Place{{attribute.name}, true, {attribute.name}, Any()};
    }

    std::optional<Place> step(const Node& object, const Node& key, bool is_strict, Any fallback) const {
        auto place = place_of(object);
        const auto name = literal(key);
        if (!place || !name || !(name->is_text() || name->kind() == Kind::integer)) return std::nullopt;
        if (name->is_text() && !name->text().empty() &&
            name->text().find_first_not_of("0123456789") == std::string::npos)
            return std::nullopt;  // a path would take it for a position in a list
        place->path.push_back(name->str());
        place->is_strict = is_strict;
        if (is_strict) place->sure = place->path;
        place->fallback = std::move(fallback);
        return place;
    }

    // A constant, a list or a mapping of constants, or a number with a sign.
    static std::optional<Any> literal(const Node& node) {
        if (const auto* constant = node.as<Constant>()) return constant->value;
        if (const auto* minus = node.as<Negate>()) {
            const auto value = literal(*minus->operand);
            if (!value || value->kind() != Kind::integer) return std::nullopt;
            return Any(-value->integer());
        }
        if (const auto* entries = node.as<DictDisplay>(); entries != nullptr && entries->entries.empty())
            return Any::dict({});
        const auto* sequence = node.as<Sequence>();
        if (sequence == nullptr) return std::nullopt;
        List items;
        for (const NodePtr& item : sequence->items) {
            const auto value = literal(*item);
            if (!value) return std::nullopt;
            items.push_back(*value);
        }
        return Any::list(std::move(items));
    }

    Any comparison(const Comparisons& chain) {
        List parts;
        const Node* left = chain.first.get();
        for (const auto& [kind, right] : chain.rest) {
            parts.push_back(comparison(*left, kind, *right));
            left = right.get();
        }
        return parts.size() == 1 ? parts.front() : dict({{"all", Any::list(std::move(parts))}});
    }

    Any comparison(const Node& left, Comparison kind, const Node& right) {
        if (const auto place = length_of(left)) {
            const Any length = needed_literal(right);
            check_missing_length(*place, kind, length.integer());
            return with_path(*place, length_test(kind), length);
        }
        const auto place = take_place(left);
        if (!place) return reversed(left, kind, right);
        if (const auto value = literal(right)) return against(*place, kind, *value);
        const auto other = take_place(right);
        if (!other) give_up("one side of a comparison is neither a field nor a literal");
        check_fallback(*place);
        check_fallback(*other);
        return with_path(*place, test_name(kind), dict({{"path", path_of(*other)}}));
    }

    // 'ann' in msg['msg']['tags'], 1 == msg['msg']['n']
    Any reversed(const Node& left, Comparison kind, const Node& right) {
        const auto value = literal(left);
        const auto place = take_place(right);
        if (!value || !place) give_up("one side of a comparison is neither a field nor a literal");
        switch (kind) {
            case Comparison::in:
                check_fallback(*place);
                return with_path(*place, "contains", *value);
            case Comparison::not_in:
                return dict({{"all", Any::list({with_path(*place, "exists", true),
                                                dict({{"not", with_path(*place, "contains", *value)}})})}});
            case Comparison::less:
                return against(*place, Comparison::greater, *value);
            case Comparison::less_equal:
                return against(*place, Comparison::greater_equal, *value);
            case Comparison::greater:
                return against(*place, Comparison::less, *value);
            case Comparison::greater_equal:
                return against(*place, Comparison::less_equal, *value);
            default:
                return against(*place, kind, *value);
        }
    }

    Any against(const Place& place, Comparison kind, const Any& value) {
        if (value.is_none()) return against_none(place, kind);
        if (kind == Comparison::equal && value.is_number())
            add_note("`==` takes true for 1 and false for 0, eq does not");
        if (kind == Comparison::is && value.kind() == Kind::integer) add_note("`is` does not take 1.0 for 1, eq does");
        check_fallback(place, value, kind);
        return with_path(place, test_name(kind), value);
    }

    // x is None is also true for what is missing, if x is reached with .get().
    Any against_none(const Place& place, Comparison kind) {
        const bool is_equal = kind == Comparison::equal || kind == Comparison::is;
        const bool is_unequal = kind == Comparison::not_equal || kind == Comparison::is_not;
        if (!is_equal && !is_unequal) give_up("None is compared by order");
        const bool counts_missing = !place.is_strict && place.fallback.is_none();
        if (!counts_missing) return with_path(place, is_equal ? "eq" : "ne", Any());
        const Any is_null =
            dict({{"any", Any::list({with_path(place, "eq", Any()), with_path(place, "exists", false)})}});
        return guarded(inverse_if(is_unequal, is_null), {place});
    }

    static void check_fallback(const Place& place) {
        if (!place.is_strict && place.fallback.truthy())
            give_up("the value that .get() takes instead of a missing one would be lost");
    }

    // Where the fallback itself would pass the comparison, a missing field would fire.
    static void check_fallback(const Place& place, const Any& value, Comparison kind) {
        const bool asks_for_equality = kind == Comparison::equal || kind == Comparison::is;
        if (!place.is_strict && asks_for_equality && place.fallback == value)
            give_up("a missing field counts as equal there");
        if (!asks_for_equality) check_fallback(place);
        const bool is_order = kind == Comparison::less || kind == Comparison::less_equal ||
                              kind == Comparison::greater || kind == Comparison::greater_equal;
        if (is_order && !place.is_strict && !place.fallback.is_none())
            give_up("the value that .get() takes instead of a missing one would be lost");
    }

    std::string test_name(Comparison kind) {
        switch (kind) {
            case Comparison::equal:
            case Comparison::is:
                return "eq";
            case Comparison::not_equal:
            case Comparison::is_not:
                add_note("a missing field is an error for ne, and does not fire");
                return "ne";
            case Comparison::less:
                return "lt";
            case Comparison::less_equal:
                return "le";
            case Comparison::greater:
                return "gt";
            case Comparison::greater_equal:
                return "ge";
            case Comparison::in:
                return "in";
            case Comparison::not_in:
                add_note("a missing field is an error for not_in, and does not fire");
                return "not_in";
        }
        return "eq";
    }

    static const char* length_test(Comparison kind) {
        switch (kind) {
            case Comparison::equal:
                return "len_eq";
            case Comparison::less:
                return "len_lt";
            case Comparison::less_equal:
                return "len_le";
            case Comparison::greater:
                return "len_gt";
            case Comparison::greater_equal:
                return "len_ge";
            default:
                give_up("a length is compared in a way that there is no test for");
        }
    }

    // len(x.get(key, [])): what is missing must not pass, as it does not pass a structured test.
    static void check_missing_length(const Place& place, Comparison kind, std::int64_t wanted) {
        if (place.is_strict || place.fallback.is_none()) return;
        const bool passes = kind == Comparison::equal        ? wanted == 0
                            : kind == Comparison::less       ? wanted > 0
                            : kind == Comparison::less_equal ? wanted >= 0
                            : kind == Comparison::greater    ? wanted < 0
                                                             : wanted <= 0;
        if (place.fallback.truthy() || passes)
            give_up("the length of the value that .get() takes instead of a missing one would be lost");
    }

    static Any needed_literal(const Node& node) {
        const auto value = literal(node);
        if (!value || value->kind() != Kind::integer) give_up("a length is compared with something else than a number");
        return *value;
    }

    std::optional<Place> length_of(const Node& node) {
        const auto* call = node.as<Call>();
        if (call == nullptr || call->function != "len") return std::nullopt;
        auto place = take_place(*call->arguments.front());
        if (!place) give_up("the length of something else than a field is asked for");
        return place;
    }

    static bool is_edge(const MethodCall& call) { return call.method == "startswith" || call.method == "endswith"; }

    Any edge(const MethodCall& call) {
        const auto place = take_place(*call.object);
        const auto value = literal(*call.arguments.front());
        if (!place || !value) give_up("startswith or endswith of something else than a field and a literal");
        check_fallback(*place);
        return with_path(*place, call.method.c_str(), *value);
    }

    Any function(const Call& call) {
        if (!call.function.starts_with("re.")) give_up("there is no test for " + call.function + "()");
        const auto pattern = literal(*call.arguments[0]);
        const auto place = take_place(*call.arguments[1]);
        if (!place || !pattern || !pattern->is_text()) give_up("a regular expression of something else than a field");
        check_fallback(*place);
        if (call.function == "re.fullmatch") return with_path(*place, "regex", *pattern);
        const bool is_match = call.function == "re.match";
        return dict({{"path", path_of(*place)},
                     {"regex", is_match ? Any("\\A(?:" + pattern->text() + ")") : *pattern},
                     {"search", true}});
    }

    static Any with_path(const Place& place, const std::string& test, Any right) {
        return with_path(place, test.c_str(), std::move(right));
    }

    void add_note(const std::string& note) {
        if (note_.find(note) == std::string::npos) note_ += (note_.empty() ? "" : "; ") + note;
    }

    std::string root_;
    bool is_row_;
    std::vector<Place> touched_;  // by the test that is being written
    std::string note_;
};

Rewritten rewrite(const Node& tree, const std::string& root, bool is_row) {
    Rewriter rewriter(root, is_row);
    try {
        const Any test = rewriter.test(tree);
        return {python_json(test, std::size_t{1} << 20), rewriter.note()};
    } catch (const NotPossible& why) {
        return {std::nullopt, why.what()};
    } catch (const EvaluationError& why) {
        return {std::nullopt, why.what()};
    }
}

// query.all() or results
bool is_all_rows(const Node& node) {
    if (const auto* name = node.as<Name>()) return name->name == "results" || name->name == "query";
    const auto* call = node.as<MethodCall>();
    return call != nullptr && call->method == "all" && is_all_rows(*call->object);
}

bool is_count(const Node& node) {
    const auto* call = node.as<MethodCall>();
    return call != nullptr && call->method == "count" && is_all_rows(*call->object);
}

Any conjunction(const Comprehension& each, std::string& note) {
    List parts;
    for (const NodePtr& condition : each.conditions) {
        Rewriter rewriter(each.variables.front(), true);
        parts.push_back(rewriter.test(*condition));
        note = rewriter.note();
    }
    if (parts.size() == 1) return parts.front();
    Dict all;
    all.set("all", Any::list(std::move(parts)));
    return Any::dict(std::move(all));
}

}  // namespace

Rewritten rewrite_trigger(const Node& tree) {
    return rewrite(tree, "msg", false);
}

Rewritten rewrite_operation(const Node& tree) {
    if (is_count(tree)) return {"count", ""};
    const auto* call = tree.as<Call>();
    const bool is_len = call != nullptr && call->function == "len";
    if (is_len && is_all_rows(*call->arguments.front())) return {"count", ""};
    const auto* each = is_len ? call->arguments.front()->as<Comprehension>() : nullptr;
    if (each == nullptr || !is_all_rows(*each->source) || each->variables.size() != 1)
        return {std::nullopt, "it is not of the form len([m for m in query.all() if TEST])"};
    if (each->conditions.empty()) return {"count", ""};
    try {
        std::string note;
        Dict operation;
        operation.set("count_where", conjunction(*each, note));
        return {python_json(Any::dict(std::move(operation)), std::size_t{1} << 20), note};
    } catch (const NotPossible& why) {
        return {std::nullopt, why.what()};
    }
}

}  // namespace badges
