// Value: a JSON value that the hub has parsed, for reading. No second parser: every question goes to the hub.
//
// A Value is a view of two pointers: copy it freely, and use it only as long as what it came from lives (a message:
// during consume; options: as long as the consumer; a ParsedJson: as long as that object). Any thread.
//
//     message.msg()["commit"]["stats"]["files"][0].text_or("?")
//
// Asking for what is not there gives a missing Value, and asking that one gives a missing Value again: chains never
// throw. text(), integer(), ... throw a ValueError that names what was found instead; text_or(), ... never throw it.
#ifndef FEDMSG_HUB_SDK_VALUE_HPP
#define FEDMSG_HUB_SDK_VALUE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "error.hpp"
#include "text.hpp"

namespace fedmsg_hub {

enum class Type { missing = -1, null, boolean, integer, real, string, array, object };

class Value;

namespace detail {

// What for-loops over arrays and objects use: a position in a container.
template <class Item>
class Iterator {
public:
    Iterator(const Value* container, std::size_t at) noexcept : container_(container), at_(at) {}

    Item operator*() const;
    Iterator& operator++() noexcept {
        ++at_;
        return *this;
    }
    bool operator!=(const Iterator& other) const noexcept { return at_ != other.at_; }
    bool operator==(const Iterator& other) const noexcept { return at_ == other.at_; }

private:
    const Value* container_;
    std::size_t at_;
};

template <class Item>
class Range;

}  // namespace detail

struct Member;

class Value {
public:
    Value() = default;  // missing
    Value(const fedmsg_hub_json* json, const fedmsg_hub_value* value) noexcept : json_(json), value_(value) {}

    Type type() const noexcept { return value_ ? static_cast<Type>(json_->type(value_)) : Type::missing; }
    bool exists() const noexcept { return value_ != nullptr; }  // a null that is written out exists
    bool is_null() const noexcept { return type() == Type::null; }
    bool is_boolean() const noexcept { return type() == Type::boolean; }
    bool is_integer() const noexcept { return type() == Type::integer; }  // of any length
    bool is_number() const noexcept { return is_integer() || type() == Type::real; }
    bool is_string() const noexcept { return type() == Type::string; }
    bool is_array() const noexcept { return type() == Type::array; }
    bool is_object() const noexcept { return type() == Type::object; }

    Value operator[](std::string_view key) const noexcept {
        return is_object() ? Value(json_, json_->member(value_, detail::text(key))) : Value();
    }
    template <class Index, class = std::enable_if_t<std::is_integral_v<Index>>>
    Value operator[](Index index) const noexcept {
        return is_array() && index >= Index{} && static_cast<std::uint64_t>(index) < size() ? element(index) : Value();
    }
    bool contains(std::string_view key) const noexcept { return (*this)[key].exists(); }
    // Elements of an array, members of an object, else 0.
    std::size_t size() const noexcept {
        return is_array() || is_object() ? static_cast<std::size_t>(json_->size(value_)) : 0;
    }

    // for (Value commit : value.elements())   Empty if the value is no array.
    detail::Range<Value> elements() const noexcept;
    // for (auto [key, item] : value.members())   In received order; empty if the value is no object.
    detail::Range<Member> members() const noexcept;

    // Strict: throw a ValueError if the value is of another type or missing.
    std::string_view text() const {
        if (!is_string()) throw wrong_type("a string");
        return detail::view(json_->string(value_));
    }
    std::int64_t integer() const {
        std::int64_t out = 0;
        if (!is_integer()) throw wrong_type("an integer");
        if (json_->integer(value_, &out) != FEDMSG_HUB_OK) throw wrong_type("an integer of 64 bits");
        return out;
    }
    double number() const {  // integers are converted
        if (!is_number()) throw wrong_type("a number");
        return json_->real(value_);
    }
    bool boolean() const {
        if (!is_boolean()) throw wrong_type("true or false");
        return json_->boolean(value_) != 0;
    }

    // Lenient: the fallback if the value is of another type, does not fit, or is missing.
    std::string text_or(std::string_view fallback) const { return std::string(is_string() ? text() : fallback); }
    std::int64_t integer_or(std::int64_t fallback) const noexcept {
        std::int64_t out = fallback;
        return is_integer() && json_->integer(value_, &out) == FEDMSG_HUB_OK ? out : fallback;
    }
    double number_or(double fallback) const noexcept { return is_number() ? json_->real(value_) : fallback; }
    bool boolean_or(bool fallback) const noexcept { return is_boolean() ? json_->boolean(value_) != 0 : fallback; }

    // Its JSON text: without blanks and with sorted keys; indented; or as Python prints it. A missing value: empty.
    std::string json() const { return written(FEDMSG_HUB_CANONICAL); }
    std::string pretty() const { return written(FEDMSG_HUB_PRETTY); }
    std::string python() const { return written(FEDMSG_HUB_PYTHON); }
    // For people: a string's own characters, else the JSON text.
    std::string display() const { return is_string() ? std::string(text()) : json(); }

    const fedmsg_hub_value* get() const noexcept { return value_; }
    const fedmsg_hub_json* functions() const noexcept { return json_; }

private:
    friend class detail::Iterator<Value>;
    friend class detail::Iterator<Member>;

    template <class Index>
    Value element(Index index) const noexcept {
        return {json_, json_->element(value_, static_cast<std::uint64_t>(index))};
    }
    std::string written(std::int32_t form) const {
        detail::Collector collector;
        if (exists()) json_->write(value_, form, &detail::Collector::append, &collector);
        return collector.take();
    }
    ValueError wrong_type(const char* expected) const;

    const fedmsg_hub_json* json_ = nullptr;
    const fedmsg_hub_value* value_ = nullptr;
};

// One member of an object.
struct Member {
    std::string_view key;
    Value value;
};

namespace detail {

inline const char* name_of(Type type) noexcept {
    switch (type) {
        case Type::missing:
            return "nothing: there is no such value";
        case Type::null:
            return "null";
        case Type::boolean:
            return "a boolean";
        case Type::integer:
            return "an integer";
        case Type::real:
            return "a number";
        case Type::string:
            return "a string";
        case Type::array:
            return "an array";
        case Type::object:
            return "an object";
    }
    return "an unknown type";
}

inline std::string excerpt(std::string text) {
    static constexpr std::size_t kLongest = 60;
    if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
    return text;
}

template <class Item>
class Range {
public:
    Range(Value container, std::size_t size) noexcept : container_(container), size_(size) {}

    Iterator<Item> begin() const noexcept { return {&container_, 0}; }
    Iterator<Item> end() const noexcept { return {&container_, size_}; }
    std::size_t size() const noexcept { return size_; }

private:
    Value container_;
    std::size_t size_;
};

template <>
inline Value Iterator<Value>::operator*() const {
    return container_->element(at_);
}

template <>
inline Member Iterator<Member>::operator*() const {
    fedmsg_hub_text key{nullptr, 0};
    const fedmsg_hub_value* value = container_->json_->member_at(container_->value_, at_, &key);
    return {view(key), Value(container_->json_, value)};
}

}  // namespace detail

inline detail::Range<Value> Value::elements() const noexcept {
    return {*this, is_array() ? size() : 0};
}
inline detail::Range<Member> Value::members() const noexcept {
    return {*this, is_object() ? size() : 0};
}

inline ValueError Value::wrong_type(const char* expected) const {
    std::string line = std::string("expected ") + expected + ", found " + detail::name_of(type());
    if (exists() && !is_null()) line += " (" + detail::excerpt(json()) + ")";
    return ValueError(line);
}

// A text that the hub has parsed for this plugin; owns the result. Move-only.
class ParsedJson {
public:
    // Throws a ValueError that says where the text breaks the rules of JSON.
    ParsedJson(const fedmsg_hub_json* json, std::string_view text) : json_(json) {
        detail::Collector reason;
        value_ = json->parse(detail::text(text), &detail::Collector::append, &reason);
        if (value_ == nullptr) throw ValueError("this is not JSON: " + reason.take());
    }
    ParsedJson(ParsedJson&& other) noexcept : json_(other.json_), value_(std::exchange(other.value_, nullptr)) {}
    ParsedJson& operator=(ParsedJson&& other) noexcept {
        std::swap(json_, other.json_);
        std::swap(value_, other.value_);
        return *this;
    }
    ~ParsedJson() {
        if (value_ != nullptr) json_->release(value_);
    }

    Value root() const noexcept { return {json_, value_}; }
    Value operator[](std::string_view key) const noexcept { return root()[key]; }

private:
    const fedmsg_hub_json* json_;
    const fedmsg_hub_value* value_ = nullptr;
};

}  // namespace fedmsg_hub

#endif
