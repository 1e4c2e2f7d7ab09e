#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <regex>
#include <set>

#include "bus/envelope/envelope.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::envelope {
namespace {

class FixedClock final : public Clock {
public:
    Wall wall() const override { return Wall(std::chrono::milliseconds(1'790'000'000'900)); }
    Steady steady() const override { return {}; }
};

class ABuilder : public testing::Test {
protected:
    std::string payload_of(const std::string& msg) {
        return json::canonical(builder.build("t", json::parse(msg).value())["msg"]);
    }

    FixedClock clock;
    Builder builder{clock};
};

TEST_F(ABuilder, WritesTheFieldsOfAPublisher) {
    const auto body = builder.build("org.example.dev.a", json::parse(R"({"b":1,"a":2})").value());
    EXPECT_EQ(body["topic"], "org.example.dev.a");
    EXPECT_EQ(body["timestamp"].GetInt64(), 1'790'000'000);  // whole seconds, truncated
    EXPECT_EQ(body["i"].GetInt(), 1);
    EXPECT_EQ(json::text_of(body["username"]), current_username());
    EXPECT_EQ(body.MemberCount(), 6U);
}

TEST_F(ABuilder, CountsItsMessages) {
    for (int i = 1; i <= 3; ++i) EXPECT_EQ(builder.build("t", json::Value(1))["i"].GetInt(), i);
}

TEST_F(ABuilder, ReplacesAFalseishPayload) {
    for (const auto* msg : {"null", "false", "0", "0.0", "-0.0", "\"\"", "[]", "{}"})
        EXPECT_EQ(payload_of(msg), "{}") << msg;
    for (const auto* msg : {"true", "1", "\"0\"", "[0]", R"({"a":null})", "NaN"}) EXPECT_EQ(payload_of(msg), msg);
}

TEST_F(ABuilder, CopiesNumbersAndSurrogatesExactly) {
    const std::string msg = R"([123456789012345678901234567890,1.0,1e+16,-0.0,"\ud800","\u0000"])";
    EXPECT_EQ(payload_of(msg), msg);
}

// Property: what it builds is the same after a trip over the wire.
TEST_F(ABuilder, BuildsWhatReadsBackEqual) {
    for (const auto* msg : {"1", R"({"a":[{}, [], "\u00e9"],"b":{"c":1e-07}})", "[[[[]]]]", "18446744073709551615"}) {
        const auto text = json::canonical(builder.build("org.example.dev.a", json::parse(msg).value()));
        EXPECT_EQ(json::canonical(json::parse(text).value()), text);
    }
}

TEST(AMessageId, IsTheLocalYearAndARandomUuid) {
    std::set<std::string> seen;
    const std::regex form("2016-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    const Clock::Wall last_second_of_2016(std::chrono::seconds(1483228799));
    for (int i = 0; i < 1000; ++i) {
        const auto id = make_msg_id(last_second_of_2016);
        EXPECT_TRUE(std::regex_match(id, form)) << id;
        EXPECT_EQ(id.size(), 41U);
        EXPECT_TRUE(seen.insert(id).second);
    }
    ::setenv("TZ", "UTC-1", 1);  // one hour east of Greenwich, where 2017 has begun
    ::tzset();
    EXPECT_EQ(make_msg_id(last_second_of_2016).substr(0, 4), "2017");
    ::setenv("TZ", "UTC", 1);
    ::tzset();
}

TEST(TheUserName, IsTheFirstOfTheUsualVariables) {
    for (const auto* name : {"LOGNAME", "USER", "LNAME", "USERNAME"}) ::unsetenv(name);
    const auto from_passwd = current_username();
    EXPECT_FALSE(from_passwd.empty());
    ::setenv("USERNAME", "four", 1);
    EXPECT_EQ(current_username(), "four");
    ::setenv("USER", "two", 1);
    EXPECT_EQ(current_username(), "two");
    ::setenv("LOGNAME", "", 1);
    EXPECT_EQ(current_username(), "two");
    ::setenv("LOGNAME", "one", 1);
    EXPECT_EQ(current_username(), "one");
}

}  // namespace
}  // namespace fedmsg::envelope
