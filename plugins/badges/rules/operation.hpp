// Operation: what is computed from the messages that a filter selects. Source: badges.md 3.5, 3.8.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "badges/rules/any.hpp"
#include "badges/rules/envelope.hpp"
#include "badges/rules/expression/expression.hpp"
#include "badges/rules/history.hpp"
#include "badges/rules/yaml_file.hpp"
#include "support/structured_test.hpp"

namespace badges {

struct Operation {
    enum class Kind { count, lambda, count_where, count_distinct, sum, days_active };

    Kind kind = Kind::count;
    std::string text = "count";  // equal texts mean equal operations
    std::optional<expression::Expression> lambda;
    std::optional<fedmsg_plugins::StructuredTest> test;
    std::vector<std::string> path;
};

// Throws FileError. Dialect 1: a lambda over `query`; 2: over `message` and `results`.
Operation read_operation(const YamlNode& node, const std::string& key, int dialect, const Limits& limits);

// Runs it over the stored messages that match, without the current one, and the current one if it matches: so that it
// counts exactly once whether or not it has been stored. Throws EvaluationErrors and HistoryUnreachable.
// `asked` is increased by the number of questions to the history.
Any run(const Operation& operation, const Query& query, const Envelope& message, History& history, const Texts& texts,
        const Limits& limits, std::size_t& asked);

}  // namespace badges
