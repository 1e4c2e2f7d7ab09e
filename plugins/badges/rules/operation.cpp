#include "badges/rules/operation.hpp"

#include <cmath>
#include <functional>
#include <set>

#include "badges/rules/any_json.hpp"
#include "badges/rules/any_subject.hpp"
#include "badges/rules/expression/evaluator.hpp"
#include "badges/rules/expression/rows.hpp"
#include "badges/rules/read_node.hpp"

namespace badges {
namespace {

// The stored rows and the current message together.
class Selected {
public:
    Selected(const Query& query, const Envelope& message, History& history, std::size_t& asked)
        : query_(query), message_(message), history_(history), asked_(asked), current_(row_of(message)) {}

    std::uint64_t count() const {
        const std::uint64_t current = matches(query_, current_) ? 1 : 0;
        if (!can_be_stored()) return current;
        ++asked_;
        return current + history_.count(query_, message_.msg_id());
    }

    void stream(const History::RowHandler& handler) const {
        if (matches(query_, current_) && !handler(current_)) return;
        if (!can_be_stored()) return;
        ++asked_;
        history_.stream(query_, message_.msg_id(), handler);
    }

private:
    // A filter for the current message alone needs no history.
    bool can_be_stored() const {
        const bool is_about_current = query_.msg_ids == std::optional<Names>(Names{message_.msg_id()});
        return !query_.matches_nothing() && !is_about_current;
    }

    const Query& query_;
    const Envelope& message_;
    History& history_;
    std::size_t& asked_;
    Row current_;
};

class SelectedRows final : public expression::RowsObject {
public:
    explicit SelectedRows(const Selected& selected) : selected_(selected) {}
    std::uint64_t count() const override { return selected_.count(); }
    void stream(const History::RowHandler& handler) const override { selected_.stream(handler); }

private:
    const Selected& selected_;
};

Any run_lambda(const expression::Expression& lambda, const Selected& selected, const Envelope& message,
               const Texts& texts, const Limits& limits) {
    expression::Budget budget(limits);
    const Any rows(std::make_shared<const SelectedRows>(selected));
    const expression::Bindings names = {
        {"query", rows}, {"results", rows}, {"message", expression::message_object(message, texts)}};
    Any value = lambda.evaluate(names, {message, texts, budget});
    if (value.kind() == Kind::object) throw EvaluationError(std::string("the operation gives a ") + value.type_name());
    return value;
}

Any count_where(const fedmsg_plugins::StructuredTest& test, const Selected& selected) {
    std::int64_t count = 0;
    selected.stream([&](const Row& row) {
        if (test.test(AnySubject(envelope_of(row))) == fedmsg_plugins::Answer::yes) ++count;
        return true;
    });
    return count;
}

Any count_distinct(const std::vector<std::string>& path, const Selected& selected, const Limits& limits) {
    std::set<std::string> values;
    selected.stream([&](const Row& row) {
        const Any envelope = envelope_of(row);
        if (const Any* value = find_path(envelope, path)) values.insert(canonical_json(*value));
        if (values.size() > limits.list_items) throw EvaluationError("count_distinct: too many different values");
        return true;
    });
    return static_cast<std::int64_t>(values.size());
}

// Rows without the value count as 0.
Any sum(const std::vector<std::string>& path, const Selected& selected, const Limits& limits) {
    expression::Budget budget(limits);
    Any total(0);
    selected.stream([&](const Row& row) {
        const Any envelope = envelope_of(row);
        const Any* value = find_path(envelope, path);
        if (value == nullptr || value->is_none()) return true;
        if (!value->is_number())
            throw EvaluationError(std::string("sum: a value is no number but ") + value->type_name());
        total = expression::calculated(expression::Operator::add, total, *value, budget);
        return true;
    });
    return total;
}

Any days_active(const Selected& selected) {
    constexpr double kSecondsPerDay = 86400;
    std::set<double> days;
    selected.stream([&](const Row& row) {
        days.insert(std::floor(row.timestamp / kSecondsPerDay));
        return true;
    });
    return static_cast<std::int64_t>(days.size());
}

const std::vector<std::string>& operation_keys() {
    static const std::vector<std::string> keys = {"lambda", "count_where", "count_distinct", "sum", "days_active"};
    return keys;
}

void read_details(Operation& operation, const YamlNode::Entry& entry, const std::string& key, int dialect,
                  const Limits& limits) {
    using Kind = Operation::Kind;
    if (entry.key == "lambda") {
        const expression::NameSet names =
            dialect == 1 ? expression::NameSet{"query"} : expression::NameSet{"message", "results"};
        operation.kind = Kind::lambda;
        operation.lambda = read_expression(entry.value, key, names, limits);
        operation.text = "lambda: " + operation.lambda->source();
    } else if (entry.key == "count_where") {
        operation.kind = Kind::count_where;
        operation.test = read_test(entry.value, key);
        operation.text = "count_where: " + operation.test->text();
    } else if (entry.key == "days_active") {
        operation.kind = Kind::days_active;
        if (read_text(entry.value, key) != "utc") throw FileError(entry.line, key, "it wants utc");
        operation.text = "days_active: utc";
    } else {
        operation.kind = entry.key == "sum" ? Kind::sum : Kind::count_distinct;
        operation.text = entry.key + ": " + entry.value.datum().json();
        operation.path = fedmsg_plugins::path_from(entry.value.datum());
    }
}

}  // namespace

Operation read_operation(const YamlNode& node, const std::string& key, int dialect, const Limits& limits) {
    Operation operation;
    if (node.is_scalar() && node.text == "count") return operation;
    if (node.is_scalar())
        throw FileError(node.line, key,
                        "it wants count, or one of lambda, count_where, count_distinct, sum, days_active");
    const YamlNode::Entry& entry = only_entry(node, key, operation_keys());
    try {
        read_details(operation, entry, key + "." + entry.key, dialect, limits);
    } catch (const fedmsg_plugins::StructuredTestError& error) {
        throw FileError(entry.line, key + "." + entry.key, error.what());
    }
    return operation;
}

Any run(const Operation& operation, const Query& query, const Envelope& message, History& history, const Texts& texts,
        const Limits& limits, std::size_t& asked) {
    const Selected selected(query, message, history, asked);
    switch (operation.kind) {
        case Operation::Kind::count:
            return static_cast<std::int64_t>(selected.count());
        case Operation::Kind::lambda:
            return run_lambda(*operation.lambda, selected, message, texts, limits);
        case Operation::Kind::count_where:
            return count_where(*operation.test, selected);
        case Operation::Kind::count_distinct:
            return count_distinct(operation.path, selected, limits);
        case Operation::Kind::sum:
            return sum(operation.path, selected, limits);
        case Operation::Kind::days_active:
            return days_active(selected);
    }
    return {};
}

}  // namespace badges
