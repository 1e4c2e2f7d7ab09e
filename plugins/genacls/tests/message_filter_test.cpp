// Which messages start a run, and what is read out of them (genacls.md 2).
#include "genacls/message_filter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fedmsg_hub/testing.hpp>
#include <string>

namespace {

using genacls::Interest;
using genacls::Names;

// What is kept of a message lives no longer than its text: an Interest holds copies.
Interest interest(const std::string& event, const std::string& msg, const Names* groups = nullptr) {
    const fedmsg_hub::ParsedJson parsed(fedmsg_hub::testing::json_functions(), msg);
    return genacls::interest_in("org.fedoraproject.prod." + event, parsed.root(), groups);
}

constexpr char kListing[] =
    R"("package_listing": {"package": {"name": "geany"}, "collection": {"branchname": "master"}})";

std::string update(const std::string& acl) {
    return R"({"agent": "pingou", "username": "ralph", "acl": ")" + acl + R"(", "status": "Approved", )" + kListing +
           "}";
}

TEST(AMessage, TellsWhoGetsWhatAndByWhom) {
    const Interest found = interest("pkgdb.acl.update", update("commit"));
    EXPECT_TRUE(found.is_wanted);
    EXPECT_EQ(found.user, "ralph");
    EXPECT_EQ(found.agent, "pingou");
    EXPECT_EQ(found.package, "geany");
    EXPECT_EQ(found.branch, "master");
    EXPECT_EQ(found.text(), "pkgdb.acl.update: ralph, geany/master, by pingou");
}

TEST(AMessage, IsWantedForRightsAndNotForWatching) {
    EXPECT_TRUE(interest("pkgdb.acl.update", update("commit")).is_wanted);
    EXPECT_TRUE(interest("pkgdb.acl.update", update("approveacls")).is_wanted);
    EXPECT_FALSE(interest("pkgdb.acl.update", update("watchcommits")).is_wanted);
    const Interest watch = interest("pkgdb.acl.update", update("watchbugzilla"));
    EXPECT_FALSE(watch.is_wanted);
    EXPECT_EQ(watch.reason, "watchbugzilla changes no rights");
}

TEST(AMessage, KeepsItsAclInAnotherPlaceWhenItIsADeletion) {
    const auto deletion = [](const char* acl) {
        return std::string(R"({"agent": "pingou", "acl": {"fas_name": "ralph", "acl": ")") + acl +
               R"(", "packagelist": {"package": {"name": "geany"}, "collection": {"branchname": "f20"}}}})";
    };
    const Interest found = interest("pkgdb.acl.delete", deletion("commit"));
    EXPECT_TRUE(found.is_wanted);
    EXPECT_EQ(found.text(), "pkgdb.acl.delete: ralph, geany/f20, by pingou");
    EXPECT_FALSE(interest("pkgdb.acl.delete", deletion("watchcommits")).is_wanted);
}

TEST(AMessage, MayHoldAListOfPackagesOrOneWithoutABranch) {
    EXPECT_EQ(interest("pkgdb.acl.user.remove", R"({"agent": "ann", "username": "bob", "package_listings": [
        {"package": {"name": "geany"}, "collection": {"branchname": "master"}}]})")
                  .text(),
              "pkgdb.acl.user.remove: bob, geany/master, by ann");
    EXPECT_EQ(interest("pkgdb.package.delete", R"({"agent": "ann", "package": {"name": "geany"}})").text(),
              "pkgdb.package.delete: geany, by ann");
}

TEST(AGroupMessage, HasTwoShapes) {
    const Interest newer =
        interest("fas.group.member.sponsor", R"({"agent": "toshio", "user": "ralph", "group": "packager"})");
    const Interest older = interest("fas.group.member.sponsor", R"({"agent": {"username": "toshio"},
        "user": {"username": "ralph"}, "group": {"name": "packager"}})");
    EXPECT_TRUE(newer.is_wanted);
    EXPECT_TRUE(older.is_wanted);
    EXPECT_EQ(newer.text(), "fas.group.member.sponsor: ralph, group packager, by toshio");
    EXPECT_EQ(older.text(), newer.text());
}

TEST(AGroupMessage, IsSkippedWhenTheConfigurationDoesNotUseTheGroup) {
    const Names used{"gtk-sig"};
    const auto about = [](const char* group) {
        return std::string(R"({"agent": "a", "user": "b", "group": ")") + group + "\"}";
    };
    EXPECT_TRUE(interest("fas.group.member.remove", about("gtk-sig"), &used).is_wanted);
    const Interest unused = interest("fas.group.member.remove", about("cla_done"), &used);
    EXPECT_FALSE(unused.is_wanted);
    EXPECT_EQ(unused.reason, "the configuration does not use the group cla_done");
    EXPECT_FALSE(interest("fas.group.member.remove", R"({"group": {"name": "cla_done"}})", &used).is_wanted);
}

TEST(AGroupMessage, IsWantedWhileNobodyKnowsTheGroups) {
    EXPECT_TRUE(interest("fas.group.member.remove", R"({"group": "anything"})").is_wanted);
}

// It is written as @all, so its name stands nowhere.
TEST(AGroupMessage, AboutPackagersIsAlwaysWanted) {
    const Names used{"gtk-sig"};
    EXPECT_TRUE(interest("fas.group.member.sponsor", R"({"group": "packager"})", &used).is_wanted);
}

TEST(AGroupMessage, WithoutAGroupIsSkipped) {
    for (const char* msg : {"{}", "[]", "null", R"({"group": 7})", R"({"group": {"id": 7}})"})
        EXPECT_FALSE(interest("fas.group.member.sponsor", msg).is_wanted) << msg;
}

// Nobody can know what a strange message means: better one run too many.
TEST(AMessage, OfAnUnknownShapeStartsARun) {
    for (const char* msg : {"{}", "[]", "null", R"({"acl": {"acl": 1}})", R"({"package_listing": "x"})"})
        EXPECT_TRUE(interest("pkgdb.acl.update", msg).is_wanted) << msg;
}

TEST(ATopic, IsAnEventWithoutPrefixAndEnvironment) {
    EXPECT_EQ(genacls::event_of("org.fedoraproject.stg.pkgdb.acl.update"), "pkgdb.acl.update");
    EXPECT_EQ(genacls::event_of("org.fedoraproject.stg"), "");
    EXPECT_EQ(genacls::event_of(""), "");
}

TEST(TheTopics, AreThoseOfTheOriginalAndThoseItForgot) {
    const std::vector<std::string> topics = genacls::acls_topics();
    for (const char* event : {"pkgdb.acl.update", "pkgdb.acl.delete", "pkgdb.package.new", "pkgdb.package.branch.new",
                              "pkgdb.package.branch.delete", "pkgdb.owner.update", "pkgdb.package.delete",
                              "fas.group.member.sponsor", "fas.group.member.remove", "pkgdb.acl.user.remove",
                              "pkgdb.package.update.status", "pkgdb.collection.new", "pkgdb.collection.update"})
        EXPECT_EQ(std::count(topics.begin(), topics.end(), "${topic_prefix}.${environment}." + std::string(event)), 1)
            << event;
    EXPECT_EQ(topics.size(), 13u);
    EXPECT_EQ(genacls::prefix_topics().size(), 2u);
}

TEST(TheTopics, OfOperatorsMayNameThePrefixThemselves) {
    EXPECT_EQ(genacls::absolute_pattern("fas.role.update"), "${topic_prefix}.${environment}.fas.role.update");
    for (const char* own : {"*.fas.role.update", "words:org.*.*.fas.#", "${topic_prefix}.stg.fas"})
        EXPECT_EQ(genacls::absolute_pattern(own), own);
}

}  // namespace
