// Criteria trees of dialect 1: questions to the history. Source: badges.md 3.5.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "badges/rules/condition.hpp"
#include "badges/rules/filter.hpp"
#include "badges/rules/operation.hpp"
#include "badges/rules/placeholder.hpp"
#include "badges/rules/yaml_file.hpp"

namespace badges {

// `datanommer` of dialect 1, `previous` of dialect 2.
struct HistoryQuestion {
    Filter filter;
    Operation operation;
};

struct OwnershipQuestion {
    Template user;
    std::vector<Template> packages;
};

struct Criteria {
    enum class Kind { history, ownership, all, any, negation };

    Kind kind = Kind::all;
    int line = 0;
    std::optional<HistoryQuestion> history;
    Condition condition;
    std::optional<OwnershipQuestion> ownership;
    std::vector<Criteria> children;
};

// Throw FileErrors.
Criteria read_criteria(const YamlNode& node, const std::string& key, const Limits& limits);
HistoryQuestion read_previous(const YamlNode& node, const std::string& key, const Limits& limits);

// Calls `visit` for the criteria and all below.
template <class Visit>
void for_each_criterion(const Criteria& criteria, Visit&& visit) {
    visit(criteria);
    for (const Criteria& child : criteria.children) for_each_criterion(child, visit);
}

}  // namespace badges
