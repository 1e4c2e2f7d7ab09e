#include "support/structured_test.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "support/json_path.hpp"
#include "support/python_regex.hpp"

namespace fedmsg_plugins {
namespace {

constexpr int kMaxNesting = 64;

using Path = std::vector<std::string>;

enum class Test {
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    in,
    not_in,
    contains,
    startswith,
    endswith,
    regex,
    len_eq,
    len_gt,
    len_ge,
    len_lt,
    len_le,
    exists,
    truthy,
    type
};

constexpr std::array<std::pair<std::string_view, Test>, 20> kTests = {{
    {"eq", Test::eq},
    {"ne", Test::ne},
    {"lt", Test::lt},
    {"le", Test::le},
    {"gt", Test::gt},
    {"ge", Test::ge},
    {"in", Test::in},
    {"not_in", Test::not_in},
    {"contains", Test::contains},
    {"startswith", Test::startswith},
    {"endswith", Test::endswith},
    {"regex", Test::regex},
    {"len_eq", Test::len_eq},
    {"len_gt", Test::len_gt},
    {"len_ge", Test::len_ge},
    {"len_lt", Test::len_lt},
    {"len_le", Test::len_le},
    {"exists", Test::exists},
    {"truthy", Test::truthy},
    {"type", Test::type},
}};

std::optional<Test> test_named(std::string_view name) {
    for (const auto& [known, test] : kTests)
        if (known == name) return test;
    return std::nullopt;
}

[[noreturn]] void refuse(const std::string& why) {
    throw StructuredTestError(why);
}

Answer answer(bool truth) {
    return truth ? Answer::yes : Answer::no;
}

const char* name_of(Answer answer) {
    return answer == Answer::yes ? "true" : answer == Answer::no ? "false" : "error";
}

std::string shown(const Path& path) {
    std::string out;
    for (const std::string& segment : path) out += (out.empty() ? "" : ".") + segment;
    return out;
}

std::string excerpt(std::string text) {
    static constexpr std::size_t kLongest = 80;
    if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
    return text;
}

bool is_type(const Datum& value, const std::string& name) {
    const std::string_view found = value.type_name();
    if (name == "number") return found == "integer" || found == "real";
    return name == found;
}

// Other spellings of the types.
std::string type_named(const std::string& name) {
    static constexpr std::pair<std::string_view, std::string_view> kSpellings[] = {
        {"null", "null"},       {"none", "null"},     {"bool", "boolean"}, {"boolean", "boolean"}, {"int", "integer"},
        {"integer", "integer"}, {"float", "real"},    {"real", "real"},    {"number", "number"},   {"str", "string"},
        {"string", "string"},   {"text", "string"},   {"list", "list"},    {"array", "list"},      {"dict", "mapping"},
        {"mapping", "mapping"}, {"object", "mapping"}};
    for (const auto& [spelling, type] : kSpellings)
        if (spelling == name) return std::string(type);
    refuse("type: " + name + " is none of null, boolean, integer, real, number, string, list, mapping");
}

Answer ordered(const Datum& left, const Datum& right, bool (*wanted)(int)) {
    const auto order = order_of(left, right);
    return order ? answer(wanted(*order)) : Answer::error;
}

// Whether a list has the element, a mapping the key, a text the piece.
Answer has(const Datum& container, const Datum& item) {
    if (const auto* list = container.list()) return answer(std::find(list->begin(), list->end(), item) != list->end());
    if (item.text() == nullptr) return container.object() != nullptr ? Answer::no : Answer::error;
    if (container.object() != nullptr) return answer(container.member(*item.text()) != nullptr);
    if (container.text() == nullptr) return Answer::error;
    const std::string& text = *container.text();
    // Unlike std::string::find it is linear in the text, whatever two foreign texts are compared.
    return answer(memmem(text.data(), text.size(), item.text()->data(), item.text()->size()) != nullptr);
}

Answer inverted(Answer one) {
    return one == Answer::error ? one : answer(one == Answer::no);
}

// A text has the edge, or one of several.
Answer has_edge(const Datum& left, const Datum& right, bool (*test)(std::string_view, std::string_view)) {
    if (left.text() == nullptr) return Answer::error;
    if (right.text() != nullptr) return answer(test(*left.text(), *right.text()));
    if (right.list() == nullptr) return Answer::error;
    for (const Datum& edge : *right.list()) {
        const Answer one = has_edge(left, edge, test);
        if (one != Answer::no) return one;
    }
    return Answer::no;
}

Answer compared_length(const Datum& left, const Datum& right, bool (*wanted)(int)) {
    const auto length = left.length();
    return length ? ordered(static_cast<std::int64_t>(*length), right, wanted) : Answer::error;
}

bool is_less(int order) {
    return order < 0;
}
bool is_less_or_equal(int order) {
    return order <= 0;
}
bool is_greater(int order) {
    return order > 0;
}
bool is_greater_or_equal(int order) {
    return order >= 0;
}
bool is_equal(int order) {
    return order == 0;
}

Answer judge(Test test, const Datum& left, const Datum& right) {
    switch (test) {
        case Test::eq:
            return answer(left == right);
        case Test::ne:
            return answer(!(left == right));
        case Test::lt:
            return ordered(left, right, &is_less);
        case Test::le:
            return ordered(left, right, &is_less_or_equal);
        case Test::gt:
            return ordered(left, right, &is_greater);
        case Test::ge:
            return ordered(left, right, &is_greater_or_equal);
        case Test::in:
            return has(right, left);
        case Test::not_in:
            return inverted(has(right, left));
        case Test::contains:
            return has(left, right);
        case Test::startswith:
            return has_edge(left, right, [](std::string_view a, std::string_view b) { return a.starts_with(b); });
        case Test::endswith:
            return has_edge(left, right, [](std::string_view a, std::string_view b) { return a.ends_with(b); });
        case Test::len_eq:
            return compared_length(left, right, &is_equal);
        case Test::len_gt:
            return compared_length(left, right, &is_greater);
        case Test::len_ge:
            return compared_length(left, right, &is_greater_or_equal);
        case Test::len_lt:
            return compared_length(left, right, &is_less);
        case Test::len_le:
            return compared_length(left, right, &is_less_or_equal);
        case Test::truthy:
            return answer(left.truthy() == right.truthy());
        case Test::type:
            return right.text() != nullptr ? answer(is_type(left, *right.text())) : Answer::error;
        default:
            return Answer::error;
    }
}

// A path, if the right side is {path: ...}.
std::optional<Path> right_path(const Datum& right) {
    const Datum* path = right.object() != nullptr && right.object()->size() == 1 ? right.member("path") : nullptr;
    return path != nullptr ? std::optional<Path>(path_from(*path)) : std::nullopt;
}

}  // namespace

struct StructuredTest::Node {
    enum class Kind { all, any, negation, leaf } kind = Kind::leaf;
    std::vector<std::shared_ptr<const Node>> children;

    Path path;
    std::string test_name;
    Test test = Test::eq;
    Datum literal;
    std::optional<Path> other;
    bool is_search = false;
    std::shared_ptr<const PythonRegex> regex;

    Answer ask(const Subject& subject, std::string* why) const;
    Answer ask_children(const Subject& subject, std::string* why) const;
    Answer ask_leaf(const Subject& subject, std::string* why) const;
    Answer without_value() const;
    Answer match(const Datum& left) const;
};

namespace {

using NodePtr = std::shared_ptr<const StructuredTest::Node>;
using Node = StructuredTest::Node;

NodePtr node_from(const Datum& definition, int depth);

NodePtr combination(Node::Kind kind, const std::string& key, const Datum& children, int depth) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    if (kind == Node::Kind::negation) {
        node->children.push_back(node_from(children, depth + 1));
        return node;
    }
    if (children.list() == nullptr || children.list()->empty()) refuse(key + ": it wants a list of tests");
    for (const Datum& child : *children.list()) node->children.push_back(node_from(child, depth + 1));
    return node;
}

void check_right_side(Node& node, const Datum& right) {
    const bool is_flag = node.test == Test::exists || node.test == Test::truthy;
    if (is_flag && right.boolean() == nullptr) refuse(node.test_name + ": it wants true or false");
    if (node.test == Test::type && right.text() == nullptr) refuse("type: it wants the name of a type");
    if (node.test == Test::regex && right.text() == nullptr) refuse("regex: it wants a text");
    const bool is_length = node.test_name.starts_with("len_");
    if (is_length && !node.other && right.integer() == nullptr) refuse(node.test_name + ": it wants an integer");
    const bool is_membership = node.test == Test::in || node.test == Test::not_in;
    if (is_membership && !node.other && right.list() == nullptr && right.object() == nullptr && right.text() == nullptr)
        refuse(node.test_name + ": it wants a list");
}

void take_right_side(Node& node, const Datum& right) {
    const bool may_be_path =
        node.test != Test::exists && node.test != Test::truthy && node.test != Test::type && node.test != Test::regex;
    if (may_be_path) node.other = right_path(right);
    check_right_side(node, right);
    node.literal = right;
    if (node.test == Test::type) node.literal = type_named(*right.text());
    if (node.test != Test::regex) return;
    try {
        node.regex = std::make_shared<const PythonRegex>(*right.text());
    } catch (const std::invalid_argument& error) {
        refuse(std::string("regex: ") + error.what());
    }
}

std::string test_names() {
    std::string all;
    for (const auto& [name, test] : kTests) all.append(all.empty() ? "" : ", ").append(name);
    return all;
}

NodePtr leaf(const Datum::Object& members) {
    auto node = std::make_shared<Node>();
    bool has_test = false;
    bool has_search = false;
    for (const auto& [key, value] : members) {
        const auto test = test_named(key);
        if (key == "path") {
            node->path = path_from(value);
        } else if (key == "search") {
            if (value.boolean() == nullptr) refuse("search: it wants true or false");
            has_search = true;
            node->is_search = *value.boolean();
        } else if (!test) {
            refuse(key + ": no such test; there are: " + test_names());
        } else if (has_test) {
            refuse(key + ": a second test; put several into all: [...]");
        } else {
            has_test = true;
            node->test = *test;
            node->test_name = key;
            take_right_side(*node, value);
        }
    }
    if (node->path.empty()) refuse("path: it is missing");
    if (!has_test) refuse("there is a path but no test; there are: " + test_names());
    if (has_search && node->test != Test::regex) refuse("search: it belongs to regex");
    return node;
}

NodePtr node_from(const Datum& definition, int depth) {
    if (depth > kMaxNesting) refuse("nested deeper than " + std::to_string(kMaxNesting) + " levels");
    const auto* members = definition.object();
    if (members == nullptr) refuse("a test is a mapping such as {path: msg.name, eq: ann}");
    if (members->size() == 1) {
        const auto& [key, value] = members->front();
        if (key == "all") return combination(Node::Kind::all, key, value, depth);
        if (key == "any") return combination(Node::Kind::any, key, value, depth);
        if (key == "not") return combination(Node::Kind::negation, key, value, depth);
    }
    for (const std::string_view name : {"all", "any", "not"})
        if (definition.member(name) != nullptr) refuse(std::string(name) + ": it must stand alone in its mapping");
    return leaf(*members);
}

}  // namespace

Answer StructuredTest::Node::ask(const Subject& subject, std::string* why) const {
    return kind == Kind::leaf ? ask_leaf(subject, why) : ask_children(subject, why);
}

Answer StructuredTest::Node::ask_children(const Subject& subject, std::string* why) const {
    const Answer decisive = kind == Kind::any ? Answer::yes : Answer::no;
    bool has_error = false;
    for (const NodePtr& child : children) {
        const Answer one = child->ask(subject, why);
        if (kind == Kind::negation) return inverted(one);
        if (one == decisive) return one;
        has_error = has_error || one == Answer::error;
    }
    return has_error ? Answer::error : answer(decisive == Answer::no);
}

Answer StructuredTest::Node::without_value() const {
    if (test == Test::exists) return answer(!literal.truthy());
    return test == Test::ne || test == Test::not_in ? Answer::error : Answer::no;
}

Answer StructuredTest::Node::match(const Datum& left) const {
    if (left.text() == nullptr) return Answer::error;
    return answer(is_search ? regex->is_found_in(*left.text()) : regex->matches_all(*left.text()));
}

Answer StructuredTest::Node::ask_leaf(const Subject& subject, std::string* why) const {
    const auto left = subject.at(path);
    const auto right = other ? subject.at(*other) : std::optional<Datum>(literal);
    Answer result = Answer::error;
    if (!left || !right)
        result = without_value();
    else if (test == Test::exists)
        result = answer(literal.truthy());
    else
        result = test == Test::regex ? match(*left) : judge(test, *left, *right);
    if (why != nullptr) {
        *why += (why->empty() ? "" : "; ") + shown(path) + " is " + (left ? excerpt(left->json()) : "missing");
        *why += ", " + test_name + " " + (other ? shown(*other) + " = " : "");
        *why += (right ? excerpt(right->json()) : "missing") + std::string(": ") + name_of(result);
    }
    return result;
}

StructuredTest StructuredTest::parse(const Datum& definition) {
    StructuredTest test;
    test.root_ = node_from(definition, 0);
    test.text_ = definition.json();
    return test;
}

Answer StructuredTest::test(const Subject& subject) const {
    return root_->ask(subject, nullptr);
}

Answer StructuredTest::test(const Subject& subject, std::string& why) const {
    return root_->ask(subject, &why);
}

std::vector<std::string> path_from(const Datum& definition) {
    Path path;
    if (const auto* list = definition.list()) {
        for (const Datum& segment : *list) {
            if (segment.text() == nullptr && segment.integer() == nullptr) refuse("path: its segments are texts");
            path.push_back(segment.text() != nullptr ? *segment.text() : std::to_string(*segment.integer()));
        }
    } else if (const auto* text = definition.text()) {
        try {
            path = split_path(*text);
        } catch (const std::invalid_argument& error) {
            refuse(std::string("path: ") + error.what());
        }
    }
    if (path.empty()) refuse("path: it wants a text such as msg.comment.karma, or a list of segments");
    return path;
}

std::optional<Datum> ValueSubject::at(const std::vector<std::string>& path) const {
    const auto value = at_path(root_, path);
    return value.exists() ? std::optional<Datum>(datum_from(value)) : std::nullopt;
}

}  // namespace fedmsg_plugins
