// Arithmetic, `in` and indices, as Python has them, with 64-bit integers whose overflow is an error.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "badges/rules/expression/evaluator.hpp"
#include "badges/rules/expression/rows.hpp"
#include "badges/rules/unicode.hpp"

namespace badges::expression {
namespace {

const char* symbol(Operator kind) {
    switch (kind) {
        case Operator::bit_or:
            return "|";
        case Operator::bit_and:
            return "&";
        case Operator::add:
            return "+";
        case Operator::subtract:
            return "-";
        case Operator::multiply:
            return "*";
        case Operator::divide:
            return "/";
        case Operator::floor_divide:
            return "//";
        case Operator::modulo:
            return "%";
    }
    return "?";
}

[[noreturn]] void unsupported(Operator kind, const Any& left, const Any& right) {
    fail(std::string("unsupported operand types for ") + symbol(kind) + ": '" + left.type_name() + "' and '" +
         right.type_name() + "'");
}

[[noreturn]] void overflow() {
    fail("the result does not fit into 64 bits");
}

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
    if (a == std::numeric_limits<std::int64_t>::min() && b == -1) overflow();
    const std::int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

std::int64_t remainder(std::int64_t a, std::int64_t b) {
    if (b == -1) return 0;
    const std::int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;  // the sign of the divisor
}

double remainder(double a, double b) {
    const double rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

Any integers(Operator kind, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    bool is_too_large = false;
    switch (kind) {
        case Operator::bit_or:
            return a | b;
        case Operator::bit_and:
            return a & b;
        case Operator::add:
            is_too_large = __builtin_add_overflow(a, b, &result);
            break;
        case Operator::subtract:
            is_too_large = __builtin_sub_overflow(a, b, &result);
            break;
        case Operator::multiply:
            is_too_large = __builtin_mul_overflow(a, b, &result);
            break;
        default:
            if (b == 0) fail("division by zero");
            if (kind == Operator::divide) return static_cast<double>(a) / static_cast<double>(b);
            return kind == Operator::modulo ? remainder(a, b) : floor_quotient(a, b);
    }
    if (is_too_large) overflow();
    return result;
}

Any reals(Operator kind, double a, double b, const Any& left, const Any& right) {
    switch (kind) {
        case Operator::add:
            return a + b;
        case Operator::subtract:
            return a - b;
        case Operator::multiply:
            return a * b;
        case Operator::divide:
        case Operator::floor_divide:
        case Operator::modulo:
            if (b == 0) fail("division by zero");
            if (kind == Operator::divide) return a / b;
            return kind == Operator::modulo ? remainder(a, b) : std::floor(a / b);
        default:
            unsupported(kind, left, right);
    }
}

Any numbers(Operator kind, const Any& left, const Any& right) {
    const bool is_bitwise = kind == Operator::bit_or || kind == Operator::bit_and;
    if (is_bitwise && left.kind() == Kind::boolean && right.kind() == Kind::boolean)
        return kind == Operator::bit_or ? left.boolean() || right.boolean() : left.boolean() && right.boolean();
    const auto a = left.as_integer();
    const auto b = right.as_integer();
    return a && b ? integers(kind, *a, *b) : reals(kind, *left.as_real(), *right.as_real(), left, right);
}

Any joined(const Any& left, const Any& right, Budget& budget) {
    List items = left.items();
    items.insert(items.end(), right.items().begin(), right.items().end());
    budget.check_list(items.size());
    budget.spend(items.size());
    return left.kind() == Kind::tuple ? Any::tuple(std::move(items)) : Any::list(std::move(items));
}

Any joined_texts(const std::string& left, const std::string& right, Budget& budget) {
    budget.check_text(left.size() + right.size());
    budget.spend_on(left.size() + right.size());
    return left + right;
}

std::size_t times(std::size_t size, std::int64_t count, std::size_t limit) {
    const auto times = static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
    std::size_t result = 0;
    return __builtin_mul_overflow(size, times, &result) ? limit + 1 : result;
}

Any repeated(const Any& value, std::int64_t count, Budget& budget) {
    constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max() - 1;
    if (value.is_text()) {
        const std::size_t size = times(value.text().size(), count, kHuge);
        budget.check_text(size);
        budget.spend_on(size);
        std::string out;
        while (out.size() < size) out += value.text();
        return out;
    }
    const std::size_t size = times(value.items().size(), count, kHuge);
    budget.check_list(size);
    budget.spend(size);
    List out;
    while (out.size() < size) out.insert(out.end(), value.items().begin(), value.items().end());
    return value.kind() == Kind::tuple ? Any::tuple(std::move(out)) : Any::list(std::move(out));
}

bool can_repeat(const Any& value) {
    return value.is_text() || value.is_sequence();
}

Any sets(Operator kind, const Any& left, const Any& right) {
    List members;
    const bool wants_common = kind == Operator::bit_and;
    for (const auto& entry : left.dict())
        if (kind == Operator::bit_or || (right.dict().find(entry.first) != nullptr) == wants_common)
            members.push_back(entry.first);
    if (kind == Operator::bit_or)
        for (const auto& entry : right.dict()) members.push_back(entry.first);
    return Any::set(members);
}

std::int64_t position(const Any& index, std::size_t size) {
    const auto at = index.as_integer();
    if (!at) fail(std::string("indices must be integers, not ") + index.type_name());
    const auto count = static_cast<std::int64_t>(size);
    const std::int64_t from_front = *at < 0 ? *at + count : *at;
    if (from_front < 0 || from_front >= count) fail("index " + std::to_string(*at) + " is out of range");
    return from_front;
}

Any row_at(const Any& rows, const Any& index, Evaluator& evaluator) {
    auto at = index.as_integer();
    if (!at || *at < 0) fail("rows of a query are counted from 0");
    Any found;
    bool is_found = false;
    evaluator.each(rows, [&](const Any& row) {
        is_found = (*at)-- == 0;
        if (is_found) found = row;
        return !is_found;
    });
    if (!is_found) fail("index out of range: there are fewer rows");
    return found;
}

}  // namespace

std::size_t find_piece(std::string_view text, std::string_view piece, std::size_t from) {
    if (from > text.size()) return std::string_view::npos;
    if (piece.empty()) return from;
    const void* found = memmem(text.data() + from, text.size() - from, piece.data(), piece.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

Any negated(const Any& value) {
    if (value.kind() == Kind::real) return -value.real();
    const auto integer = value.as_integer();
    if (!integer) fail(std::string("bad operand type for unary -: '") + value.type_name() + "'");
    if (*integer == std::numeric_limits<std::int64_t>::min()) overflow();
    return -*integer;
}

Any calculated(Operator kind, const Any& left, const Any& right, Budget& budget) {
    if (left.is_number() && right.is_number()) return numbers(kind, left, right);
    if (kind == Operator::add && left.is_text() && right.is_text())
        return joined_texts(left.text(), right.text(), budget);
    if (kind == Operator::add && left.is_sequence() && left.kind() == right.kind()) return joined(left, right, budget);
    if (kind == Operator::multiply && can_repeat(left) && right.as_integer())
        return repeated(left, *right.as_integer(), budget);
    if (kind == Operator::multiply && can_repeat(right) && left.as_integer())
        return repeated(right, *left.as_integer(), budget);
    const bool is_for_sets = kind == Operator::bit_or || kind == Operator::bit_and || kind == Operator::subtract;
    if (is_for_sets && left.kind() == Kind::set && right.kind() == Kind::set) return sets(kind, left, right);
    unsupported(kind, left, right);
}

bool is_in(const Any& item, const Any& container, Evaluator& evaluator) {
    if (container.is_text()) {
        if (!item.is_text()) fail(std::string("'in <string>' requires string, not ") + item.type_name());
        evaluator.budget().spend_on(container.text().size());
        return find_piece(container.text(), item.text()) != std::string_view::npos;
    }
    if (container.kind() == Kind::dict || container.kind() == Kind::set) return container.dict().find(item) != nullptr;
    bool is_found = false;
    evaluator.each(container, [&](const Any& one) { return !(is_found = one == item); });
    return is_found;
}

Any item_at(const Any& object, const Any& index, Evaluator& evaluator) {
    switch (object.kind()) {
        case Kind::dict: {
            const Any* value = object.dict().find(index);
            if (value == nullptr) fail("there is no key " + index.repr());
            return *value;
        }
        case Kind::list:
        case Kind::tuple:
            return object.items()[static_cast<std::size_t>(position(index, object.items().size()))];
        case Kind::text:
            evaluator.budget().spend_on(object.text().size());
            return *code_point_at(object.text(), position(index, code_points(object.text())));
        case Kind::object:
            return row_at(object, index, evaluator);
        default:
            fail(std::string("'") + object.type_name() + "' object has no elements");
    }
}

}  // namespace badges::expression
