#include "badges/rules/placeholder.hpp"

#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include "badges/rules/any_json.hpp"
#include "badges/rules/history.hpp"
#include "badges/rules/recipients.hpp"
#include "badges/rules/texts.hpp"

namespace {

using namespace badges;

constexpr char kMessage[] = R"({"topic": "org.fedoraproject.prod.Wiki.article.edit", "msg_id": "2014-ABC", "i": 1,
    "msg": {"user": "Ralph", "n": 7, "ok": true, "none": null, "tags": ["A", "b"], "group": {"name": "Packager"}}})";

// Test vector (a): each row of the table in section 3.4.
class ATemplate : public testing::Test {
protected:
    std::string resolve(const std::string& text) const {
        try {
            return canonical_json(Template(text).resolve(message_.root()));
        } catch (const EvaluationError& error) {
            return std::string("error: ") + error.what();
        }
    }
    Envelope message_ = Envelope::from_json(kMessage);
};

TEST_F(ATemplate, GivesTextsInLowerCase) {
    EXPECT_EQ(resolve("%(msg.user)s"), "\"ralph\"");
}
TEST_F(ATemplate, GivesTheTypedValueIfItIsOnePlaceholder) {
    EXPECT_EQ(resolve("%(msg.n)s"), "7");
    EXPECT_EQ(resolve("%(msg.ok)s"), "true");
    EXPECT_EQ(resolve("%(msg.none)s"), "null");
}
TEST_F(ATemplate, LeavesTheInsideOfMappingsAndListsAsItIs) {
    EXPECT_EQ(resolve("%(msg.group)s"), R"({"name":"Packager"})");
    EXPECT_EQ(resolve("%(msg.tags)s"), R"(["A","b"])");
    EXPECT_EQ(resolve("%(msg.group.name)s"), "\"packager\"");
}
TEST_F(ATemplate, GivesTextIfThereIsTextAroundThePlaceholder) {
    EXPECT_EQ(resolve("u-%(msg.user)s"), "\"u-ralph\"");
    EXPECT_EQ(resolve("n=%(msg.n)s"), "\"n=7\"");
    EXPECT_EQ(resolve("%(msg.user)s "), "\"ralph \"");
}
TEST_F(ATemplate, TakesPercentSignsLiterally) {
    EXPECT_EQ(resolve("100%%"), "\"100%\"");
    EXPECT_EQ(resolve("100%"), "\"100%\"");
    EXPECT_EQ(resolve("%(msg.user)d"), "\"%(msg.user)d\"");
}
TEST_F(ATemplate, IsAnErrorIfThePathIsMissing) {
    EXPECT_EQ(resolve("%(msg.zip)s"), "error: the message has no msg.zip");
    EXPECT_EQ(resolve("%(msg.user.name)s"), "error: the message has no msg.user.name");
}
TEST_F(ATemplate, KeepsTheCaseOfTopicAndMessageId) {
    EXPECT_EQ(resolve("%(topic)s"), "\"org.fedoraproject.prod.Wiki.article.edit\"");
    EXPECT_EQ(resolve("%(msg_id)s"), "\"2014-ABC\"");
}

std::string names(const std::string& json) {
    try {
        std::string all;
        for (const std::string& name : names_of(any_from_json(json))) all += name + " ";
        return all;
    } catch (const EvaluationError& error) {
        return std::string("error: ") + error.what();
    }
}

TEST(NamesOfAValue, FollowItsShape) {
    EXPECT_EQ(names("\"ann\""), "ann ");
    EXPECT_EQ(names("7"), "7 ");
    EXPECT_EQ(names("null"), "");
    EXPECT_EQ(names(R"({"nirik": true, "smooge": false})"), "nirik smooge ");
    EXPECT_EQ(names(R"([{"name": "ann", "email": "a@x"}, {"name": null}])"), "ann ");
    EXPECT_EQ(names(R"(["ann", null])"), "ann ");
    EXPECT_EQ(names(R"([{"email": "a@x"}])"), "error: a mapping in the list has no name");
    EXPECT_EQ(names("true"), "error: a name is a text, not bool");
    EXPECT_EQ(names(R"([["ann"]])"), "error: a name is a text, not list");
}

TEST(AnEnvelope, HasAnIdOfItsContentIfItHasNone) {
    const auto one = Envelope::from_json(R"({"topic": "a.b.c.d.e", "timestamp": 1, "i": 2, "msg": {"x": 1, "y": 2}})");
    const auto same =
        Envelope::from_json(R"({"i": 2, "msg": {"y": 2, "x": 1}, "timestamp": 1.0, "topic": "a.b.c.d.e"})");
    const auto other =
        Envelope::from_json(R"({"topic": "a.b.c.d.e", "timestamp": 1, "i": 3, "msg": {"x": 1, "y": 2}})");
    EXPECT_EQ(one.msg_id().size(), 64u);
    EXPECT_EQ(one.msg_id(), same.msg_id());
    EXPECT_NE(one.msg_id(), other.msg_id());
    EXPECT_EQ(one.category(), "d");
    EXPECT_EQ(one.environment(), "c");
    EXPECT_EQ(one.event(), "d.e");
}

TEST(AnEnvelope, FindsTheNamesThatABodyMentions) {
    const auto message = Envelope::from_json(R"({"topic": "a.b.c.d.e", "msg": {"comment": {"author": "ann",
        "update_submitter": "bob"}, "chairs": {"nirik": true}, "user": {"username": "cat", "id": 3}, "package": "xmonad",
        "authors": [{"name": "dan"}, {"name": null}], "title": "eve", "package_listing": {"package": {"name": "gcc"}}}})");
    EXPECT_EQ(message.users(), (Names{"ann", "bob", "cat", "dan", "nirik"}));
    EXPECT_EQ(message.packages(), (Names{"gcc", "xmonad"}));
}

TEST(AnEnvelope, IsRefusedIfItIsNoMessage) {
    EXPECT_THROW(Envelope::from_json("[]"), EvaluationError);
    EXPECT_THROW(Envelope::from_json("{}"), EvaluationError);
    EXPECT_THROW(Envelope::from_json("{"), EvaluationError);
    std::string deep = "1";
    for (int level = 0; level < 600; ++level) deep = "[" + deep + "]";
    EXPECT_THROW(Envelope::from_json(R"({"topic": "a.b.c.d", "msg": )" + deep + "}"), EvaluationError);
}

TEST(StoredJson, CanBeReadAgainWhateverTheMessageWas) {
    std::string deep = "1";
    for (int level = 0; level < 498; ++level) deep = "[" + deep + "]";
    const std::string values[] = {R"("\ud83d")",
                                  R"("\udc00 x \ud83d\ude00")",
                                  R"("\\ud83d \u0000\u001f\"")",
                                  "NaN",
                                  "-Infinity",
                                  "1e308",
                                  "-0.0",
                                  "18446744073709551616",
                                  "9223372036854775807",
                                  "0.1",
                                  "\"\xED\xA0\xBD\"",
                                  R"({"b": {"": null}, "a": []})",
                                  deep};
    for (const std::string& value : values) {
        const auto message = Envelope::from_json(R"({"topic": "a.b.c.d.e", "msg": )" + value + "}");
        const std::string stored = canonical_json(message.root());
        EXPECT_EQ(canonical_json(Envelope::from_json(stored).root()), stored) << value;
    }
    EXPECT_EQ(any_from_json(R"("\ud83d")").text(), "\xED\xA0\xBD");
    EXPECT_EQ(any_from_json(R"("\\ud83d")").text(), "\\ud83d");
}

TEST(StoredJson, OfTheHubIsReadAsTheHubReadsIt) {
    const std::string text =
        R"({"topic": "a.b.c.d.e", "n": 9223372036854775808, "m": -9223372036854775808, "t": "\ud83d"})";
    const fedmsg_hub::ParsedJson parsed(fedmsg_hub::testing::json_functions(), text);
    EXPECT_EQ(canonical_json(any_from(parsed.root())), canonical_json(any_from_json(text)));
}

TEST(AQuery, MatchesByAllItsKeys) {
    Row row;
    row.topic = "org.x.prod.Wiki.edit";
    row.category = "Wiki";
    row.timestamp = 100;
    row.msg_id = "2014-1";
    row.users = {"Ann", "bob"};
    row.packages = {"PackageKit"};
    row.msg = any_from_json(R"({"text": "Hello"})");
    const auto with = [&row](const std::function<void(Query&)>& change) {
        Query query;
        change(query);
        query.normalise();
        return matches(query, row);
    };
    EXPECT_TRUE(with([](Query&) {}));
    EXPECT_TRUE(with([](Query& q) { q.users.wanted = {"ANN", "zed"}; }));
    EXPECT_FALSE(with([](Query& q) { q.users.wanted = {"zed"}; }));
    EXPECT_FALSE(with([](Query& q) { q.users.wanted = Names{}; }));
    EXPECT_FALSE(with([](Query& q) { q.users.unwanted = {"Bob"}; }));
    EXPECT_TRUE(with([](Query& q) { q.packages.wanted = {"packagekit"}; }));
    EXPECT_TRUE(with([](Query& q) { q.categories.wanted = {"wiki"}; }));
    EXPECT_TRUE(with([](Query& q) { q.topics.wanted = {"org.x.prod.Wiki.edit"}; }));
    EXPECT_FALSE(with([](Query& q) { q.topics.wanted = {"org.x.prod.wiki.edit"}; }));
    EXPECT_FALSE(with([](Query& q) { q.agents.wanted = {"ann"}; }));
    EXPECT_TRUE(with([](Query& q) { q.agents.unwanted = {"ann"}; }));
    EXPECT_TRUE(with([](Query& q) { q.start = 100, q.end = 100; }));
    EXPECT_FALSE(with([](Query& q) { q.start = 101; }));
    EXPECT_FALSE(with([](Query& q) { q.end = 99; }));
    EXPECT_TRUE(with([](Query& q) { q.contains = Names{"no", "Hel"}; }));
    EXPECT_FALSE(with([](Query& q) { q.contains = Names{"hel"}; }));
    EXPECT_TRUE(with([](Query& q) { q.msg_ids = Names{"2014-1"}; }));
}

TEST(AQuery, HasAKeyThatOnlyEqualOnesShare) {
    Query one;
    one.users.wanted = {"b", "a", "a"};
    Query same;
    same.users.wanted = {"A", "B"};
    Query joined;
    joined.users.wanted = {"ab"};
    Query negated;
    negated.users.unwanted = {"a", "b"};
    for (Query* query : {&one, &same, &joined, &negated}) query->normalise();
    EXPECT_EQ(one.key(), same.key());
    EXPECT_NE(one.key(), joined.key());
    EXPECT_NE(one.key(), negated.key());
    EXPECT_NE(one.key(), Query().key());
}

}  // namespace
