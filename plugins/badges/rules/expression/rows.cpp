#include "badges/rules/expression/rows.hpp"

namespace badges::expression {
namespace {

[[noreturn]] void no_attribute(const char* type, std::string_view name) {
    throw EvaluationError(std::string("'") + type + "' has no attribute '" + std::string(name) + "'");
}

}  // namespace

Any list_of(const Names& names) {
    return Any::list(List(names.begin(), names.end()));
}

Any RowObject::attribute(std::string_view name) const {
    if (name == "msg" || name == "body") return row_.msg;
    if (name == "topic") return row_.topic;
    if (name == "timestamp") return row_.timestamp;
    if (name == "msg_id" || name == "id") return row_.msg_id;
    if (name == "category") return row_.category;
    if (name == "i") return row_.i;
    if (name == "users" || name == "usernames") return list_of(row_.users);
    if (name == "packages") return list_of(row_.packages);
    if (name == "agent_name" && row_.agent) return *row_.agent;
    no_attribute(type_name(), name);
}

Any RowsObject::attribute(std::string_view name) const {
    no_attribute(type_name(), name);
}

}  // namespace badges::expression
