// What operators may ask of a consumer: check, explain, command; its directory; messages under ids of its own.
#include <gtest/gtest.h>

#include <fedmsg_hub/testing.hpp>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using fedmsg_hub::Description;
using fedmsg_hub::HostError;
using fedmsg_hub::Json;
using fedmsg_hub::Message;
using fedmsg_hub::Problems;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Refused;

struct Willing : fedmsg_hub::Consumer {
    static Description describe() { return Description("willing").topics({"*"}).publishes(); }
    void consume(const Message& message) { publish("a.b", Json::object(), message.msg()["id"].text()); }
    void check(Problems& problems) {
        if (is_wrong) problems.add("willing.key", "is of no use");
        if (is_broken) throw std::runtime_error("check is broken");
    }
    void explain(const Message& message, std::ostream& out) {
        if (is_broken) throw std::runtime_error("explain is broken");
        out << "topic " << message.topic() << '\n' << "done";
    }
    int command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error) {
        if (is_broken) throw std::runtime_error("command is broken");
        for (int at = 0; at < 2000; ++at) out << arguments.at(0) << ' ' << at << '\n';
        error << arguments.size() << " words";
        return 3;
    }

    std::string where() const { return directory(); }

    bool is_wrong = false, is_broken = false;
};

struct Plain : fedmsg_hub::Consumer {
    static Description describe() { return Description("plain").topics({"*"}); }
    void consume(const Message&) {}
};

TEST(AnOperator, ChecksAConsumer) {
    FakeHost<Willing> host;
    EXPECT_TRUE(host.check().empty());
    host.consumer().is_wrong = true;
    EXPECT_EQ(host.check(), (std::vector<std::string>{"willing.key: is of no use"}));
    host.consumer().is_wrong = false;
    host.consumer().is_broken = true;
    EXPECT_EQ(host.check(), (std::vector<std::string>{"check is broken"}));
}

TEST(AnOperator, HasAMessageExplained) {
    FakeHost<Willing> host;
    EXPECT_EQ(host.explain("org.example.dev.a", "{}"), "topic org.example.dev.a\ndone");
    host.consumer().is_broken = true;
    EXPECT_THROW(host.explain("a", "{}"), Refused);
}

TEST(AnOperator, GivesACommandAndGetsAllOfItsOutput) {
    FakeHost<Willing> host;
    const auto result = host.command({"say", "it"});
    EXPECT_EQ(result.code, 3);
    EXPECT_EQ(result.error, "2 words");
    EXPECT_EQ(result.out.substr(0, 12), "say 0\nsay 1\n");
    EXPECT_EQ(result.out.substr(result.out.size() - 9), "say 1999\n");
    host.consumer().is_broken = true;
    EXPECT_EQ(host.command({"say"}).code, 1);
    EXPECT_EQ(host.command({"say"}).error, "command is broken");
}

TEST(AnOperator, LearnsThatAConsumerOffersNothing) {
    FakeHost<Plain> host;
    EXPECT_THROW(host.check(), std::logic_error);
    EXPECT_THROW(host.explain("a", "{}"), std::logic_error);
    EXPECT_THROW(host.command({}), std::logic_error);
}

TEST(AConsumersDirectory, IsItsOwnAndStaysTheSame) {
    std::string path;
    {
        FakeHost<Willing> host;
        path = host.consumer().where();
        EXPECT_TRUE(std::filesystem::is_directory(path));
        EXPECT_EQ(host.consumer().where(), path);
        EXPECT_NE(FakeHost<Willing>().consumer().where(), path);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(AConsumersDirectory, MayBeGivenToPlayARestart) {
    const fedmsg_hub::testing::TemporaryDirectory directory;
    EXPECT_EQ(FakeHost<Willing>("{}", {}, directory.path()).consumer().where(), directory.path());
    EXPECT_TRUE(std::filesystem::is_directory(directory.path()));
}

TEST(AMessageUnderAnIdOfThePlugins, IsPublishedOrRefused) {
    FakeHost<Willing> host;
    EXPECT_TRUE(host.deliver("a", R"({"id": "2026-00000000-0000-4000-8000-000000000001"})").is_acked());
    ASSERT_EQ(host.published().size(), 1U);
    EXPECT_EQ(host.published()[0].msg_id, "2026-00000000-0000-4000-8000-000000000001");
    EXPECT_TRUE(host.deliver("a", R"({"id": "7"})").is_failed());
    EXPECT_EQ(host.violations().size(), 1U);
}

}  // namespace
