// Regular expressions in Python's notation, run by RE2: the time is linear in the text whatever the pattern.
//
// What RE2 cannot do (look-around, back references) is refused when the pattern is read. Not exactly as Python: \b
// knows ASCII words only, and `$` in fullmatch means the very end. Immutable; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace fedmsg_plugins {

class PythonRegex {
public:
    // Throws a std::invalid_argument that says what is wrong with the pattern.
    explicit PythonRegex(std::string_view pattern);
    ~PythonRegex();

    bool matches_begin(std::string_view text) const;  // re.match
    bool is_found_in(std::string_view text) const;    // re.search
    bool matches_all(std::string_view text) const;    // re.fullmatch

private:
    std::unique_ptr<re2::RE2> partial_;
    std::unique_ptr<re2::RE2> whole_;
};

// A pattern in Python's notation in that of RE2.
std::string re2_pattern(std::string_view pattern, bool is_whole);

}  // namespace fedmsg_plugins
