// Texts: what the rules ask the meta layer about a message. NoRenderer stands in until there is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "badges/rules/envelope.hpp"

namespace badges {

// Any thread. Nothing (nullopt): not available, as opposed to "there are none". An implementation may throw any
// std::exception; that counts as not available.
class Texts {
public:
    virtual ~Texts() = default;
    virtual bool is_available() const = 0;
    virtual std::optional<Names> usernames(const Envelope& message) const = 0;
    virtual std::optional<Names> packages(const Envelope& message) const = 0;
    virtual std::optional<Names> objects(const Envelope& message) const = 0;
    virtual std::optional<std::string> agent(const Envelope& message) const = 0;
};

// A rule that needs the meta layer is listed as such (Rule::needs) and never fires.
class NoRenderer final : public Texts {
public:
    bool is_available() const override { return false; }
    std::optional<Names> usernames(const Envelope&) const override { return std::nullopt; }
    std::optional<Names> packages(const Envelope&) const override { return std::nullopt; }
    std::optional<Names> objects(const Envelope&) const override { return std::nullopt; }
    std::optional<std::string> agent(const Envelope&) const override { return std::nullopt; }
};

// Names that a body mentions under the keys that services use for persons and packages (user, owner, author, agent,
// package, ...; also {"username": ...}, {"name": ...} and the keys of "chairs" and "attendees"). Sorted, no doubles.
// They fill the columns `users` and `packages` of the history while there is no meta layer, so that the filters of
// rules find something; they are never recipients.
struct NamedInBody {
    Names users;
    Names packages;
};
NamedInBody named_in(const Any& body);

}  // namespace badges
