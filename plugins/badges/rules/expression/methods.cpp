// The methods of texts, mappings, lists and queries.
#include <algorithm>
#include <optional>

#include "badges/rules/expression/evaluator.hpp"
#include "badges/rules/expression/rows.hpp"
#include "badges/rules/unicode.hpp"

namespace badges::expression {
namespace {

[[noreturn]] void no_method(const Any& object, const std::string& method) {
    fail(std::string("'") + object.type_name() + "' object has no method " + method + "()");
}

const std::string& text_argument(const List& arguments, std::size_t at, const std::string& method) {
    if (at >= arguments.size()) fail(method + "() wants another argument");
    if (!arguments[at].is_text()) fail(method + "() wants a text, not '" + arguments[at].type_name() + "'");
    return arguments[at].text();
}

// A text, or a tuple of texts of which one is enough.
bool has_edge(const std::string& text, const Any& edges, bool at_start, const std::string& method) {
    if (edges.kind() == Kind::tuple)
        return std::any_of(edges.items().begin(), edges.items().end(),
                           [&](const Any& edge) { return has_edge(text, edge, at_start, method); });
    const std::string& edge = text_argument({edges}, 0, method);
    return at_start ? text.starts_with(edge) : text.ends_with(edge);
}

bool is_stripped(char32_t point, const std::optional<std::string>& characters) {
    if (!characters) return is_space(point);
    for (std::string_view rest = *characters; !rest.empty(); rest.remove_prefix(first_code_point(rest).bytes))
        if (first_code_point(rest).value == point) return true;
    return false;
}

std::size_t last_code_point(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) --at;
    return at;
}

std::string strip(std::string_view text, const std::optional<std::string>& characters, bool left, bool right) {
    while (left && !text.empty() && is_stripped(first_code_point(text).value, characters))
        text.remove_prefix(first_code_point(text).bytes);
    while (right && !text.empty()) {
        const std::size_t last = last_code_point(text);
        if (!is_stripped(first_code_point(text.substr(last)).value, characters)) break;
        text = text.substr(0, last);
    }
    return std::string(text);
}

std::optional<std::string> optional_text(const List& arguments, const std::string& method) {
    if (arguments.empty() || arguments.front().is_none()) return std::nullopt;
    return text_argument(arguments, 0, method);
}

// The most splits or replacements that an argument allows; none: any number.
std::size_t most(const List& arguments, std::size_t at) {
    if (at >= arguments.size()) return std::string::npos;
    const auto count = arguments[at].as_integer();
    if (!count) fail("a number of times must be an integer");
    return *count < 0 ? std::string::npos : static_cast<std::size_t>(*count);
}

Any split_at_spaces(std::string_view text, std::size_t most_splits, Budget& budget) {
    List words;
    while (true) {
        while (!text.empty() && is_space(first_code_point(text).value))
            text.remove_prefix(first_code_point(text).bytes);
        if (text.empty()) break;
        if (words.size() >= most_splits) {
            words.emplace_back(strip(text, std::nullopt, false, true));
            break;
        }
        std::size_t end = 0;
        while (end < text.size() && !is_space(first_code_point(text.substr(end)).value))
            end += first_code_point(text.substr(end)).bytes;
        words.emplace_back(text.substr(0, end));
        budget.spend();
        budget.check_list(words.size());
        text.remove_prefix(end);
    }
    return Any::list(std::move(words));
}

Any split(const std::string& text, const List& arguments, Budget& budget) {
    const auto separator = optional_text(arguments, "split");
    const std::size_t most_splits = most(arguments, 1);
    if (!separator) return split_at_spaces(text, most_splits, budget);
    if (separator->empty()) fail("split(): the separator is empty");
    List parts;
    std::size_t from = 0;
    while (parts.size() < most_splits) {
        const std::size_t at = find_piece(text, *separator, from);
        if (at == std::string::npos) break;
        parts.emplace_back(text.substr(from, at - from));
        budget.spend();
        budget.check_list(parts.size());
        from = at + separator->size();
    }
    parts.emplace_back(text.substr(from));
    return Any::list(std::move(parts));
}

Any join(const std::string& separator, const Any& parts, Evaluator& evaluator) {
    std::string out;
    bool is_first = true;
    evaluator.each(parts, [&](const Any& part) {
        if (!part.is_text()) fail(std::string("join() wants texts, not '") + part.type_name() + "'");
        if (!is_first) out += separator;
        is_first = false;
        out += part.text();
        evaluator.budget().check_text(out.size());
        return true;
    });
    return out;
}

// With an empty piece: before each character and at the end.
std::string replace_nothing(const std::string& text, const std::string& with, std::size_t most_times, Budget& budget) {
    std::string out;
    std::string_view rest = text;
    for (; most_times > 0; --most_times) {
        out += with;
        budget.spend();
        budget.check_text(out.size());
        if (rest.empty()) break;
        out += rest.substr(0, first_code_point(rest).bytes);
        rest.remove_prefix(first_code_point(rest).bytes);
    }
    return out.append(rest);
}

Any replace(const std::string& text, const List& arguments, Budget& budget) {
    const std::string& piece = text_argument(arguments, 0, "replace");
    const std::string& with = text_argument(arguments, 1, "replace");
    std::size_t most_times = most(arguments, 2);
    if (piece.empty()) return replace_nothing(text, with, most_times, budget);
    std::string out;
    std::size_t from = 0;
    for (; most_times > 0; --most_times) {
        const std::size_t at = find_piece(text, piece, from);
        if (at == std::string::npos) break;
        out.append(text, from, at - from).append(with);
        budget.spend();
        budget.check_text(out.size());
        from = at + piece.size();
    }
    return out.append(text, from, std::string::npos);
}

Any find(const std::string& text, const std::string& piece) {
    const std::size_t at = find_piece(text, piece);
    if (at == std::string::npos) return -1;
    return static_cast<std::int64_t>(code_points(std::string_view(text).substr(0, at)));
}

Any count(const std::string& text, const std::string& piece, Budget& budget) {
    if (piece.empty()) return static_cast<std::int64_t>(code_points(text) + 1);
    std::int64_t found = 0;
    for (auto at = find_piece(text, piece); at != std::string::npos; at = find_piece(text, piece, at + piece.size())) {
        budget.spend();
        ++found;
    }
    return found;
}

Any text_method(const Any& object, const std::string& method, const List& arguments, Evaluator& evaluator) {
    const std::string& text = object.text();
    evaluator.budget().spend_on(text.size());
    if (method == "startswith" || method == "endswith")
        return has_edge(text, arguments.front(), method == "startswith", method);
    if (method == "lower") return lower_case(text);
    if (method == "upper") return upper_case(text);
    if (method == "strip") return strip(text, optional_text(arguments, method), true, true);
    if (method == "lstrip") return strip(text, optional_text(arguments, method), true, false);
    if (method == "rstrip") return strip(text, optional_text(arguments, method), false, true);
    if (method == "split") return split(text, arguments, evaluator.budget());
    if (method == "join") return join(text, arguments.front(), evaluator);
    if (method == "replace") return replace(text, arguments, evaluator.budget());
    if (method == "find") return find(text, text_argument(arguments, 0, method));
    if (method == "count") return count(text, text_argument(arguments, 0, method), evaluator.budget());
    if (method == "index") {
        const Any at = find(text, text_argument(arguments, 0, method));
        if (at == Any(-1)) fail("index(): the piece does not occur");
        return at;
    }
    no_method(object, method);
}

Any dict_method(const Any& object, const std::string& method, const List& arguments, Evaluator& evaluator) {
    if (method == "get") {
        const Any* value = object.dict().find(arguments.front());
        return value != nullptr ? *value : arguments.size() > 1 ? arguments[1] : Any();
    }
    if (method != "keys" && method != "values" && method != "items") no_method(object, method);
    List all;
    evaluator.budget().spend(object.dict().size());
    for (const auto& [key, value] : object.dict())
        all.push_back(method == "keys" ? key : method == "values" ? value : Any::tuple({key, value}));
    return Any::list(std::move(all));
}

Any list_method(const Any& object, const std::string& method, const List& arguments, Evaluator& evaluator) {
    const List& items = object.items();
    evaluator.budget().spend(items.size());
    if (arguments.size() != 1) no_method(object, method);
    if (method == "count") return std::int64_t{std::count(items.begin(), items.end(), arguments.front())};
    if (method != "index") no_method(object, method);
    const auto found = std::find(items.begin(), items.end(), arguments.front());
    if (found == items.end()) fail("index(): " + arguments.front().repr() + " is not in the list");
    return std::int64_t{found - items.begin()};
}

Any rows_method(const Any& object, const RowsObject& rows, const std::string& method, const List& arguments,
                Evaluator& evaluator) {
    if (!arguments.empty()) no_method(object, method);
    if (method == "all") return object;
    if (method == "count") {
        const Pause pause(evaluator.budget());
        return static_cast<std::int64_t>(rows.count());
    }
    if (method != "first") no_method(object, method);
    Any first;
    evaluator.each(object, [&first](const Any& row) { return first = row, false; });
    return first;
}

}  // namespace

Any call_method(const MethodCall& call, const Any& object, const List& arguments, Evaluator& evaluator) {
    switch (object.kind()) {
        case Kind::text:
            return text_method(object, call.method, arguments, evaluator);
        case Kind::dict:
            return dict_method(object, call.method, arguments, evaluator);
        case Kind::list:
        case Kind::tuple:
            return list_method(object, call.method, arguments, evaluator);
        case Kind::object:
            if (const auto* rows = dynamic_cast<const RowsObject*>(&object.object()))
                return rows_method(object, *rows, call.method, arguments, evaluator);
            no_method(object, call.method);
        default:
            no_method(object, call.method);
    }
}

}  // namespace badges::expression
