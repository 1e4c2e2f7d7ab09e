// A regular expression as Python's re.search reads it: '$' also matches before a line end that ends the text, '.' does
// not match a line end, texts are UTF-8. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bus/base/result.hpp"

namespace fedmsg::tools {

class Regex {
public:
    // The error says what is wrong with the pattern, and where.
    static Result<Regex> compile(const std::string& pattern);

    // True if it is found anywhere. A text that is not UTF-8 contains nothing.
    bool is_found_in(std::string_view text) const;
    // The groups of a match at the beginning of the text, the whole match first; empty if there is none.
    std::vector<std::string> groups_of(std::string_view text) const;

private:
    struct Code;
    explicit Regex(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
    std::shared_ptr<const Code> code_;
};

}  // namespace fedmsg::tools
