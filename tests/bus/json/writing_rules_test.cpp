// The forms that are written: wire-and-crypto.md 4.1, 4.2 and 4.5, rule by rule.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

std::string canonical_of(const std::string& text) {
    return canonical(*parse(text));
}

std::string number(double value) {
    std::string text;
    append_number(text, value);
    return text;
}

TEST(CanonicalForm, SortsKeysByCodePointAtEveryLevel) {
    EXPECT_EQ(canonical_of(R"({"b":1,"a":{"d":1,"c":2},"B":[{"z":1,"y":2}]})"),
              R"({"B":[{"y":2,"z":1}],"a":{"c":2,"d":1},"b":1})");
    // Not UTF-16 order, and not the order of the escaped text.
    EXPECT_EQ(canonical_of(R"({"\ud83d\ude00":1,"\uffff":2,"\ud800":3,"\ud7ff":4,"\ue000":5})"),
              R"({"\ud7ff":4,"\ud800":3,"\ue000":5,"\uffff":2,"\ud83d\ude00":1})");
    EXPECT_EQ(canonical_of(R"({"z":1,"\u00e9":2})"), R"({"z":1,"\u00e9":2})");
    EXPECT_EQ(canonical_of(R"({"ab":1,"a":2,"":3})"), R"({"":3,"a":2,"ab":1})");
}

TEST(CanonicalForm, HasNoBlanksAndKeepsTheOrderOfArrays) {
    EXPECT_EQ(canonical_of(" [ 3 , 1 , { } , [ ] ] "), "[3,1,{},[]]");
}

TEST(CanonicalForm, EscapesEverythingThatIsNotPrintableAscii) {
    std::string all = "\"";
    for (int c = 0x20; c < 0x7F; ++c)
        if (c != '"' && c != '\\') all += static_cast<char>(c);
    all += "\"";
    EXPECT_EQ(canonical_of(all), all);
    EXPECT_EQ(canonical_of(R"("\u0000\u001f\u007f\u0080\uffff")"), R"("\u0000\u001f\u007f\u0080\uffff")");
    EXPECT_EQ(canonical_of(R"("\u0008\u0009\u000a\u000c\u000d\/\u003c")"), R"("\b\t\n\f\r/<")");
    EXPECT_EQ(canonical_of("\"\xF0\x9F\x98\x80\""), R"("\ud83d\ude00")");
}

TEST(Numbers, AreLaidOutAsPythonDoes) {
    EXPECT_EQ(number(0.0), "0.0");
    EXPECT_EQ(number(-0.0), "-0.0");
    EXPECT_EQ(number(1), "1.0");
    EXPECT_EQ(number(100000), "100000.0");
    EXPECT_EQ(number(0.0001), "0.0001");
    EXPECT_EQ(number(0.00001), "1e-05");
    EXPECT_EQ(number(1.5e-5), "1.5e-05");
    EXPECT_EQ(number(1e16), "1e+16");
    EXPECT_EQ(number(9999999999999998), "9999999999999998.0");
    EXPECT_EQ(number(1234567890123456.8), "1234567890123456.8");
    EXPECT_EQ(number(5e-324), "5e-324");
    EXPECT_EQ(number(1.7976931348623157e308), "1.7976931348623157e+308");
    EXPECT_EQ(number(1e-7), "1e-07");
    EXPECT_EQ(number(1e100), "1e+100");
    EXPECT_EQ(number(1384207500.123457), "1384207500.123457");
    EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "Infinity");
    EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "-Infinity");
    EXPECT_EQ(number(std::nan("")), "NaN");
}

// Property: whatever double is written reads back as the same bits, in no more than 17 digits.
TEST(Numbers, ReadBackAsTheSameDouble) {
    std::mt19937_64 random(42);
    for (int i = 0; i < 200000; ++i) {
        const std::uint64_t bits = random();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value)) continue;
        const auto text = number(value);
        const double back = parse(text)->GetDouble();
        ASSERT_EQ(std::memcmp(&back, &value, sizeof value), 0) << text;
    }
}

TEST(Integers, KeepTheirDigits) {
    for (const auto* text : {"0", "-1", "9007199254740993", "-9223372036854775808", "18446744073709551615",
                             "10000000000000000000000000000000000000000000", "-123456789012345678901234567890"})
        EXPECT_EQ(canonical_of(text), text);
    EXPECT_NE(canonical_of("1"), canonical_of("1.0"));
}

TEST(RelayedForm, HasBlanksAndKeysAsReceived) {
    EXPECT_EQ(relayed(*parse(R"({"b":[1,{"z":1,"a":2}],"a":{}})")), R"({"b": [1, {"z": 1, "a": 2}], "a": {}})");
}

TEST(PrettyForm, IndentsByTwo) {
    const auto document = parse(R"({"b":[1,[]],"a":{"c":{}}})");
    EXPECT_EQ(pretty(*document), "{\n  \"b\": [\n    1,\n    []\n  ],\n  \"a\": {\n    \"c\": {}\n  }\n}");
    EXPECT_EQ(pretty(*document, Keys::sorted),
              "{\n  \"a\": {\n    \"c\": {}\n  },\n  \"b\": [\n    1,\n    []\n  ]\n}");
    EXPECT_EQ(pretty(*parse("[]")), "[]");
}

// KF-034 (number text): as the original prints them, whatever spelling came in.
TEST(KnownFailures, KF_034_NumbersAreSpelledAsTheOriginalSpellsThem) {
    EXPECT_EQ(canonical_of("[0.1,1.0,-0.0,1e16,1e-7,5e-324,1384207500.123457,123456789012345678901234567890,1E5,1.10]"),
              "[0.1,1.0,-0.0,1e+16,1e-07,5e-324,1384207500.123457,123456789012345678901234567890,100000.0,1.1]");
}

// KF-049 (reader and writers): of duplicate keys the last wins, in every form.
TEST(KnownFailures, KF_049_OfDuplicateKeysTheLastWinsInEveryForm) {
    const auto document = parse(R"({"topic":"org.example.dev.a","topic":"org.example.dev.b","msg":{"k":1,"k":2}})");
    EXPECT_EQ(canonical(*document), R"({"msg":{"k":2},"topic":"org.example.dev.b"})");
    EXPECT_EQ(relayed(*document), R"({"topic": "org.example.dev.b", "msg": {"k": 2}})");
    EXPECT_EQ(text_of(*find(*document, "topic")), "org.example.dev.b");
}

// KF-046 (reader and writers): a NUL is a character like any other.
TEST(KnownFailures, KF_046_ANulIsCarried) {
    const auto document = parse(R"({"log":"a\u0000b"})");
    EXPECT_EQ(text_of(*find(*document, "log")), std::string_view("a\0b", 3));
    EXPECT_EQ(canonical(*document), R"({"log":"a\u0000b"})");
}

}  // namespace
}  // namespace fedmsg::json
