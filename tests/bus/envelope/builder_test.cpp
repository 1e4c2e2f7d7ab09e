#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
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

// "2016-" and a version 4 UUID in lower case: 'h' stands for a hexadecimal digit, 'v' for the variant's.
bool has_the_form(const std::string& id) {
    constexpr std::string_view kForm = "2016-hhhhhhhh-hhhh-4hhh-vhhh-hhhhhhhhhhhh";
    if (id.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const std::string_view allowed = kForm[i] == 'h'   ? "0123456789abcdef"
                                         : kForm[i] == 'v' ? "89ab"
                                                           : kForm.substr(i, 1);
        if (allowed.find(id[i]) == std::string_view::npos) return false;
    }
    return true;
}

TEST(AMessageId, IsTheLocalYearAndARandomUuid) {
    std::set<std::string> seen;
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    const Clock::Wall last_second_of_2016(std::chrono::seconds(1483228799));
    for (int i = 0; i < 1000; ++i) {
        const auto id = make_msg_id(last_second_of_2016);
        EXPECT_TRUE(has_the_form(id)) << id;
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
