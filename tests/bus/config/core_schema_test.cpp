#include "bus/config/core_schema.hpp"

#include <gtest/gtest.h>

#include "bus/json/writer.hpp"

namespace fedmsg::config {
namespace {

std::string resolved(const std::string& text, bool quoted = false) {
    json::Document document;
    Node scalar;
    scalar.text = text;
    scalar.quoted = quoted;
    const json::Value value = resolve_scalar(scalar, document.GetAllocator());
    return json::canonical(value);
}

struct Case {
    const char* written;
    const char* json;
};

class APlainScalar : public ::testing::TestWithParam<Case> {};

TEST_P(APlainScalar, MeansWhatTheCoreSchemaSays) {
    EXPECT_EQ(resolved(GetParam().written), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(Nulls, APlainScalar,
                         ::testing::Values(Case{"", "null"}, Case{"~", "null"}, Case{"null", "null"},
                                           Case{"Null", "null"}, Case{"NULL", "null"}, Case{"nULL", "\"nULL\""},
                                           Case{"none", "\"none\""}));

INSTANTIATE_TEST_SUITE_P(Booleans, APlainScalar,
                         ::testing::Values(Case{"true", "true"}, Case{"True", "true"}, Case{"TRUE", "true"},
                                           Case{"false", "false"}, Case{"tRUE", "\"tRUE\""}, Case{"yes", "\"yes\""},
                                           Case{"no", "\"no\""}, Case{"on", "\"on\""}, Case{"off", "\"off\""},
                                           Case{"y", "\"y\""}));

INSTANTIATE_TEST_SUITE_P(Integers, APlainScalar,
                         ::testing::Values(Case{"0", "0"}, Case{"-17", "-17"}, Case{"+5", "5"}, Case{"0x1F", "31"},
                                           Case{"0o17", "15"}, Case{"007", "7"}, Case{"-0", "0"}, Case{"0x", "\"0x\""},
                                           Case{"0o8", "\"0o8\""}, Case{"-0x1", "\"-0x1\""}, Case{"1_000", "\"1_000\""},
                                           Case{"0b1", "\"0b1\""}, Case{"9223372036854775807", "9223372036854775807"},
                                           Case{"18446744073709551616", "18446744073709551616"},
                                           Case{"-123456789012345678901234567890", "-123456789012345678901234567890"},
                                           Case{"0xFFFFFFFFFFFFFFFFFF", "4722366482869645213695"}));

INSTANTIATE_TEST_SUITE_P(Floats, APlainScalar,
                         ::testing::Values(Case{"1.5", "1.5"}, Case{"1e3", "1000.0"}, Case{"-0.5", "-0.5"},
                                           Case{".5", "0.5"}, Case{"3.", "3.0"}, Case{"+1.0", "1.0"},
                                           Case{"1E-2", "0.01"}, Case{"-0.0", "-0.0"}, Case{"1e400", "Infinity"},
                                           Case{"1e-400", "0.0"}, Case{".inf", "Infinity"}, Case{"-.INF", "-Infinity"},
                                           Case{".nan", "NaN"}, Case{"inf", "\"inf\""}, Case{"nan", "\"nan\""},
                                           Case{".", "\".\""}, Case{"1e", "\"1e\""}, Case{"1.2.3", "\"1.2.3\""},
                                           Case{"-", "\"-\""}, Case{"12:30", "\"12:30\""}, Case{"-.nan", "\"-.nan\""}));

TEST(AQuotedScalar, IsAStringWhateverItLooksLike) {
    for (const char* text : {"", "~", "null", "true", "5", "1.5", ".inf"})
        EXPECT_EQ(resolved(text, true), '"' + std::string(text) + '"');
}

TEST(AnInteger, OfTooManyDigitsIsRefused) {
    EXPECT_EQ(resolved(std::string(4300, '7')), std::string(4300, '7'));
    EXPECT_THROW(resolved(std::string(4301, '7')), SyntaxError);
    EXPECT_THROW(resolved("0x" + std::string(4301, 'f')), SyntaxError);
}

}  // namespace
}  // namespace fedmsg::config
