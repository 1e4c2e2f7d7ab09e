// Structured tests of messages, as operators and rule authors write them (badges.md 3.7):
//
//     {path: msg.comment.karma, eq: 1}
//     {path: msg.comment.author, ne: {path: msg.comment.update_submitter}}
//     {all: [...]}, {any: [...]}, {not: ...}
//
//     const auto test = StructuredTest::parse(datum_from(definition));       // throws StructuredTestError
//     if (test.test(ValueSubject(message.root())) == Answer::yes) ...
//
// One path (dots; a list of segments when a key itself has dots; digits are positions in lists) and one test: eq ne lt
// le gt ge in not_in contains startswith endswith regex (whole; with `search: true` anywhere) len_eq len_gt len_ge
// len_lt len_le exists truthy type. The right side is a literal or {path: ...}.
//
// Three answers: a missing path makes every test false, but `exists: false` true, and `ne` and `not_in` an error, so
// that a renamed field cannot silently count as "different". Values of the wrong type are an error as well. Numbers are
// equal by value (1 and 1.0); true is not 1. Immutable; any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/datum.hpp"

namespace fedmsg_plugins {

enum class Answer { no, yes, error };

// The definition breaks the rules: what() says which key and why.
class StructuredTestError : public std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

// What is tested: something that has values at paths.
class Subject {
public:
    virtual ~Subject() = default;
    virtual std::optional<Datum> at(const std::vector<std::string>& path) const = 0;
};

// A value of the hub's.
class ValueSubject final : public Subject {
public:
    explicit ValueSubject(fedmsg_hub::Value root) : root_(root) {}
    std::optional<Datum> at(const std::vector<std::string>& path) const override;

private:
    fedmsg_hub::Value root_;
};

class StructuredTest {
public:
    static StructuredTest parse(const Datum& definition);

    Answer test(const Subject& subject) const;
    // The same, and says for each part what it found: "msg.comment.karma is 1, eq 1: true".
    Answer test(const Subject& subject, std::string& why) const;

    // The definition as JSON: equal texts mean equal tests.
    const std::string& text() const noexcept { return text_; }

    struct Node;

private:
    std::shared_ptr<const Node> root_;
    std::string text_;
};

// "a.b" or ["a", "b"]. Throws a StructuredTestError.
std::vector<std::string> path_from(const Datum& definition);

}  // namespace fedmsg_plugins
