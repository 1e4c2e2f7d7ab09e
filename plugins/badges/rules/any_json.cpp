#include "badges/rules/any_json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "badges/rules/python_text.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

[[noreturn]] void refuse_depth() {
    throw EvaluationError("the JSON is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
}

// Builds the value from the reader's events, without recursion.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
public:
    bool Null() { return add(Any()); }
    bool Bool(bool truth) { return add(Any(truth)); }
    bool Int(int number) { return add(Any(number)); }
    bool Uint(unsigned number) { return add(Any(std::int64_t{number})); }
    bool Int64(std::int64_t number) { return add(Any(number)); }
    bool Uint64(std::uint64_t number) {
        const bool fits = number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return add(fits ? Any(static_cast<std::int64_t>(number)) : Any(static_cast<double>(number)));
    }
    bool Double(double number) { return add(Any(number)); }
    bool String(const char* text, rapidjson::SizeType size, bool) { return add(Any(std::string(text, size))); }
    bool Key(const char* text, rapidjson::SizeType size, bool) {
        open_.back().key = Any(std::string(text, size));
        return true;
    }
    bool StartObject() { return open(true); }
    bool StartArray() { return open(false); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool EndArray(rapidjson::SizeType) { return close(); }

    Any take() { return std::move(result_); }

private:
    struct Open {
        bool is_object;
        Any key;
        Dict dict;
        List list;
    };

    bool open(bool is_object) {
        if (open_.size() > static_cast<std::size_t>(kMaxJsonDepth)) refuse_depth();  // as deep as `from` goes
        open_.push_back({is_object, {}, {}, {}});
        return true;
    }
    bool close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        return add(done.is_object ? Any::dict(std::move(done.dict)) : Any::list(std::move(done.list)));
    }
    bool add(Any value) {
        if (open_.empty()) {
            result_ = std::move(value);
        } else if (open_.back().is_object) {
            open_.back().dict.set(std::move(open_.back().key), std::move(value));
        } else {
            open_.back().list.push_back(std::move(value));
        }
        return true;
    }

    std::vector<Open> open_;
    Any result_;
};

// The four digits after a \u, or nothing.
std::optional<char32_t> unit_at(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "\\u" || at + 6 > text.size()) return std::nullopt;
    unsigned unit = 0;
    const char* first = text.data() + at + 2;
    const auto result = std::from_chars(first, first + 4, unit, 16);
    return result.ec == std::errc() && result.ptr == first + 4 ? std::optional<char32_t>(unit) : std::nullopt;
}

bool is_high(char32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(char32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

// Escapes of half a pair, which the bus lets pass and RapidJSON refuses, become the three bytes that the hub makes of
// them.
std::string without_lone_surrogates(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto unit = unit_at(text, at);
        const bool is_pair = unit && is_high(*unit) && is_low(unit_at(text, at + 6).value_or(0));
        std::size_t length = text[at] == '\\' ? 2 : 1;  // an escaped backslash begins no escape
        if (unit && (is_high(*unit) || is_low(*unit)) && !is_pair) {
            append_utf8(out, *unit);
            at += 6;
            continue;
        }
        if (is_pair) length = 12;
        out.append(text.substr(at, length));
        at += length;
    }
    return out;
}

Any from(const fedmsg_hub::Value& value, int depth) {
    if (depth > kMaxJsonDepth) refuse_depth();
    switch (value.type()) {
        case fedmsg_hub::Type::boolean:
            return value.boolean();
        case fedmsg_hub::Type::integer: {
            const auto number = value.integer_or(0);  // the hub has integers of any length
            return number == value.integer_or(1) ? Any(number) : Any(value.number());
        }
        case fedmsg_hub::Type::real:
            return value.number();
        case fedmsg_hub::Type::string:
            return std::string(value.text());
        case fedmsg_hub::Type::array: {
            List items;
            items.reserve(value.size());
            for (const auto element : value.elements()) items.push_back(from(element, depth + 1));
            return Any::list(std::move(items));
        }
        case fedmsg_hub::Type::object: {
            Dict dict;
            for (const auto [key, item] : value.members()) dict.set(std::string(key), from(item, depth + 1));
            return Any::dict(std::move(dict));
        }
        default:
            return {};
    }
}

// Writes JSON in one of two styles.
class Writer {
public:
    Writer(bool is_python, std::size_t max_bytes) : is_python_(is_python), max_bytes_(max_bytes) {}

    std::string take(const Any& value) {
        add(value, 0);
        return std::move(out_);
    }

private:
    void add(const Any& value, int depth) {
        if (depth > kMaxJsonDepth) refuse_depth();
        if (out_.size() > max_bytes_)
            throw EvaluationError("the JSON text is longer than " + std::to_string(max_bytes_) + " bytes");
        switch (value.kind()) {
            case Kind::none:
                out_ += "null";
                break;
            case Kind::boolean:
                out_ += value.boolean() ? "true" : "false";
                break;
            case Kind::integer:
                out_ += std::to_string(value.integer());
                break;
            case Kind::real:
                add_real(value.real());
                break;
            case Kind::text:
                add_text(value.text());
                break;
            case Kind::list:
            case Kind::tuple:
                add_list(value.items(), depth);
                break;
            case Kind::dict:
                add_dict(value.dict(), depth);
                break;
            default:
                throw EvaluationError(std::string("Object of type ") + value.type_name() + " is not JSON serializable");
        }
    }

    void add_real(double number) {
        if (std::isfinite(number)) {
            out_ += python_repr(number);
        } else {
            out_ += std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
        }
    }

    void add_list(const List& items, int depth) {
        const char* separator = "[";
        if (items.empty()) out_ += "[";
        for (const Any& item : items) {
            out_ += separator;
            separator = is_python_ ? ", " : ",";
            add(item, depth + 1);
        }
        out_ += "]";
    }

    void add_dict(const Dict& dict, int depth) {
        std::vector<const Dict::Entry*> entries;
        for (const auto& entry : dict) entries.push_back(&entry);
        if (!is_python_)
            std::sort(entries.begin(), entries.end(),
                      [](const auto* a, const auto* b) { return key_of(a->first) < key_of(b->first); });
        const char* separator = "{";
        if (entries.empty()) out_ += "{";
        for (const auto* entry : entries) {
            out_ += separator;
            separator = is_python_ ? ", " : ",";
            add_text(key_of(entry->first));
            out_ += is_python_ ? ": " : ":";
            add(entry->second, depth + 1);
        }
        out_ += "}";
    }

    // Keys of JSON are texts; Python turns scalars into them.
    static std::string key_of(const Any& key) {
        switch (key.kind()) {
            case Kind::none:
                return "null";
            case Kind::boolean:
                return key.boolean() ? "true" : "false";
            case Kind::text:
            case Kind::integer:
            case Kind::real:
                return key.str();
            default:
                throw EvaluationError(std::string("keys must be str, int, float, bool or None, not ") +
                                      key.type_name());
        }
    }

    void add_text(std::string_view text) {
        out_.push_back('"');
        while (!text.empty()) {
            const CodePoint point = first_code_point(text);
            if (!add_short(point.value)) out_.append(text.substr(0, point.bytes));
            text.remove_prefix(point.bytes);
        }
        out_.push_back('"');
    }

    // Whether the code point has been written in an escaped form.
    bool add_short(char32_t point) {
        static constexpr std::string_view kFrom = "\"\\\n\r\t\b\f";
        static constexpr std::string_view kTo = "\"\\nrtbf";
        const auto at = point < 0x80 ? kFrom.find(static_cast<char>(point)) : std::string_view::npos;
        if (at != std::string_view::npos) {
            out_.append({'\\', kTo[at]});
            return true;
        }
        if (point >= 0x20 && (point < 0x80 || !is_python_)) return false;
        add_escape(point);
        return true;
    }

    void add_escape(char32_t point) {
        if (point >= 0x10000) {
            add_unit(0xD800U + ((point - 0x10000) >> 10U));
            point = 0xDC00U + ((point - 0x10000) & 0x3FFU);
        }
        add_unit(point);
    }

    void add_unit(char32_t unit) {
        out_ += "\\u";
        for (unsigned shift = 16; shift > 0; shift -= 4)
            out_.push_back("0123456789abcdef"[(unit >> (shift - 4)) & 0xFU]);
    }

    bool is_python_;
    std::size_t max_bytes_;
    std::string out_;
};

}  // namespace

Any any_from_json(std::string_view text) {
    constexpr unsigned kFlags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag | rapidjson::kParseNanAndInfFlag;
    const std::string owned = without_lone_surrogates(text);  // the reader wants a NUL at the end
    if (owned.find('\0') != std::string::npos) throw EvaluationError("this is not JSON: it contains a NUL byte");
    rapidjson::StringStream stream(owned.c_str());
    Builder builder;
    rapidjson::Reader reader;
    const auto result = reader.Parse<kFlags>(stream, builder);
    if (!result)
        throw EvaluationError(std::string("this is not JSON: ") + rapidjson::GetParseError_En(result.Code()) +
                              " (byte " + std::to_string(result.Offset()) + ")");
    return builder.take();
}

Any any_from(const fedmsg_hub::Value& value) {
    return from(value, 0);
}

std::string canonical_json(const Any& value) {
    return Writer(false, std::numeric_limits<std::size_t>::max()).take(value);
}

std::string python_json(const Any& value, std::size_t max_bytes) {
    return Writer(true, max_bytes).take(value);
}

}  // namespace badges
