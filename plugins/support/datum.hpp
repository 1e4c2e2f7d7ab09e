// Datum: a JSON-like value of one's own, for what is compared with parts of messages. Copyable; any thread.
#pragma once

#include <fedmsg_hub/sdk/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fedmsg_plugins {

class Datum {
public:
    using List = std::vector<Datum>;
    using Object = std::vector<std::pair<std::string, Datum>>;

    Datum() = default;                                      // null
    Datum(std::nullptr_t) {}                                // NOLINT: meant to convert
    Datum(bool truth) : value_(truth) {}                    // NOLINT
    Datum(int number) : value_(std::int64_t{number}) {}     // NOLINT
    Datum(std::int64_t number) : value_(number) {}          // NOLINT
    Datum(double number) : value_(number) {}                // NOLINT
    Datum(std::string text) : value_(std::move(text)) {}    // NOLINT
    Datum(const char* text) : value_(std::string(text)) {}  // NOLINT
    Datum(List list) : value_(std::move(list)) {}           // NOLINT
    Datum(Object object) : value_(std::move(object)) {}     // NOLINT

    bool is_null() const noexcept { return value_.index() == 0; }
    // Null if it is of another type.
    const bool* boolean() const noexcept { return std::get_if<bool>(&value_); }
    const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&value_); }
    const double* real() const noexcept { return std::get_if<double>(&value_); }
    const std::string* text() const noexcept { return std::get_if<std::string>(&value_); }
    const List* list() const noexcept { return std::get_if<List>(&value_); }
    const Object* object() const noexcept { return std::get_if<Object>(&value_); }
    const Datum* member(std::string_view key) const noexcept;

    std::string json() const;  // for people and as a key: keys in their order, no blanks
    const char* type_name() const noexcept;
    bool truthy() const noexcept;
    std::optional<std::size_t> length() const;  // of texts (in characters), lists and objects

    // Numbers by value, whether integer or not; true is not 1. Objects whatever the order of their keys.
    friend bool operator==(const Datum& a, const Datum& b);

private:
    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Object> value_ = nullptr;
};

// -1, 0, 1 for two numbers or two texts; nothing for others and for NaN.
std::optional<int> order_of(const Datum& a, const Datum& b);

// Integers beyond 64 bits become reals; a missing value becomes null.
Datum datum_from(const fedmsg_hub::Value& value);

}  // namespace fedmsg_plugins
