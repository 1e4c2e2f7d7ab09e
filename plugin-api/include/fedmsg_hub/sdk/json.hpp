// Json: builds the JSON text that a plugin publishes or stores. One thread at a time per object.
//
//     Json::object({{"user", user}, {"files", Json::array({"a.c", "b.c"})}, {"size", 17}})
//     Json report = Json::object();  report.set("count", 3).set("done", true);
#ifndef FEDMSG_HUB_SDK_JSON_HPP
#define FEDMSG_HUB_SDK_JSON_HPP

#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "error.hpp"
#include "text.hpp"
#include "value.hpp"

namespace fedmsg_hub {

class Json {
    template <class T>
    static constexpr bool kIsInteger = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;

public:
    // Meant to convert: everything that has an obvious JSON form.
    Json(std::nullptr_t = nullptr) : text_("null") {}                            // NOLINT
    Json(const Value& value) : text_(value.exists() ? value.json() : "null") {}  // NOLINT
    Json(std::string_view text) { append_string(text_, text); }                  // NOLINT
    Json(const std::string& text) : Json(std::string_view(text)) {}              // NOLINT
    Json(const char* text) : Json(std::string_view(text)) {}                     // NOLINT
    template <class T, std::enable_if_t<std::is_same_v<T, bool>, int> = 0>
    Json(T truth) : text_(truth ? "true" : "false") {}  // NOLINT
    template <class T, std::enable_if_t<kIsInteger<T>, int> = 0>
    Json(T number) : text_(std::to_string(number)) {}  // NOLINT
    template <class T, std::enable_if_t<std::is_floating_point_v<T>, int> = 0>
    Json(T number) {  // NOLINT
        detail::append_json_number(text_, static_cast<double>(number));
    }

    static Json object(std::initializer_list<std::pair<std::string_view, Json>> members = {}) {
        Json json(Kind::object);
        for (const auto& [key, value] : members) json.set(key, value);
        return json;
    }
    static Json array(std::initializer_list<Json> elements = {}) { return array_of(elements); }
    // From anything that a for-loop can walk: Json::array_of(names).
    template <class Container>
    static Json array_of(const Container& elements) {
        Json json(Kind::array);
        for (const auto& element : elements) json.add(Json(element));
        return json;
    }
    // A text that is JSON already; it is used as it is.
    static Json from_text(std::string text) {
        Json json;
        json.text_ = std::move(text);
        return json;
    }

    // Objects only: adds a member, or replaces the one of that name.
    Json& set(std::string_view key, Json value) {
        if (kind_ != Kind::object) throw std::logic_error("Json::set needs Json::object()");
        for (auto& [name, old] : items_)
            if (name == key) return old = std::move(value), *this;
        items_.emplace_back(std::string(key), std::move(value));
        return *this;
    }
    // Arrays only.
    Json& add(Json value) {
        if (kind_ != Kind::array) throw std::logic_error("Json::add needs Json::array()");
        items_.emplace_back(std::string(), std::move(value));
        return *this;
    }

    std::string text() const {
        std::string out;
        append_to(out);
        return out;
    }

private:
    enum class Kind { scalar, array, object };

    explicit Json(Kind kind) : kind_(kind) {}

    static void append_string(std::string& out, std::string_view text) {
        const std::size_t bad = detail::append_json_string(out, text);
        if (bad == std::string_view::npos) return;
        throw ValueError("a JSON string must be UTF-8; byte " + std::to_string(bad) + " of \"" +
                         detail::excerpt(detail::readable(text)) + "\" is not");
    }
    void append_to(std::string& out) const {
        if (kind_ == Kind::scalar) return static_cast<void>(out += text_);
        out.push_back(kind_ == Kind::object ? '{' : '[');
        const char* separator = "";
        for (const auto& [key, value] : items_) {
            out += separator;
            separator = ",";
            if (kind_ == Kind::object) append_string(out, key), out.push_back(':');
            value.append_to(out);
        }
        out.push_back(kind_ == Kind::object ? '}' : ']');
    }

    Kind kind_ = Kind::scalar;
    std::string text_;                                 // of a scalar
    std::vector<std::pair<std::string, Json>> items_;  // the keys of an array's are empty
};

}  // namespace fedmsg_hub

#endif
