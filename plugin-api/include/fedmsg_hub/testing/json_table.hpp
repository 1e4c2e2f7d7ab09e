// The hub's JSON functions (fedmsg_hub_json) over the reader of json_tree.hpp, for unit tests of plugins. Any thread.
//
// One difference from the hub: the Python form leaves characters beyond U+00FF as they are, even unprintable ones.
#ifndef FEDMSG_HUB_TESTING_JSON_TABLE_HPP
#define FEDMSG_HUB_TESTING_JSON_TABLE_HPP

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "../plugin_abi.h"
#include "../sdk/error.hpp"
#include "../sdk/text.hpp"
#include "../sdk/value.hpp"
#include "json_tree.hpp"

namespace fedmsg_hub::testing {

// Writes a node in one of the three forms.
class JsonWriter {
public:
    explicit JsonWriter(std::int32_t form) : form_(form) {}

    std::string write(const Node& node) {
        value(node, 0);
        return std::move(out_);
    }

private:
    bool is_python() const { return form_ == FEDMSG_HUB_PYTHON; }

    void value(const Node& node, std::size_t depth) {
        switch (node.type) {
            case Type::boolean:
                out_ += word(node.boolean ? "true" : "false", node.boolean ? "True" : "False");
                break;
            case Type::integer:
                out_ += node.text;
                break;
            case Type::real:
                real(node.real);
                break;
            case Type::string:
                string(node.text);
                break;
            case Type::array:
                container(node, '[', ']', depth);
                break;
            case Type::object:
                container(node, '{', '}', depth);
                break;
            default:
                out_ += word("null", "None");
        }
    }
    const char* word(const char* json, const char* python) const { return is_python() ? python : json; }

    void real(double number) {
        if (is_python() && std::isnan(number))
            out_ += "nan";
        else if (is_python() && std::isinf(number))
            out_ += number < 0 ? "-inf" : "inf";
        else
            detail::append_json_number(out_, number);
    }

    void container(const Node& node, char open, char close, std::size_t depth) {
        out_.push_back(open);
        bool is_first = true;
        for (const auto* item : ordered(node)) {
            if (!is_first) out_ += is_python() ? ", " : ",";
            is_first = false;
            new_line(depth + 1);
            if (node.type == Type::object) key(item->key);
            value(item->value, depth + 1);
        }
        if (!node.items.empty()) new_line(depth);
        out_.push_back(close);
    }
    std::vector<const Item*> ordered(const Node& node) const {
        std::vector<const Item*> items;
        for (const Item& item : node.items) items.push_back(&item);
        if (form_ == FEDMSG_HUB_CANONICAL && node.type == Type::object)
            std::sort(items.begin(), items.end(), [](auto* a, auto* b) { return a->key < b->key; });
        return items;
    }
    void new_line(std::size_t depth) {
        if (form_ == FEDMSG_HUB_PRETTY) out_.append("\n").append(2 * depth, ' ');
    }
    void key(const std::string& key) {
        string(key);
        out_ += form_ == FEDMSG_HUB_CANONICAL ? ":" : ": ";
    }

    void string(std::string_view text) {
        if (!is_python()) return static_cast<void>(detail::append_json_string(out_, text));
        const bool has_single = text.find('\'') != std::string_view::npos;
        const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
        out_.push_back(quote);
        for (std::size_t at = 0; at < text.size();) {
            const detail::CodePoint point = detail::decode(text.substr(at));
            python_character(text.substr(at, point.size), point, quote);
            at += point.size;
        }
        out_.push_back(quote);
    }
    void python_character(std::string_view bytes, const detail::CodePoint& point, char quote) {
        static constexpr char kDigits[] = "0123456789abcdef";
        const std::uint32_t code = point.value;
        if (bytes[0] == quote || bytes[0] == '\\')
            out_.append("\\").append(bytes);
        else if (code == '\n' || code == '\r' || code == '\t')
            out_ += detail::short_escape(bytes[0]);
        else if (point.is_surrogate())
            detail::append_unit(out_, code);
        else if (code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD)
            out_.append("\\x").append(1, kDigits[code >> 4]).append(1, kDigits[code & 0xF]);
        else
            out_ += bytes;
    }

    std::int32_t form_;
    std::string out_;
};

inline const Node& node_of(const fedmsg_hub_value* value) {
    return *reinterpret_cast<const Node*>(value);
}
inline const fedmsg_hub_value* handle_of(const Node* node) {
    return reinterpret_cast<const fedmsg_hub_value*>(node);
}

struct JsonFunctions {
    static std::int32_t type(const fedmsg_hub_value* value) { return static_cast<std::int32_t>(node_of(value).type); }
    static std::int32_t boolean(const fedmsg_hub_value* value) { return node_of(value).boolean ? 1 : 0; }
    static std::int32_t integer(const fedmsg_hub_value* value, std::int64_t* out) {
        const std::string& digits = node_of(value).text;
        if (node_of(value).type != Type::integer) return FEDMSG_HUB_INVALID;
        const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), *out);
        return result.ec == std::errc() ? FEDMSG_HUB_OK : FEDMSG_HUB_INVALID;
    }
    static double real(const fedmsg_hub_value* value) {
        if (node_of(value).type == Type::integer) return std::strtod(node_of(value).text.c_str(), nullptr);
        return node_of(value).real;
    }
    static fedmsg_hub_text string(const fedmsg_hub_value* value) {
        return node_of(value).type == Type::string ? detail::text(node_of(value).text) : fedmsg_hub_text{nullptr, 0};
    }
    static std::uint64_t size(const fedmsg_hub_value* value) { return node_of(value).items.size(); }
    static const fedmsg_hub_value* element(const fedmsg_hub_value* array, std::uint64_t index) {
        const Node& owner = node_of(array);
        return owner.type == Type::array && index < owner.items.size() ? handle_of(&owner.items[index].value) : nullptr;
    }
    static const fedmsg_hub_value* member(const fedmsg_hub_value* object, fedmsg_hub_text key) {
        return node_of(object).type == Type::object ? handle_of(node_of(object).member(detail::view(key))) : nullptr;
    }
    static const fedmsg_hub_value* member_at(const fedmsg_hub_value* object, std::uint64_t index,
                                             fedmsg_hub_text* key) {
        const Node& owner = node_of(object);
        if (owner.type != Type::object || index >= owner.items.size()) return nullptr;
        *key = detail::text(owner.items[index].key);
        return handle_of(&owner.items[index].value);
    }
    static void write(const fedmsg_hub_value* value, std::int32_t form, fedmsg_hub_text_fn out, void* arg) {
        out(arg, detail::text(JsonWriter(form).write(node_of(value))));
    }
    static const fedmsg_hub_value* parse(fedmsg_hub_text source, fedmsg_hub_text_fn error, void* arg) {
        try {
            return handle_of(new Node(JsonReader(detail::view(source)).read()));
        } catch (const std::exception& problem) {
            detail::report(error, arg, problem.what());
            return nullptr;
        }
    }
    static void release(const fedmsg_hub_value* value) { delete &node_of(value); }
};

inline const fedmsg_hub_json* json_functions() {
    using F = JsonFunctions;
    static constexpr fedmsg_hub_json kTable = {sizeof(fedmsg_hub_json),
                                               0,
                                               &F::type,
                                               &F::boolean,
                                               &F::integer,
                                               &F::real,
                                               &F::string,
                                               &F::size,
                                               &F::element,
                                               &F::member,
                                               &F::member_at,
                                               &F::write,
                                               &F::parse,
                                               &F::release};
    return &kTable;
}

}  // namespace fedmsg_hub::testing

#endif
