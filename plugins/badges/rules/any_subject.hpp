// Values of the rules as subjects of structured tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "badges/rules/any.hpp"
#include "badges/rules/history.hpp"
#include "support/structured_test.hpp"

namespace badges {

// The value at a path; null if there is none. Digits are positions in lists.
const Any* find_path(const Any& root, const std::vector<std::string>& path);

class AnySubject final : public fedmsg_plugins::Subject {
public:
    explicit AnySubject(Any root) : root_(std::move(root)) {}
    std::optional<fedmsg_plugins::Datum> at(const std::vector<std::string>& path) const override;

private:
    Any root_;
};

// A row as the envelope that it was: topic, msg, msg_id, timestamp, i, category, users, packages.
Any envelope_of(const Row& row);

fedmsg_plugins::Datum datum_of(const Any& value);

}  // namespace badges
