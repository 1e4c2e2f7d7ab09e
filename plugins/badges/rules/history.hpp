// History: what the rules ask about the messages of the past, and the form of question and answer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "badges/rules/any.hpp"
#include "badges/rules/envelope.hpp"

namespace badges {

// One key of a filter: any of the wanted, and none of the unwanted.
struct Selection {
    std::optional<Names> wanted;  // nothing: the filter does not ask; empty: nothing matches
    Names unwanted;
};

// A filter with all templates resolved: sorted lists without doubles, keys AND-ed, elements of a list OR-ed.
struct Query {
    std::optional<double> start;  // seconds since the epoch; both ends belong to the range
    std::optional<double> end;
    // Names of these four are lower-case and compared without regard to ASCII case.
    Selection users, packages, categories, agents;
    Selection topics;               // whole topics, exactly
    std::optional<Names> contains;  // pieces of canonical_json(row.msg), exactly
    std::optional<Names> msg_ids;

    bool matches_nothing() const;  // some positive key has an empty list
    std::string key() const;       // equal for equal queries only
    void normalise();              // sorts, drops doubles, lower-cases
};

// A stored message.
struct Row {
    std::string topic;
    double timestamp = 0;
    std::string msg_id;
    std::string category;
    std::int64_t i = 0;
    Names users;
    Names packages;
    std::optional<std::string> agent;  // nothing: not known; then it matches no `agents` and every `not_agents`
    Any msg;                           // the body
};

Row row_of(const Envelope& message);

// The meaning of a query. A back end may use it for what its query language cannot say.
bool matches(const Query& query, const Row& row);

// The question could not be asked or was not answered: the rule's result is unknown, and is to be asked for again
// later.
class HistoryUnreachable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Lane thread. Both throw HistoryUnreachable. The message `exclude_msg_id` is left out, so that the caller can count
// the message at hand exactly once whether or not it has been stored yet.
class History {
public:
    // Return false to see no more rows.
    using RowHandler = std::function<bool(const Row&)>;

    virtual ~History() = default;
    virtual std::uint64_t count(const Query& query, std::string_view exclude_msg_id) = 0;
    // All matching rows, newest first, whatever their number; holds only few of them in memory at a time.
    virtual void stream(const Query& query, std::string_view exclude_msg_id, const RowHandler& handler) = 0;
};

// Per-person counters of rules of dialect 2 without `previous`. Throws HistoryUnreachable.
class Counters {
public:
    virtual ~Counters() = default;
    // Records that `person` triggered `key` with this message (once, however often it is called) and returns the number
    // of messages recorded for both, this one included. An implementation for dry runs counts without recording.
    virtual std::int64_t record(const std::string& key, const std::string& person, const std::string& msg_id) = 0;
};

// Who owns a package, for the criterion `pkgdb`. Throws HistoryUnreachable.
class Ownership {
public:
    virtual ~Ownership() = default;
    virtual bool is_available() const = 0;
    virtual bool owns_all(const std::string& user, const Names& packages) = 0;
};

// Rules with a `pkgdb` criterion are listed as needing the ownership service and never fire.
class NoOwnership final : public Ownership {
public:
    bool is_available() const override { return false; }
    bool owns_all(const std::string&, const Names&) override {
        throw HistoryUnreachable("no package ownership service is configured");
    }
};

}  // namespace badges
