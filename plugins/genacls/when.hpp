// The conditions of debounce_jobs: which messages start a job, and which command they ask for.
//
//     when:
//       - {topic: fas.user.update, field: fields, contains: ssh_key}
//       - {field: group, not: cla_fpca}
//
// A condition is about messages of its topic (a relative one, and what is below it at a dot); others pass it. All must
// hold. `field` is a path with dots below "msg"; where it leads to an object, its "name" or "username" is meant. A
// field that is not there fulfils "not" and "not_starting" only. Pure; any thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace genacls {

class When {
public:
    When() = default;  // always true
    // A list of maps as above. Throws a std::runtime_error that says what is wrong.
    explicit When(fedmsg_hub::Value conditions);

    // Empty if all conditions hold, else the one that does not.
    std::string objection(std::string_view event, fedmsg_hub::Value msg) const;

private:
    struct Condition {
        std::string topic;
        std::string field;
        std::string test;  // equals, not, starting, not_starting, contains
        std::vector<std::string> values;

        bool is_about(std::string_view event) const;
        bool holds(fedmsg_hub::Value msg) const;
        std::string text() const;
    };
    static Condition read(fedmsg_hub::Value map);

    std::vector<Condition> conditions_;
};

}  // namespace genacls
