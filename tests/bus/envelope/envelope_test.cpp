#include "bus/envelope/envelope.hpp"

#include <gtest/gtest.h>

#include "bus/json/writer.hpp"

namespace fedmsg::envelope {
namespace {

json::Document parsed(const std::string& text) {
    return json::parse(text).value();
}

std::string normalised(const std::string& text) {
    auto body = parsed(text);
    if (!is_normal(body)) normalise(body, "org.example.dev.a");
    return json::canonical(body);
}

TEST(AnEnvelope, IsReadFromABody) {
    const auto body = parsed(R"({"topic":"t","msg":[1],"msg_id":"2026-x","username":"ann","timestamp":5})");
    const auto envelope = read(body);
    EXPECT_EQ(envelope.topic, "t");
    EXPECT_EQ(envelope.msg_id, "2026-x");
    EXPECT_EQ(envelope.username, "ann");
    EXPECT_EQ(envelope.timestamp, 5);
    EXPECT_EQ(json::canonical(*envelope.msg), "[1]");
}

// Nothing checks the types of fields on the wire (wire-and-crypto.md 3).
TEST(AnEnvelope, SurvivesFieldsOfAnyType) {
    for (const auto* odd : {"5", "null", "[]", "{}", "true", "123456789012345678901234567890", "1e400", "\"x\""}) {
        const auto body = parsed(std::string(R"({"topic":)") + odd + R"(,"msg_id":)" + odd + R"(,"username":)" + odd +
                                 R"(,"timestamp":)" + odd + "}");
        const auto envelope = read(body);
        EXPECT_EQ(envelope.msg, nullptr);
        EXPECT_EQ(envelope.topic, json::text_of(body["topic"])) << odd;
    }
    EXPECT_EQ(read(parsed("[]")).topic, "");
    EXPECT_EQ(read(parsed(R"({"timestamp":NaN})")).timestamp, 0);
    EXPECT_EQ(read(parsed(R"({"timestamp":1384207500.123457})")).timestamp, 1384207500.123457);
}

TEST(ABody, ThatIsAnObjectWithATopicStaysAsItIs) {
    EXPECT_EQ(normalised(R"({"topic":null})"), R"({"topic":null})");
    EXPECT_EQ(normalised(R"({"topic":"x","y":1})"), R"({"topic":"x","y":1})");
}

TEST(ABody, OfAnyOtherKindIsWrapped) {
    EXPECT_EQ(normalised("null"), R"({"msg":null,"topic":"org.example.dev.a"})");
    EXPECT_EQ(normalised("\"x\""), R"({"msg":"x","topic":"org.example.dev.a"})");
    EXPECT_EQ(normalised("[1]"), R"({"msg":[1],"topic":"org.example.dev.a"})");
    EXPECT_EQ(normalised(R"({"msg":1})"), R"({"msg":{"msg":1},"topic":"org.example.dev.a"})");
}

// wire-and-crypto.md 2.1, with its quirks.
TEST(AFullTopic, HasPrefixAndEnvironmentInFront) {
    EXPECT_EQ(full_topic("receive", "git", "org.fedoraproject", "prod"), "org.fedoraproject.prod.git.receive");
    EXPECT_EQ(full_topic("x", "git", "org.example.team", "dev"), "org.example.team.dev.git.x");
    EXPECT_EQ(full_topic("x", "git", "ex", "dev"), "ex.dev.git.x");
}

TEST(AFullTopic, IsNotPrefixedIfItBeginsWithTheCharactersOfThePrefix) {
    EXPECT_EQ(full_topic("x", "org.fedoraproject", "org.fedoraproject", "dev"), "org.fedoraproject.x");
    EXPECT_EQ(full_topic("x", "org.fedoraprojectfoo", "org.fedoraproject", "dev"), "org.fedoraprojectfoo.x");
    EXPECT_EQ(full_topic("x", "git", "", "dev"), "git.x");
}

TEST(AFullTopic, HasDefaultsForEmptyParts) {
    EXPECT_EQ(full_topic("", "git", "org.x", "dev"), "org.x.dev.git.unspecified");
    EXPECT_EQ(full_topic("x", "", "org.x", "dev"), "org.x.dev.fedmsg.x");
}

TEST(AFullTopic, KF_029_AssumesNoNumberOfDotsInThePrefix) {
    for (const std::string prefix : {"ex", "org.example", "org.example.team", "/topic/VirtualTopic.eng"})
        EXPECT_EQ(full_topic("push", "git", prefix, "dev"), prefix + ".dev.git.push");
}

}  // namespace
}  // namespace fedmsg::envelope
