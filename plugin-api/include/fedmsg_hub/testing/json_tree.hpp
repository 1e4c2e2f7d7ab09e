// A small strict JSON reader for unit tests of plugins, so that they need neither a hub nor another library. Not for
// plugins: in production the hub parses. It reads by the bus's rules: those of RFC 8259 plus NaN, Infinity and
// -Infinity; integers of any length up to 4,300 digits; unpaired surrogate escapes survive (as three-byte sequences);
// the last of duplicate keys wins in the first one's place; at most 500 levels. Any thread, each object by one at a
// time.
#ifndef FEDMSG_HUB_TESTING_JSON_TREE_HPP
#define FEDMSG_HUB_TESTING_JSON_TREE_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "../sdk/error.hpp"
#include "../sdk/text.hpp"
#include "../sdk/value.hpp"

namespace fedmsg_hub::testing {

struct Item;

// One JSON value.
struct Node {
    Type type = Type::null;
    bool boolean = false;
    double real = 0;
    std::string text;         // a string's bytes; an integer's digits
    std::vector<Item> items;  // members in received order; elements have empty keys

    const Node* member(std::string_view key) const;
    void set(std::string key, Node value);
};

// A member of an object or an element of an array.
struct Item {
    std::string key;
    Node value;
};

inline const Node* Node::member(std::string_view key) const {
    for (const Item& item : items)
        if (item.key == key) return &item.value;
    return nullptr;
}

inline void Node::set(std::string key, Node value) {
    for (Item& item : items)
        if (item.key == key) return static_cast<void>(item.value = std::move(value));
    items.push_back({std::move(key), std::move(value)});
}

class JsonReader {
public:
    explicit JsonReader(std::string_view text) : text_(text) {}

    // Throws a ValueError that names the byte.
    Node read() {
        Node root = value(0);
        skip_blanks();
        if (at_ != text_.size()) fail("the document ends here, but there is more text");
        return root;
    }

private:
    static constexpr std::size_t kMaxDepth = 500;
    static constexpr std::size_t kMaxDigits = 4300;

    [[noreturn]] void fail(const std::string& what) const {
        throw ValueError(what + " (byte " + std::to_string(at_) + ")");
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char character) { return peek() == character && at_ < text_.size() ? ++at_, true : false; }
    bool take(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    void skip_blanks() {
        while (take(' ') || take('\t') || take('\n') || take('\r')) {
        }
    }

    Node value(std::size_t depth) {
        if (depth > kMaxDepth) fail("nested deeper than 500 levels");
        skip_blanks();
        if (peek() == '{') return object(depth);
        if (peek() == '[') return array(depth);
        if (peek() == '"') return of(Type::string, string());
        if (take("null")) return {};
        if (take("true")) return truth(true);
        if (take("false")) return truth(false);
        return number();
    }

    static Node of(Type type, std::string text) {
        Node node;
        node.type = type;
        node.text = std::move(text);
        return node;
    }
    static Node truth(bool value) {
        Node node;
        node.type = Type::boolean;
        node.boolean = value;
        return node;
    }
    static Node real(double value) {
        Node node;
        node.type = Type::real;
        node.real = value;
        return node;
    }

    Node array(std::size_t depth) {
        Node node = of(Type::array, {});
        take('[');
        skip_blanks();
        if (take(']')) return node;
        do {
            node.items.push_back({std::string(), value(depth + 1)});
            skip_blanks();
        } while (take(','));
        if (!take(']')) fail("expected , or ] in an array");
        return node;
    }

    Node object(std::size_t depth) {
        Node node = of(Type::object, {});
        take('{');
        skip_blanks();
        if (take('}')) return node;
        do {
            skip_blanks();
            if (peek() != '"') fail("expected a key in quotes");
            std::string key = string();
            skip_blanks();
            if (!take(':')) fail("expected : after a key");
            node.set(std::move(key), value(depth + 1));
            skip_blanks();
        } while (take(','));
        if (!take('}')) fail("expected , or } in an object");
        return node;
    }

    std::string string() {
        std::string out;
        take('"');
        while (!take('"')) {
            if (at_ >= text_.size()) fail("a string has no end");
            if (take('\\'))
                escape(out);
            else
                plain(out);
        }
        return out;
    }

    void plain(std::string& out) {
        if (static_cast<unsigned char>(peek()) < 0x20) fail("a control character inside a string must be escaped");
        const detail::CodePoint point = detail::decode(text_.substr(at_));
        if (!point.is_valid() || point.is_surrogate()) fail("not UTF-8");
        out.append(text_.substr(at_, point.size));
        at_ += point.size;
    }

    void escape(std::string& out) {
        static constexpr std::string_view kNames = "\"\\/bfnrt";
        static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        if (take('u')) return unit(out);
        const std::size_t known = kNames.find(peek());
        if (at_ >= text_.size() || known == std::string_view::npos) fail("unknown escape");
        ++at_;
        out.push_back(kMeanings[known]);
    }

    // A high surrogate directly followed by a low one is one character; other surrogates stay alone.
    void unit(std::string& out) {
        const std::uint32_t first = hex4();
        if (first < 0xD800 || first > 0xDBFF || text_.substr(at_, 2) != "\\u") return detail::append_utf8(out, first);
        const std::size_t after_first = at_;
        at_ += 2;
        const std::uint32_t second = hex4();
        if (second >= 0xDC00 && second <= 0xDFFF)
            return detail::append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        at_ = after_first;
        detail::append_utf8(out, first);
    }

    std::uint32_t hex4() {
        std::uint32_t unit = 0;
        const std::string_view digits = text_.substr(at_, 4);
        const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
        if (digits.size() != 4 || result.ptr != digits.data() + 4) fail("expected four hexadecimal digits");
        at_ += 4;
        return unit;
    }

    Node number() {
        if (take("NaN")) return real(std::numeric_limits<double>::quiet_NaN());
        if (take("Infinity")) return real(std::numeric_limits<double>::infinity());
        if (take("-Infinity")) return real(-std::numeric_limits<double>::infinity());
        const std::size_t start = at_;
        take('-');
        const std::size_t whole = at_;
        if (!digits()) fail(at_ < text_.size() ? "expected a value" : "the text ends where a value is expected");
        if (text_[whole] == '0' && at_ - whole > 1) fail("a number has leading zeros");
        const std::size_t whole_digits = at_ - whole;
        if (fraction_and_exponent()) return real(to_double(text_.substr(start, at_ - start)));
        if (whole_digits > kMaxDigits) fail("an integer of more than 4300 digits");
        const std::string_view spelled = text_.substr(start, at_ - start);
        return of(Type::integer, std::string(spelled == "-0" ? "0" : spelled));
    }

    bool digits() {
        const std::size_t start = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ != start;
    }

    // True if there was one or the other.
    bool fraction_and_exponent() {
        const std::size_t start = at_;
        if (take('.') && !digits()) fail("expected digits after the point");
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) fail("expected digits in the exponent");
        }
        return at_ != start;
    }

    static double to_double(std::string_view spelled) {
        double value = 0;
        const auto result = std::from_chars(spelled.data(), spelled.data() + spelled.size(), value);
        // Too large or too small: infinity or zero, which strtod tells apart.
        return result.ec == std::errc() ? value : std::strtod(std::string(spelled).c_str(), nullptr);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace fedmsg_hub::testing

#endif
