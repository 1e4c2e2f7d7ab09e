// One YAML file as this program sees it: plain text with line numbers, nothing resolved yet.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace fedmsg::config {

// What is wrong in a file; the reader's caller knows its name.
struct SyntaxError : std::runtime_error {
    SyntaxError(int at, const std::string& text) : std::runtime_error(text), line(at) {}
    int line;  // 1 is the first; 0: the file as a whole
};

struct Member;

struct Node {
    enum class Kind { scalar, list, map };
    Kind kind = Kind::scalar;
    int line = 0;
    std::string text;     // scalar
    bool quoted = false;  // scalar: a string whatever it looks like
    std::vector<Node> items;
    std::vector<Member> members;
};

struct Member {
    std::string key;
    int line = 0;
    Node value;
};

}  // namespace fedmsg::config
