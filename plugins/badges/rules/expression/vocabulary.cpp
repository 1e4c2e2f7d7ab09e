#include "badges/rules/expression/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace badges::expression {
namespace {

constexpr std::size_t kMany = 64;

constexpr std::array kFunctions = {
    Arity{"len", 1, 1},
    Arity{"any", 1, 1},
    Arity{"all", 1, 1},
    Arity{"str", 0, 1},
    Arity{"int", 0, 1},
    Arity{"float", 0, 1},
    Arity{"bool", 0, 1},
    Arity{"set", 0, 1},
    Arity{"list", 0, 1},
    Arity{"sorted", 1, 1},
    Arity{"min", 1, kMany},
    Arity{"max", 1, kMany},
    Arity{"sum", 1, 2},
    Arity{"abs", 1, 1},
    Arity{"re.match", 2, 2},
    Arity{"re.search", 2, 2},
    Arity{"re.fullmatch", 2, 2},
    Arity{"json.dumps", 1, 1},
    Arity{"fedmsg.meta.msg2usernames", 1, kMany},
    Arity{"fedmsg.meta.msg2packages", 1, kMany},
    Arity{"fedmsg.meta.msg2agent", 1, kMany},
    Arity{"fedmsg.meta.msg2objects", 1, kMany},
};

constexpr std::array kMethods = {
    Arity{"startswith", 1, 1}, Arity{"endswith", 1, 1}, Arity{"lower", 0, 0},  Arity{"upper", 0, 0},
    Arity{"strip", 0, 1},      Arity{"lstrip", 0, 1},   Arity{"rstrip", 0, 1}, Arity{"split", 0, 2},
    Arity{"join", 1, 1},       Arity{"replace", 2, 3},  Arity{"find", 1, 1},   Arity{"count", 0, 1},
    Arity{"get", 1, 2},        Arity{"keys", 0, 0},     Arity{"values", 0, 0}, Arity{"items", 0, 0},
    Arity{"index", 1, 1},      Arity{"all", 0, 0},      Arity{"first", 0, 0},
};

constexpr std::array<std::string_view, 12> kAttributes = {"msg",      "topic", "timestamp",  "msg_id",
                                                          "category", "i",     "users",      "packages",
                                                          "body",     "id",    "agent_name", "usernames"};

constexpr std::array<std::string_view, 30> kReserved = {
    "False", "None",   "True",     "and",  "as",     "assert", "async",  "await", "class",  "continue",
    "def",   "del",    "elif",     "else", "except", "for",    "from",   "if",    "import", "in",
    "is",    "lambda", "nonlocal", "not",  "or",     "pass",   "return", "try",   "while",  "yield"};

template <class Table>
const Arity* find(const Table& table, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(), [name](const Arity& one) { return one.name == name; });
    return found == table.end() ? nullptr : &*found;
}

template <std::size_t Size>
bool has(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

const Arity* function_named(std::string_view name) {
    return find(kFunctions, name);
}
const Arity* method_named(std::string_view name) {
    return find(kMethods, name);
}
bool is_attribute(std::string_view name) {
    return has(kAttributes, name);
}
bool is_module(std::string_view name) {
    return name == "re" || name == "json" || name == "fedmsg";
}
bool is_meta_function(std::string_view name) {
    return name.starts_with("fedmsg.meta.");
}
bool is_reserved(std::string_view word) {
    return has(kReserved, word);
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    for (const Arity& function : kFunctions) names.emplace_back(function.name);
    return names;
}

std::vector<std::string> method_and_attribute_names() {
    std::vector<std::string> names(kAttributes.begin(), kAttributes.end());
    for (const Arity& method : kMethods) names.emplace_back(method.name);
    return names;
}

}  // namespace badges::expression
