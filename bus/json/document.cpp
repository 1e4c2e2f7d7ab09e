#include "bus/json/document.hpp"

#include <cstring>
#include <limits>

#include "bus/json/duplicates.hpp"
#include "bus/json/reader.hpp"

namespace fedmsg::json {
namespace {

std::string_view bytes_of(const Value& string) {
    return {string.GetString(), string.GetStringLength()};
}

}  // namespace

Status parse(std::string_view text, Document& document, Strings strings) {
    if (text.size() > std::numeric_limits<rapidjson::SizeType>::max()) {
        document.SetNull();
        return failure("a text of " + std::to_string(text.size()) + " bytes is too long (the limit is 4 GiB)");
    }
    Reader reader(text, strings);
    document.Populate(reader);
    if (reader.failed()) {
        document.SetNull();
        return reader.error();
    }
    if (reader.may_have_duplicates()) last_wins(document);
    return {};
}

Result<Document> parse(std::string_view text) {
    Document document;
    if (auto status = parse(text, document); !status) return std::move(status).error();
    return document;
}

bool is_big_integer(const Value& value) {
    return value.IsString() && value.GetStringLength() > 0 && *value.GetString() == kBigIntegerMark;
}

std::string_view big_integer_digits(const Value& value) {
    return bytes_of(value).substr(1);
}

bool is_text(const Value& value) {
    return value.IsString() && !is_big_integer(value);
}

std::string_view text_of(const Value& value) {
    return is_text(value) ? bytes_of(value) : std::string_view();
}

const Value* find(const Value& value, std::string_view key) {
    if (!value.IsObject()) return nullptr;
    for (const auto& member : value.GetObject())
        if (bytes_of(member.name) == key) return &member.value;
    return nullptr;
}

bool is_truthy(const Value& value) {
    switch (value.GetType()) {
        case rapidjson::kNullType:
        case rapidjson::kFalseType:
            return false;
        case rapidjson::kTrueType:
            return true;
        case rapidjson::kObjectType:
            return !value.ObjectEmpty();
        case rapidjson::kArrayType:
            return !value.Empty();
        case rapidjson::kStringType:
            return value.GetStringLength() > 0;
        case rapidjson::kNumberType:
            break;
    }
    return value.IsDouble() ? value.GetDouble() != 0.0 : value.IsUint64() ? value.GetUint64() != 0 : true;
}

Value copy(const Value& value, Pool& pool) {
    if (value.IsString()) return make_text(bytes_of(value), pool);
    if (value.IsArray()) {
        Value array(rapidjson::kArrayType);
        array.Reserve(value.Size(), pool);
        for (const auto& element : value.GetArray()) array.PushBack(copy(element, pool), pool);
        return array;
    }
    if (value.IsObject()) {
        Value object(rapidjson::kObjectType);
        for (const auto& member : value.GetObject())
            object.AddMember(copy(member.name, pool), copy(member.value, pool), pool);
        return object;
    }
    return Value(value, pool);
}

Value make_text(std::string_view text, Pool& pool) {
    if (text.empty()) return Value(rapidjson::kStringType);  // also for a view without data
    return Value(text.data(), static_cast<rapidjson::SizeType>(text.size()), pool);
}

}  // namespace fedmsg::json
