#include "badges/history/query_sql.hpp"

#include <charconv>

namespace badges {
namespace {

// SQL reads the shortest form back to the same double.
std::string spelled(double number) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
    return {text, end};
}

bool asks(const Selection& selection) {
    return selection.wanted.has_value() || !selection.unwanted.empty();
}

// Such a question is answered from the index of message_users alone, without a look at the messages.
bool is_about_users_only(const Query& query) {
    return query.users.wanted && query.users.unwanted.empty() && !asks(query.packages) && !asks(query.categories) &&
           !asks(query.agents) && query.topics.unwanted.empty() && !query.contains && !query.msg_ids;
}

class Conditions {
public:
    void add(const std::string& condition) { text_ += (text_.empty() ? "" : " AND ") + condition; }

    // An expression of one value per message.
    void add_value(const std::string& expression, const Selection& selection) {
        if (selection.wanted) add(expression + " IN (" + list(*selection.wanted) + ")");
        if (!selection.unwanted.empty()) add(expression + " NOT IN (" + list(selection.unwanted) + ")");
    }
    // A table of names per message.
    void add_names(const std::string& table, const Selection& selection) {
        const std::string numbers = "(SELECT message_id FROM " + table + " WHERE name IN (";
        if (selection.wanted) add("messages.id IN " + numbers + list(*selection.wanted) + "))");
        if (!selection.unwanted.empty()) add("messages.id NOT IN " + numbers + list(selection.unwanted) + "))");
    }
    void add_topics(const std::string& column, const Selection& topics) {
        const std::string numbers = " (SELECT id FROM topics WHERE topic IN (";
        if (topics.wanted) add(column + " IN" + numbers + list(*topics.wanted) + "))");
        if (!topics.unwanted.empty()) add(column + " NOT IN" + numbers + list(topics.unwanted) + "))");
    }
    void add_scope(const std::string& column, const Scope& scope) {
        add(column + " <= " + std::to_string(scope.horizon));
        if (scope.excluded != 0) add(column + " <> " + std::to_string(scope.excluded));
    }
    void add_time(const Query& query) {
        if (query.start) add("at >= " + spelled(*query.start));
        if (query.end) add("at <= " + spelled(*query.end));
    }
    std::string list(const Names& names) {
        std::string out;
        for (const std::string& name : names) {
            out += (out.empty() ? ":p" : ", :p") + std::to_string(parameters_.size());
            parameters_.push_back(name);
        }
        return out;
    }

    Sql after(const std::string& start, const std::string& end = {}) const {
        return {start + " WHERE " + text_ + end, parameters_};
    }

private:
    std::string text_;
    std::vector<std::string> parameters_;
};

Conditions of_messages(const Query& query, const Scope& scope) {
    Conditions conditions;
    conditions.add_names("message_users", query.users);
    conditions.add_names("message_packages", query.packages);
    conditions.add_topics("topic_id", query.topics);
    conditions.add_value("lower(category)", query.categories);
    conditions.add_value("lower(ifnull(agent, ''))", query.agents);
    if (query.msg_ids) conditions.add("msg_id IN (" + conditions.list(*query.msg_ids) + ")");
    conditions.add_time(query);
    conditions.add_scope("messages.id", scope);
    return conditions;
}

Conditions of_users(const Query& query, const Scope& scope) {
    Conditions conditions;
    conditions.add("name IN (" + conditions.list(*query.users.wanted) + ")");
    conditions.add_topics("topic_id", query.topics);
    conditions.add_time(query);
    conditions.add_scope("message_id", scope);
    return conditions;
}

constexpr const char* kMessages = " FROM messages JOIN topics ON topics.id = messages.topic_id";

}  // namespace

bool sql_can_decide(const Query& query) {
    return !query.contains;
}

Sql count_sql(const Query& query, const Scope& scope) {
    if (is_about_users_only(query))
        return of_users(query, scope).after("SELECT count(DISTINCT message_id) FROM message_users");
    return of_messages(query, scope).after(std::string("SELECT count(*)") + kMessages);
}

Sql rows_sql(const Query& query, const Scope& scope) {
    return of_messages(query, scope)
        .after(std::string("SELECT topic, at, msg_id, category, i, ifnull(agent, ''), users, packages, body") +
                   kMessages + " JOIN bodies ON bodies.id = messages.id",
               " ORDER BY at DESC, messages.id DESC");
}

}  // namespace badges
