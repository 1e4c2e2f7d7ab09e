// RapidJSON's own Reader as oracle: on texts that it accepts in its strictest mode, both must read the same.
//
// Texts are made by changing good ones at random, from fixed seeds. RapidJSON differs where the bus's rules do (lone
// surrogates, numbers beyond its range, duplicate keys): those are left out of the comparison.
#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

constexpr unsigned kStrict =
    rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

const std::vector<std::string> kSeeds{
    R"({"i":1,"msg":{"commit":{"name":"Ann","stats":{"files":3}},"ok":true,"none":null},"topic":"org.example.dev.git"})",
    R"([0,-1,1.5,1e5,123456789,"a\u00e9\n\"\\\/",[],{},[[{"a":[]}]]])",
    "  {\"a\" : [ 1 , 2 , 3 ] , \"b\" : \"text \xC3\xA9 \xE6\xBC\xA2 \\u6f22\\u0000\" }  ",
    R"([-0.5,12345678901234567890,0.1e-7,1e22,1e23,123456789.123456789e-3,1.7976931348623157e308,-9223372036854775808])",
    R"({"":"","x":[true,false,null],"long":"0123456789012345678901234567890123456789"})"};

std::string mutated(const std::string& seed, std::minstd_rand& random) {
    constexpr std::string_view kPieces = "{}[]:,\"\\0123456789.eE+-truefalsn \n\t\x01\x7F\xC3\xA9\xFF/u";
    std::string text = seed;
    for (unsigned changes = random() % 4; changes > 0 && !text.empty(); --changes) {
        const std::size_t at = random() % text.size();
        const char piece = kPieces[random() % kPieces.size()];
        switch (random() % 4) {
            case 0:
                text[at] = piece;
                break;
            case 1:
                text.insert(at, 1, piece);
                break;
            case 2:
                text.erase(at, 1);
                break;
            default:
                text.insert(at, text.substr(random() % text.size(), random() % 12));
                break;
        }
    }
    return text;
}

bool has_duplicates(const Value& value) {
    if (value.IsArray())
        return std::any_of(value.Begin(), value.End(), [](const Value& element) { return has_duplicates(element); });
    if (!value.IsObject()) return false;
    for (auto it = value.MemberBegin(); it != value.MemberEnd(); ++it) {
        for (auto other = value.MemberBegin(); other != it; ++other)
            if (other->name == it->name) return true;
        if (has_duplicates(it->value)) return true;
    }
    return false;
}

// RapidJSON turns an integer beyond 64 bits into a double, and some reals out of range into any number.
bool is_beyond_rapidjson(const Value& value) {
    const auto in_member = [](const auto& member) { return is_beyond_rapidjson(member.value); };
    if (value.IsObject()) return std::any_of(value.MemberBegin(), value.MemberEnd(), in_member);
    if (value.IsArray())
        return std::any_of(value.Begin(), value.End(), [](const Value& v) { return is_beyond_rapidjson(v); });
    return is_big_integer(value) || (value.IsDouble() && !std::isnormal(value.GetDouble()));
}

// RapidJSON refuses lone surrogates, and takes a NUL for the end.
bool is_outside_the_comparison(const std::string& text) {
    return text.find("\\ud") != std::string::npos || text.find("\\uD") != std::string::npos ||
           text.find('\0') != std::string::npos;
}

TEST(TheOracle, ReadsTheSameWhereBothAccept) {
    std::minstd_rand random(1);
    std::size_t compared = 0;
    for (int round = 0; round < 120000; ++round) {
        const auto text = mutated(kSeeds[random() % kSeeds.size()], random);
        rapidjson::Document theirs;
        theirs.Parse<kStrict>(text.data(), text.size());
        const auto ours = parse(text);
        if (theirs.HasParseError() || has_duplicates(theirs) || is_outside_the_comparison(text)) continue;
        if (!ours) {
            // RapidJSON skips nothing that we refuse, except what stands behind a NUL.
            ADD_FAILURE() << "refused: " << text << ": " << ours.error().text;
            continue;
        }
        if (is_beyond_rapidjson(*ours)) continue;
        ++compared;
        ASSERT_EQ(canonical(*ours), canonical(theirs)) << text;
    }
    EXPECT_GT(compared, 20000U);
}

// For reals the C library is the better oracle: it rounds correctly, out of range too.
TEST(TheOracle, ReadsRealsLikeTheCLibrary) {
    std::minstd_rand random(3);
    const auto digits = [&random](std::size_t most) {
        std::string text(1 + random() % most, '0');
        for (char& digit : text) digit = static_cast<char>('0' + random() % 10);
        return text;
    };
    for (int round = 0; round < 50000; ++round) {
        std::string text = random() % 2 == 0 ? "-" : "";
        text += std::to_string(random() % 1000) + "." + digits(30);
        if (random() % 4 != 0) text += "e" + std::to_string(static_cast<int>(random() % 720) - 360);
        const double expected = std::strtod(text.c_str(), nullptr);
        const double actual = parse(text)->GetDouble();
        ASSERT_EQ(actual, expected) << text;
        ASSERT_EQ(std::signbit(actual), std::signbit(expected)) << text;
    }
}

TEST(TheOracle, RefusesMostOfWhatWeRefuse) {
    std::minstd_rand random(2);
    for (int round = 0; round < 60000; ++round) {
        const auto text = mutated(kSeeds[random() % kSeeds.size()], random);
        if (!parse(text)) continue;
        // What we accept beyond it: NaN and Infinity cannot arise here, but numbers out of its range can.
        rapidjson::Document theirs;
        theirs.Parse<kStrict>(text.data(), text.size());
        if (!theirs.HasParseError() || is_outside_the_comparison(text)) continue;
        ASSERT_EQ(theirs.GetParseError(), rapidjson::kParseErrorNumberTooBig) << text;
    }
}

}  // namespace
}  // namespace fedmsg::json
