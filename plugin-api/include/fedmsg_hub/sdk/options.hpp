// Option: what a consumer can be told by configuration. Options: what it was told.
//
//     Option::text("printer.format", "How a message is shown").defaults_to("pretty").one_of({"pretty", "line"})
//     options().text("printer.format")
#ifndef FEDMSG_HUB_SDK_OPTIONS_HPP
#define FEDMSG_HUB_SDK_OPTIONS_HPP

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "json.hpp"
#include "value.hpp"

namespace fedmsg_hub {

template <class T>
class OptionOf;

// One declared option. Its name is the full configuration key.
class Option {
public:
    static OptionOf<std::string> text(std::string name, std::string help);
    static OptionOf<bool> boolean(std::string name, std::string help);
    static OptionOf<std::int64_t> integer(std::string name, std::string help);
    static OptionOf<double> number(std::string name, std::string help);
    static OptionOf<Json> list(std::string name, std::string help);
    static OptionOf<Json> map(std::string name, std::string help);
    static OptionOf<Json> any(std::string name, std::string help);

    const std::string& name() const noexcept { return name_; }
    std::int32_t type() const noexcept { return type_; }                        // enum fedmsg_hub_option_type
    std::uint32_t flags() const noexcept { return flags_; }                     // enum fedmsg_hub_option_flags
    const std::string& default_json() const noexcept { return default_json_; }  // empty: no default
    std::string help() const;

    // What is wrong with a value of the right type, or an empty text.
    std::string problem_with(const Value& value) const;

    friend bool operator==(const Option& a, const Option& b) { return a.fields() == b.fields(); }

protected:
    Option(std::int32_t type, std::string name, std::string help)
        : type_(type), name_(std::move(name)), help_(std::move(help)) {}

    std::tuple<std::int32_t, std::uint32_t, const std::string&, const std::string&, const std::string&,
               const std::vector<std::string>&, double, double>
    fields() const {
        return {type_, flags_, name_, help_, default_json_, choices_, low_, high_};
    }

    std::int32_t type_;
    std::uint32_t flags_ = 0;
    std::string name_;
    std::string help_;
    std::string default_json_;
    std::vector<std::string> choices_;
    double low_ = -std::numeric_limits<double>::infinity();
    double high_ = std::numeric_limits<double>::infinity();
};

// The same with what depends on the value's type.
template <class T>
class OptionOf : public Option {
public:
    OptionOf(std::int32_t type, std::string name, std::string help) : Option(type, std::move(name), std::move(help)) {}

    OptionOf& defaults_to(const T& value) { return default_json_ = Json(value).text(), *this; }
    // The hub refuses the configuration without it.
    OptionOf& required() { return flags_ |= FEDMSG_HUB_OPTION_REQUIRED, *this; }
    // Never printed.
    OptionOf& secret() { return flags_ |= FEDMSG_HUB_OPTION_SECRET, *this; }
    OptionOf& one_of(std::vector<std::string> choices) {  // NOLINT(performance-unnecessary-value-param): it moves
        static_assert(std::is_same_v<T, std::string>, "fedmsg_hub: one_of is for text options");
        choices_ = std::move(choices);
        return *this;
    }
    OptionOf& between(T low, T high) {
        static_assert(std::is_same_v<T, std::int64_t> || std::is_same_v<T, double>,
                      "fedmsg_hub: between is for integer and number options");
        return low_ = static_cast<double>(low), high_ = static_cast<double>(high), *this;
    }
};

inline OptionOf<std::string> Option::text(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_STRING, std::move(name), std::move(help)};
}
inline OptionOf<bool> Option::boolean(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_BOOLEAN, std::move(name), std::move(help)};
}
inline OptionOf<std::int64_t> Option::integer(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_INTEGER, std::move(name), std::move(help)};
}
inline OptionOf<double> Option::number(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_NUMBER, std::move(name), std::move(help)};
}
inline OptionOf<Json> Option::list(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_LIST, std::move(name), std::move(help)};
}
inline OptionOf<Json> Option::map(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_MAP, std::move(name), std::move(help)};
}
inline OptionOf<Json> Option::any(std::string name, std::string help) {
    return {FEDMSG_HUB_OPTION_ANY, std::move(name), std::move(help)};
}

namespace detail {

inline std::string joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : ", ") + word;
    return line;
}

inline std::string bound(double value) {
    if (value >= -9e15 && value <= 9e15 && value == static_cast<double>(static_cast<std::int64_t>(value)))
        return std::to_string(static_cast<std::int64_t>(value));
    std::string text;
    append_json_number(text, value);
    return text;
}

}  // namespace detail

inline std::string Option::help() const {
    return choices_.empty() ? help_ : help_ + " (one of: " + detail::joined(choices_) + ")";
}

inline std::string Option::problem_with(const Value& value) const {
    if (value.is_string() && !choices_.empty() &&
        std::find(choices_.begin(), choices_.end(), value.text()) == choices_.end())
        return "must be one of: " + detail::joined(choices_) + "; it is " + detail::excerpt(value.json());
    if (value.is_number() && (value.number_or(0) < low_ || value.number_or(0) > high_))
        return "must be between " + detail::bound(low_) + " and " + detail::bound(high_) + "; it is " + value.json();
    return {};
}

// The values of a consumer's options. In the consumer: lane thread; values stay valid until the consumer ends or is
// reconfigured. Every getter throws an Error that names the option if its value is of another type, and a
// std::logic_error if the consumer has not declared it.
class Options {
public:
    Options(Value values, const std::vector<Option>& declared) noexcept : values_(values), declared_(&declared) {}

    std::string_view text(std::string_view name) const { return typed(name, &Value::text); }
    bool boolean(std::string_view name) const { return typed(name, &Value::boolean); }
    std::int64_t integer(std::string_view name) const { return typed(name, &Value::integer); }
    double number(std::string_view name) const { return typed(name, &Value::number); }
    // A list of strings.
    std::vector<std::string> texts(std::string_view name) const {
        std::vector<std::string> out;
        for (const Value element : value(name).elements()) out.emplace_back(typed(name, element, &Value::text));
        return out;
    }
    // Lists, maps and everything else: null if the option has neither a value nor a default.
    Value value(std::string_view name) const {
        const auto is_it = [name](const Option& option) { return option.name() == name; };
        if (std::none_of(declared_->begin(), declared_->end(), is_it))
            throw std::logic_error("option " + std::string(name) + " is not declared: add it to describe()");
        return values_[name];
    }
    bool has(std::string_view name) const { return value(name).exists() && !value(name).is_null(); }

    Value values() const noexcept { return values_; }

private:
    template <class T>
    T typed(std::string_view name, T (Value::*get)() const) const {
        return typed(name, value(name), get);
    }
    template <class T>
    T typed(std::string_view name, const Value& value, T (Value::*get)() const) const {
        try {
            return (value.*get)();
        } catch (const ValueError& error) {
            throw ValueError("option " + std::string(name) + ": " + error.what());
        }
    }

    Value values_;
    const std::vector<Option>* declared_;
};

// Where a consumer's `static void validate(const Options&, Problems&)` tells what it does not like.
class Problems {
public:
    Problems(fedmsg_hub_text_fn receiver, void* arg) noexcept : receiver_(receiver), arg_(arg) {}

    void add(std::string_view option, std::string_view what) {
        const std::string line = std::string(option) + ": " + detail::readable(what);
        ++count_;
        detail::report(receiver_, arg_, line);
    }
    std::size_t count() const noexcept { return count_; }

private:
    fedmsg_hub_text_fn receiver_;
    void* arg_;
    std::size_t count_ = 0;
};

}  // namespace fedmsg_hub

#endif
