#include "badges/rules/any.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "badges/rules/python_text.hpp"

namespace badges {

namespace {

thread_local WorkMeter* meter_in_force = nullptr;

void tell(std::size_t units) {
    if (meter_in_force != nullptr) meter_in_force->work(units);
}

void tell_text(std::size_t bytes) {
    tell(1 + bytes / 64);
}

}  // namespace

MeterInForce::MeterInForce(WorkMeter& meter) : before_(std::exchange(meter_in_force, &meter)) {}
MeterInForce::~MeterInForce() {
    meter_in_force = before_;
}

struct Any::Table {
    bool is_set;
    Dict dict;
};

namespace {

// 2^63: the first double that no int can hold.
constexpr double kIntegerEnd = 9223372036854775808.0;

std::size_t mixed(std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9E3779B97F4A7C15ULL + (seed << 6U) + (seed >> 2U));
}

std::size_t hash_of(double number) {
    if (number >= -kIntegerEnd && number < kIntegerEnd && number == std::floor(number))
        return std::hash<std::int64_t>{}(static_cast<std::int64_t>(number));  // equal numbers hash alike
    return std::hash<double>{}(number);
}

int sign(bool less, bool greater) {
    return less ? -1 : greater ? 1 : 0;
}

// Exactly, as Python does: 2**53 + 1 is greater than float(2**53).
std::optional<int> compare_mixed(std::int64_t integer, double real) {
    if (std::isnan(real)) return std::nullopt;
    if (real >= kIntegerEnd) return -1;
    if (real < -kIntegerEnd) return 1;
    const double whole = std::floor(real);
    const auto other = static_cast<std::int64_t>(whole);
    if (integer != other) return sign(integer < other, true);
    return real > whole ? -1 : 0;
}

std::optional<int> compare_numbers(const Any& a, const Any& b) {
    const auto left = a.as_integer();
    const auto right = b.as_integer();
    if (left && right) return sign(*left<*right, *left> * right);
    if (left) return compare_mixed(*left, b.real());
    if (right) {
        const auto reversed = compare_mixed(*right, a.real());
        return reversed ? std::optional<int>(-*reversed) : std::nullopt;
    }
    if (std::isnan(a.real()) || std::isnan(b.real())) return std::nullopt;
    return sign(a.real() < b.real(), a.real() > b.real());
}

std::optional<int> compare_sequences(const List& a, const List& b) {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t at = 0; at < common; ++at)
        if (!(a[at] == b[at])) return compare(a[at], b[at]);
    return sign(a.size() < b.size(), a.size() > b.size());
}

bool equal_tables(const Any& a, const Any& b) {
    if (a.kind() != b.kind() || a.dict().size() != b.dict().size()) return false;
    return std::all_of(a.dict().begin(), a.dict().end(), [&b](const Dict::Entry& entry) {
        const Any* other = b.dict().find(entry.first);
        return other != nullptr && *other == entry.second;
    });
}

}  // namespace

Any::Any(std::string text) : value_(std::make_shared<const std::string>(std::move(text))) {}
Any::Any(std::shared_ptr<const Object> object) : value_(std::move(object)) {}

Any Any::list(List items) {
    return Any(std::make_shared<const Sequence>(Sequence{false, std::move(items)}));
}

Any Any::tuple(List items) {
    return Any(std::make_shared<const Sequence>(Sequence{true, std::move(items)}));
}

Any Any::dict(Dict dict) {
    return Any(std::make_shared<const Table>(Table{false, std::move(dict)}));
}

Any Any::set(const List& items) {
    Dict members;
    for (const Any& item : items) members.set(item, Any());
    return Any(std::make_shared<const Table>(Table{true, std::move(members)}));
}

Kind Any::kind() const noexcept {
    switch (value_.index()) {
        case 0:
            return Kind::none;
        case 1:
            return Kind::boolean;
        case 2:
            return Kind::integer;
        case 3:
            return Kind::real;
        case 4:
            return Kind::text;
        case 5:
            return (*std::get_if<std::shared_ptr<const Sequence>>(&value_))->is_tuple ? Kind::tuple : Kind::list;
        case 6:
            return (*std::get_if<std::shared_ptr<const Table>>(&value_))->is_set ? Kind::set : Kind::dict;
        default:
            return Kind::object;
    }
}

bool Any::is_number() const noexcept {
    return std::holds_alternative<bool>(value_) || std::holds_alternative<std::int64_t>(value_) ||
           std::holds_alternative<double>(value_);
}

const List& Any::items() const {
    return std::get<std::shared_ptr<const Sequence>>(value_)->items;
}

const Dict& Any::dict() const {
    return std::get<std::shared_ptr<const Table>>(value_)->dict;
}

bool Any::truthy() const {
    switch (kind()) {
        case Kind::none:
            return false;
        case Kind::boolean:
            return boolean();
        case Kind::integer:
            return integer() != 0;
        case Kind::real:
            return real() != 0;
        case Kind::text:
            return !text().empty();
        case Kind::list:
        case Kind::tuple:
            return !items().empty();
        case Kind::dict:
        case Kind::set:
            return !dict().empty();
        case Kind::object:
            return true;
    }
    return false;
}

const char* Any::type_name() const {
    switch (kind()) {
        case Kind::none:
            return "NoneType";
        case Kind::boolean:
            return "bool";
        case Kind::integer:
            return "int";
        case Kind::real:
            return "float";
        case Kind::text:
            return "str";
        case Kind::list:
            return "list";
        case Kind::tuple:
            return "tuple";
        case Kind::dict:
            return "dict";
        case Kind::set:
            return "set";
        case Kind::object:
            return object().type_name();
    }
    return "unknown";
}

std::string Any::str() const {
    return is_text() ? text() : repr();
}

std::string Any::repr() const {
    return python_repr(*this);
}

std::size_t Any::hash() const {
    tell_text(is_text() ? text().size() : 0);
    switch (kind()) {
        case Kind::none:
            return 1;
        case Kind::boolean:
        case Kind::integer:
            return std::hash<std::int64_t>{}(*as_integer());
        case Kind::real:
            return hash_of(real());
        case Kind::text:
            return std::hash<std::string>{}(text());
        case Kind::tuple: {
            std::size_t seed = items().size();
            for (const Any& item : items()) seed = mixed(seed, item.hash());
            return seed;
        }
        case Kind::object:
            return std::hash<const Object*>{}(&object());
        default:
            throw EvaluationError(std::string("unhashable type: '") + type_name() + "'");
    }
}

std::optional<std::int64_t> Any::as_integer() const {
    if (kind() == Kind::boolean) return boolean() ? 1 : 0;
    return kind() == Kind::integer ? std::optional<std::int64_t>(integer()) : std::nullopt;
}

std::optional<double> Any::as_real() const {
    if (kind() == Kind::real) return real();
    const auto integer = as_integer();
    return integer ? std::optional<double>(static_cast<double>(*integer)) : std::nullopt;
}

bool operator==(const Any& a, const Any& b) {
    if (a.is_number() && b.is_number()) return compare_numbers(a, b) == 0;
    if (a.kind() != b.kind()) return false;
    tell(1);
    switch (a.kind()) {
        case Kind::none:
            return true;
        case Kind::text:
            if (a.text().size() != b.text().size() || &a.text() == &b.text()) return a.text().size() == b.text().size();
            tell_text(a.text().size());
            return a.text() == b.text();
        case Kind::list:
        case Kind::tuple:
            return a.items() == b.items();
        case Kind::dict:
        case Kind::set:
            return equal_tables(a, b);
        case Kind::object:
            return &a.object() == &b.object();
        default:
            return false;
    }
}

std::optional<int> compare(const Any& a, const Any& b) {
    if (a.is_number() && b.is_number()) return compare_numbers(a, b);
    if (a.is_text() && b.is_text()) {
        tell_text(std::min(a.text().size(), b.text().size()));
        const int order = a.text().compare(b.text());  // UTF-8 sorts as its code points do
        return sign(order<0, order> 0);
    }
    if (a.is_sequence() && a.kind() == b.kind()) return compare_sequences(a.items(), b.items());
    throw EvaluationError(std::string("'<' not supported between instances of '") + a.type_name() + "' and '" +
                          b.type_name() + "'");
}

bool is_same(const Any& a, const Any& b) {
    return a.kind() == b.kind() && a == b;
}

void Dict::set(Any key, Any value) {
    const std::size_t hash = key.hash();
    const std::size_t at = position(key, hash);
    if (at < entries_.size()) return static_cast<void>(entries_[at].second = std::move(value));
    entries_.emplace_back(std::move(key), std::move(value));
    if (!index_.empty()) {
        index_.emplace(hash, at);
    } else if (entries_.size() > kIndexFrom) {
        index();
    }
}

std::size_t Dict::position(const Any& key, std::size_t hash) const {
    if (index_.empty()) {
        const auto found =
            std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& entry) { return entry.first == key; });
        return static_cast<std::size_t>(found - entries_.begin());
    }
    const auto [first, last] = index_.equal_range(hash);
    const auto found = std::find_if(first, last, [&](const auto& at) { return entries_[at.second].first == key; });
    return found == last ? entries_.size() : found->second;
}

void Dict::index() {
    for (std::size_t at = 0; at < entries_.size(); ++at) index_.emplace(entries_[at].first.hash(), at);
}

const Any* Dict::find(const Any& key) const {
    const std::size_t at = position(key, key.hash());
    return at < entries_.size() ? &entries_[at].second : nullptr;
}

const Any* Dict::find(std::string_view key) const {
    if (!index_.empty()) return find(Any(key));
    const auto found = std::find_if(entries_.begin(), entries_.end(), [key](const Entry& entry) {
        return entry.first.is_text() && entry.first.text() == key;
    });
    return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace badges
