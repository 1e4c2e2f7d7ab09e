// The conditions of debounce_jobs.
#include "genacls/when.hpp"

#include <gtest/gtest.h>

#include <fedmsg_hub/testing.hpp>
#include <stdexcept>
#include <string>

namespace {

using fedmsg_hub::ParsedJson;
using genacls::When;

ParsedJson parsed(const std::string& text) {
    return {fedmsg_hub::testing::json_functions(), text};
}

When when(const std::string& conditions) {
    return When(parsed(conditions).root());
}

bool holds(const When& conditions, const std::string& event, const std::string& msg) {
    return conditions.objection(event, parsed(msg).root()).empty();
}

std::string refusal_of(const std::string& conditions) {
    try {
        when(conditions);
        return "none";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

TEST(Conditions, AreAlwaysMetWhereThereAreNone) {
    EXPECT_TRUE(holds(When(), "fas.role.update", "{}"));
    EXPECT_TRUE(holds(when("[]"), "fas.role.update", "[]"));
}

// The rules of fasclient.
TEST(Conditions, OfFasclient) {
    const When rules = when(R"([{"topic": "fas.user.update", "field": "fields", "contains": "ssh_key"},
                                {"field": "group", "not": "cla_fpca"}])");
    EXPECT_TRUE(holds(rules, "fas.role.update", R"({"group": "packager"})"));
    EXPECT_TRUE(holds(rules, "fas.group.member.sponsor", R"({"group": {"name": "packager"}})"));
    EXPECT_FALSE(holds(rules, "fas.group.member.sponsor", R"({"group": "cla_fpca"})"));
    EXPECT_FALSE(holds(rules, "fas.group.member.sponsor", R"({"group": {"name": "cla_fpca"}})"));
    EXPECT_TRUE(holds(rules, "fas.user.update", R"({"fields": ["email", "ssh_key"]})"));
    EXPECT_FALSE(holds(rules, "fas.user.update", R"({"fields": ["email"]})"));
    EXPECT_FALSE(holds(rules, "fas.user.update", "{}"));
    const When special = when(R"([{"field": "group", "starting": "sysadmin"}])");
    EXPECT_TRUE(holds(special, "fas.role.update", R"({"group": "sysadmin-main"})"));
    EXPECT_FALSE(holds(special, "fas.role.update", R"({"group": "my-sysadmin"})"));
    EXPECT_FALSE(holds(special, "fas.role.update", R"({})"));
}

TEST(Conditions, SayWhichOneDoesNotHold) {
    const When rules = when(R"([{"topic": "fas.user.update", "field": "fields", "contains": ["ssh_key", "gpg"]}])");
    EXPECT_EQ(rules.objection("fas.user.update", parsed(R"({"fields": []})").root()),
              "fas.user.update: fields contains ssh_key gpg");
}

TEST(Conditions, MustAllHold) {
    const When rules = when(R"([{"field": "a", "equals": ["1", "2"]}, {"field": "b.c", "not_starting": "x"}])");
    EXPECT_TRUE(holds(rules, "e", R"({"a": "2", "b": {"c": "yx"}})"));
    EXPECT_TRUE(holds(rules, "e", R"({"a": "1"})"));
    EXPECT_FALSE(holds(rules, "e", R"({"a": "3"})"));
    EXPECT_FALSE(holds(rules, "e", R"({"a": "1", "b": {"c": "xy"}})"));
}

TEST(Conditions, AreAboutWholeSegmentsOfATopic) {
    const When rules = when(R"([{"topic": "fas.user", "field": "x", "equals": "y"}])");
    EXPECT_FALSE(holds(rules, "fas.user", "{}"));
    EXPECT_FALSE(holds(rules, "fas.user.update", "{}"));
    EXPECT_TRUE(holds(rules, "fas.username", "{}"));
}

TEST(Conditions, ThatMeanNothingAreRefusedWithTheReason) {
    EXPECT_NE(refusal_of(R"({"field": "a"})").find("expected a list"), std::string::npos);
    EXPECT_NE(refusal_of(R"([{"field": "a"}])").find("needs field and one of"), std::string::npos);
    EXPECT_NE(refusal_of(R"([{"equals": "a"}])").find("needs field and one of"), std::string::npos);
    EXPECT_NE(refusal_of(R"([{"field": "a", "is": "b"}])").find("is is unknown"), std::string::npos);
    EXPECT_NE(refusal_of(R"([{"field": "a", "not": "b", "equals": "c"}])").find("second test"), std::string::npos);
    EXPECT_NE(refusal_of(R"([{"field": "a", "equals": 7}])").find("takes a text or a list of texts"),
              std::string::npos);
}

}  // namespace
