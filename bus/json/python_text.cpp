#include "bus/json/python_text.hpp"

#include "bus/json/python_line.hpp"
#include "bus/json/quoted.hpp"

namespace fedmsg::json {

std::string python_text(const Value& value) {
    std::string out;
    PythonLine(out, Keys::as_received).value(value);
    return out;
}

std::string python_bare(const Value& value) {
    if (!is_text(value)) return python_text(value);
    std::string out;
    append_bare(out, text_of(value));
    return out;
}

}  // namespace fedmsg::json
