// Filter: the part of a criterion that says which messages of the past are meant. Source: badges.md 3.5.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "badges/rules/any.hpp"
#include "badges/rules/envelope.hpp"
#include "badges/rules/expression/expression.hpp"
#include "badges/rules/history.hpp"
#include "badges/rules/placeholder.hpp"
#include "badges/rules/topic_index.hpp"
#include "badges/rules/yaml_file.hpp"

namespace badges {

struct FilterKey {
    using Element = std::variant<Any, Template, expression::Expression>;

    std::string name;
    int line = 0;
    std::vector<Element> elements;
};

struct Filter {
    std::vector<FilterKey> keys;
    std::vector<std::string> ignored;  // page, rows_per_page, order: all rows are looked at

    // Throws an EvaluationError. `recipient`: of dialect 2, else null.
    Query resolve(const Envelope& message, const Texts& texts, const Limits& limits,
                  const std::string* recipient) const;
    // Which messages it could ever count besides the current one. `trigger`: what "%(topic)s" can stand for.
    TopicWish wish(const TopicWish& trigger) const;
    const FilterKey* find(std::string_view name) const;
    bool uses_recipient() const;
};

// Throws FileError. Dialect 1: templates and {lambda: EXPR over msg}; dialect 2: expressions over message, recipient.
Filter read_filter(const YamlNode& node, const std::string& key, int dialect, const Limits& limits);

}  // namespace badges
