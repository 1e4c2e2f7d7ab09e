// What expressions see of a history: rows, and the query that gives them.
#pragma once

#include <functional>
#include <memory>

#include "badges/rules/any.hpp"
#include "badges/rules/history.hpp"

namespace badges::expression {

// One row: .msg .topic .timestamp .msg_id .category .i .users .packages
class RowObject final : public Object {
public:
    explicit RowObject(Row row) : row_(std::move(row)) {}
    const char* type_name() const override { return "row"; }
    Any attribute(std::string_view name) const override;

private:
    Row row_;
};

// `query` and `results`: rows that are fetched while they are walked over, so that their number does not matter.
class RowsObject : public Object {
public:
    const char* type_name() const override { return "query"; }
    Any attribute(std::string_view name) const override;

    virtual std::uint64_t count() const = 0;
    virtual void stream(const History::RowHandler& handler) const = 0;
};

Any list_of(const Names& names);

}  // namespace badges::expression
