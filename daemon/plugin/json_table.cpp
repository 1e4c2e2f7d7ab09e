#include "daemon/plugin/json_table.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"
#include "daemon/plugin/guard.hpp"

namespace fedmsg::hub {
namespace {

using json::Value;

// Authors forget that a member may be missing. The contract asks for a value; a null pointer is read as a JSON null.
const Value& read(const fedmsg_hub_value* handle) noexcept {
    static const Value null;
    return handle == nullptr ? null : value_of(handle);
}

// Every one of these is noexcept: an exception must not cross into a plugin.

std::int32_t type(const fedmsg_hub_value* handle) noexcept {
    const Value& value = read(handle);
    if (json::is_big_integer(value)) return FEDMSG_HUB_INTEGER;
    switch (value.GetType()) {
        case rapidjson::kNullType:
            return FEDMSG_HUB_NULL;
        case rapidjson::kFalseType:
        case rapidjson::kTrueType:
            return FEDMSG_HUB_BOOLEAN;
        case rapidjson::kStringType:
            return FEDMSG_HUB_STRING;
        case rapidjson::kArrayType:
            return FEDMSG_HUB_ARRAY;
        case rapidjson::kObjectType:
            return FEDMSG_HUB_OBJECT;
        case rapidjson::kNumberType:
            return value.IsDouble() ? FEDMSG_HUB_REAL : FEDMSG_HUB_INTEGER;
    }
    return FEDMSG_HUB_NULL;
}

std::int32_t boolean(const fedmsg_hub_value* handle) noexcept {
    return read(handle).IsTrue() ? 1 : 0;
}

std::int32_t integer(const fedmsg_hub_value* handle, std::int64_t* out) noexcept {
    const Value& value = read(handle);
    if (out == nullptr || !value.IsInt64()) return FEDMSG_HUB_INVALID;
    *out = value.GetInt64();
    return FEDMSG_HUB_OK;
}

double real(const fedmsg_hub_value* handle) noexcept {
    const Value& value = read(handle);
    if (value.IsNumber()) return value.GetDouble();
    if (!json::is_big_integer(value)) return 0;
    try {
        return std::strtod(std::string(json::big_integer_digits(value)).c_str(), nullptr);
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

fedmsg_hub_text string(const fedmsg_hub_value* handle) noexcept {
    const Value& value = read(handle);
    return json::is_text(value) ? text_from(json::text_of(value)) : fedmsg_hub_text{};
}

std::uint64_t size(const fedmsg_hub_value* handle) noexcept {
    const Value& value = read(handle);
    if (value.IsArray()) return value.Size();
    return value.IsObject() ? value.MemberCount() : 0;
}

const fedmsg_hub_value* element(const fedmsg_hub_value* handle, std::uint64_t index) noexcept {
    const Value& value = read(handle);
    if (!value.IsArray() || index >= value.Size()) return nullptr;
    return handle_of(value[static_cast<rapidjson::SizeType>(index)]);
}

const fedmsg_hub_value* member(const fedmsg_hub_value* handle, fedmsg_hub_text key) noexcept {
    const Value* found = json::find(read(handle), view_of(key));
    return found == nullptr ? nullptr : handle_of(*found);
}

const fedmsg_hub_value* member_at(const fedmsg_hub_value* handle, std::uint64_t index, fedmsg_hub_text* key) noexcept {
    const Value& value = read(handle);
    if (!value.IsObject() || index >= value.MemberCount()) return nullptr;
    const auto& found = value.MemberBegin()[static_cast<std::ptrdiff_t>(index)];
    if (key != nullptr) *key = text_from(json::text_of(found.name));
    return handle_of(found.value);
}

std::string written(const Value& value, std::int32_t form) {
    switch (form) {
        case FEDMSG_HUB_PRETTY:
            return json::pretty(value);
        case FEDMSG_HUB_PYTHON:
            return json::python_text(value);
        default:
            return json::canonical(value);
    }
}

void write(const fedmsg_hub_value* handle, std::int32_t form, fedmsg_hub_text_fn out, void* arg) noexcept {
    try {
        out(arg, text_from(written(read(handle), form)));
    } catch (...) {
        // Memory is short, or the plugin's own function threw: it has its text or it has none.
    }
}

// Memory in proportion to the text: each consumer keeps its options so, and RapidJSON's own chunks have 64 kB.
struct Memory {
    json::Pool pool;
    explicit Memory(std::size_t text_bytes) : pool(std::clamp<std::size_t>(2 * text_bytes, 256, 64 * 1024)) {}
};

// A document together with its memory, which must be there first.
struct Parsed : private Memory, json::Document {
    explicit Parsed(std::size_t text_bytes) : Memory(text_bytes), json::Document(&pool) {}
};

const fedmsg_hub_value* parse_text(fedmsg_hub_text text, fedmsg_hub_text_fn error, void* arg) {
    auto document = std::make_unique<Parsed>(text.size);
    const Status status = json::parse(view_of(text), *document);
    // Given back as the value that it is; release() makes a document of it again.
    if (status) return handle_of(*document.release());
    if (error != nullptr) error(arg, text_from(status.error().text));
    return nullptr;
}

const fedmsg_hub_value* parse(fedmsg_hub_text text, fedmsg_hub_text_fn error, void* arg) noexcept {
    try {
        return parse_text(text, error, arg);
    } catch (...) {
        return nullptr;  // memory is short, or the plugin's own function threw
    }
}

void release(const fedmsg_hub_value* handle) noexcept {
    if (handle == nullptr) return;
    const std::unique_ptr<const Parsed> document(static_cast<const Parsed*>(&value_of(handle)));
}

constexpr fedmsg_hub_json kTable{sizeof(fedmsg_hub_json),
                                 0,
                                 &type,
                                 &boolean,
                                 &integer,
                                 &real,
                                 &string,
                                 &size,
                                 &element,
                                 &member,
                                 &member_at,
                                 &write,
                                 &parse,
                                 &release};

}  // namespace

const fedmsg_hub_json& json_table() {
    return kTable;
}

}  // namespace fedmsg::hub
