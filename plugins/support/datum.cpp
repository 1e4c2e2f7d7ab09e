#include "support/datum.hpp"

#include <fedmsg_hub/sdk/text.hpp>

#include <algorithm>
#include <utility>

namespace fedmsg_plugins {
namespace {

constexpr int kMaxDepth = 500;  // as deep as messages can be

std::optional<double> number_of(const Datum& datum) {
    if (const auto* integer = datum.integer()) return static_cast<double>(*integer);
    return datum.real() != nullptr ? std::optional<double>(*datum.real()) : std::nullopt;
}

template <class T>
int sign(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

bool equal_objects(const Datum::Object& a, const Datum& b) {
    return std::all_of(a.begin(), a.end(), [&b](const auto& member) {
        const Datum* other = b.member(member.first);
        return other != nullptr && *other == member.second;
    });
}

void append_json(std::string& out, const Datum& datum) {
    const char* separator = "";
    if (const auto* text = datum.text()) {
        fedmsg_hub::detail::append_json_string(out, *text);
    } else if (const auto* list = datum.list()) {
        out += "[";
        for (const Datum& item : *list) append_json(out += std::exchange(separator, ","), item);
        out += "]";
    } else if (const auto* object = datum.object()) {
        out += "{";
        for (const auto& [key, item] : *object) {
            fedmsg_hub::detail::append_json_string(out += std::exchange(separator, ","), key);
            append_json(out += ":", item);
        }
        out += "}";
    } else if (const auto* truth = datum.boolean()) {
        out += *truth ? "true" : "false";
    } else if (const auto* integer = datum.integer()) {
        out += std::to_string(*integer);
    } else if (const auto* real = datum.real()) {
        fedmsg_hub::detail::append_json_number(out, *real);
    } else {
        out += "null";
    }
}

Datum from(const fedmsg_hub::Value& value, int depth) {
    if (depth > kMaxDepth) throw fedmsg_hub::ValueError("the value is nested too deep");
    if (value.is_boolean()) return value.boolean();
    if (value.is_integer() && value.integer_or(0) == value.integer_or(1)) return value.integer();  // it fits
    if (value.is_number()) return value.number();
    if (value.is_string()) return std::string(value.text());
    if (value.is_array()) {
        Datum::List list;
        for (const auto element : value.elements()) list.push_back(from(element, depth + 1));
        return list;
    }
    if (!value.is_object()) return {};
    Datum::Object object;
    for (const auto [key, item] : value.members()) object.emplace_back(std::string(key), from(item, depth + 1));
    return object;
}

}  // namespace

const Datum* Datum::member(std::string_view key) const noexcept {
    if (object() == nullptr) return nullptr;
    for (const auto& [name, value] : *object())
        if (name == key) return &value;
    return nullptr;
}

std::string Datum::json() const {
    std::string out;
    append_json(out, *this);
    return out;
}

const char* Datum::type_name() const noexcept {
    constexpr const char* kNames[] = {"null", "boolean", "integer", "real", "string", "list", "mapping"};
    return kNames[value_.index()];
}

bool Datum::truthy() const noexcept {
    if (const auto* truth = boolean()) return *truth;
    if (const auto number = number_of(*this)) return *number != 0;
    if (text() != nullptr) return !text()->empty();
    if (list() != nullptr) return !list()->empty();
    return object() != nullptr && !object()->empty();
}

std::optional<std::size_t> Datum::length() const {
    if (list() != nullptr) return list()->size();
    if (object() != nullptr) return object()->size();
    if (text() == nullptr) return std::nullopt;
    const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text()->begin(), text()->end(), begins_character));
}

bool operator==(const Datum& a, const Datum& b) {
    if (a.integer() != nullptr && b.integer() != nullptr) return *a.integer() == *b.integer();
    if (const auto number = number_of(a)) return number == number_of(b);
    if (a.value_.index() != b.value_.index()) return false;
    if (const auto* object = a.object()) return object->size() == b.object()->size() && equal_objects(*object, b);
    return a.value_ == b.value_;
}

std::optional<int> order_of(const Datum& a, const Datum& b) {
    if (a.text() != nullptr && b.text() != nullptr) return sign(*a.text(), *b.text());
    if (a.integer() != nullptr && b.integer() != nullptr) return sign(*a.integer(), *b.integer());
    const auto left = number_of(a);
    const auto right = number_of(b);
    if (!left || !right || *left != *left || *right != *right) return std::nullopt;
    return sign(*left, *right);
}

Datum datum_from(const fedmsg_hub::Value& value) {
    return from(value, 0);
}

}  // namespace fedmsg_plugins
