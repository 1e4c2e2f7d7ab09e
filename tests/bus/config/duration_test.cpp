#include "bus/config/duration.hpp"

#include <gtest/gtest.h>

namespace fedmsg::config {
namespace {

// Milliseconds, or -1 if refused.
long long parsed(std::string_view text) {
    const auto duration = parse_duration(text);
    return duration ? duration->count() : -1;
}

TEST(ADuration, HasUnits) {
    EXPECT_EQ(parsed("10 ms"), 10);
    EXPECT_EQ(parsed("1.5 s"), 1500);
    EXPECT_EQ(parsed("90sec"), 90000);
    EXPECT_EQ(parsed("15 min"), 900000);
    EXPECT_EQ(parsed("2 h"), 7200000);
    EXPECT_EQ(parsed(" 7 d "), 604800000);
    EXPECT_EQ(parsed("1 w"), 604800000);
    EXPECT_EQ(parsed("1 h 30 m"), 5400000);
}

TEST(ADuration, WithoutUnitIsSeconds) {
    EXPECT_EQ(parsed("10"), 10000);
    EXPECT_EQ(parsed("0"), 0);
    EXPECT_EQ(parsed("0.25"), 250);
}

TEST(ADuration, IsRoundedUpToMilliseconds) {
    EXPECT_EQ(parsed("0.1 ms"), 1);
    EXPECT_EQ(parsed("0.3 s"), 300);
}

TEST(ADuration, OfAnotherFormIsRefused) {
    for (const char* text : {"", "s", "10 parsecs", "-1 s", "1 s x", "1 h 30", "ten", "1,5 s", "inf", "nan", "20000 w"})
        EXPECT_EQ(parsed(text), -1) << text;
}

TEST(ADuration, MayBeANumber) {
    EXPECT_EQ(duration_of(json::Value(2)).value().count(), 2000);
    EXPECT_EQ(duration_of(json::Value(0.5)).value().count(), 500);
    EXPECT_FALSE(duration_of(json::Value(-1)));
    EXPECT_FALSE(duration_of(json::Value(true)));
    EXPECT_FALSE(duration_of(json::Value(rapidjson::kArrayType)));
}

}  // namespace
}  // namespace fedmsg::config
