#include "bus/json/python_line.hpp"

#include <cmath>

#include "bus/json/quoted.hpp"
#include "bus/json/sorted_members.hpp"

namespace fedmsg::json {

bool PythonLine::value(const Value& value) {
    switch (value.GetType()) {
        case rapidjson::kNullType:
            return text("None");
        case rapidjson::kFalseType:
            return text("False");
        case rapidjson::kTrueType:
            return text("True");
        case rapidjson::kStringType:
            return is_big_integer(value) ? text(big_integer_digits(value)) : quoted(text_of(value));
        case rapidjson::kArrayType:
            return array(value);
        case rapidjson::kObjectType:
            return object(value);
        case rapidjson::kNumberType:
            break;
    }
    return number(value);
}

bool PythonLine::text(std::string_view ascii) {
    out_ += ascii;
    columns_ += ascii.size();
    return columns_ <= limit_;
}

bool PythonLine::quoted(std::string_view wtf8) {
    if (wtf8.size() / 4 > limit_) return false;  // a code point has at most four bytes and at least one column
    const std::size_t start = out_.size();
    append_quoted(out_, wtf8);
    if (limit_ == kNoLimit) return true;
    columns_ += columns_of(std::string_view(out_).substr(start));
    return columns_ <= limit_;
}

bool PythonLine::number(const Value& value) {
    if (value.IsUint64()) return text(std::to_string(value.GetUint64()));
    if (value.IsInt64()) return text(std::to_string(value.GetInt64()));
    const double number = value.GetDouble();
    if (std::isnan(number)) return text("nan");
    if (std::isinf(number)) return text(number < 0 ? "-inf" : "inf");
    std::string digits;
    append_number(digits, number);
    return text(digits);
}

bool PythonLine::array(const Value& array) {
    if (!text("[")) return false;
    for (auto element = array.Begin(); element != array.End(); ++element) {
        if (element != array.Begin() && !text(", ")) return false;
        if (!value(*element)) return false;
    }
    return text("]");
}

bool PythonLine::object(const Value& object) {
    // Five columns for each member at least; spares sorting a large object that cannot fit.
    if (object.MemberCount() > limit_ || !text("{")) return false;
    bool first = true;
    const auto append = [&](const Member& each) {
        if (!first && !text(", ")) return false;
        first = false;
        return member(each);
    };
    if (keys_ == Keys::sorted) {
        for (const Member* each : SortedMembers(object))
            if (!append(*each)) return false;
    } else {
        for (const Member& each : object.GetObject())
            if (!append(each)) return false;
    }
    return text("}");
}

bool PythonLine::member(const Member& member) {
    return quoted(key_of(member)) && text(": ") && value(member.value);
}

}  // namespace fedmsg::json
