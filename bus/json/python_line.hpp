// The one-line Python text form, as a whole or only as far as it fits. Private to this folder. Any thread.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "bus/json/document.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::json {

// Appends values to `out` until more than `limit` columns have been written. What is needed to find out whether a value
// fits a line then costs no more than the line, however large the value is.
class PythonLine {
public:
    static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

    PythonLine(std::string& out, Keys keys, std::size_t limit = kNoLimit) : out_(out), keys_(keys), limit_(limit) {}

    // False if the limit has been exceeded; `out` then holds a useless part. Recursive: see writer.hpp.
    bool value(const Value& value);

private:
    bool text(std::string_view ascii);
    bool quoted(std::string_view wtf8);
    bool number(const Value& value);
    bool object(const Value& object);
    bool array(const Value& array);
    bool member(const Value::Member& member);

    std::string& out_;
    Keys keys_;
    std::size_t limit_;
    std::size_t columns_ = 0;
};

}  // namespace fedmsg::json
