// RapidJSON's own Reader as oracle: on texts that it accepts in its strictest mode, both must read the same.
//
// Texts are made by changing good ones at random, from fixed seeds. RapidJSON differs where the bus's rules do (lone
// surrogates, numbers beyond its range, duplicate keys): those are left out of the comparison.
#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <random>

#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

constexpr unsigned kStrict =
    rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

const std::vector<std::string> kSeeds{
    R"({"i":1,"msg":{"commit":{"name":"Ann","stats":{"files":3}},"ok":true,"none":null},"topic":"org.example.dev.git"})",
    R"([0,-1,1.5,1e5,123456789,"a\u00e9\n\"\\\/",[],{},[[{"a":[]}]]])",
    "  {\"a\" : [ 1 , 2 , 3 ] , \"b\" : \"text \xC3\xA9 \xE6\xBC\xA2\" }  ",
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

// RapidJSON turns an integer beyond 64 bits into a double.
bool has_big_integer(const Value& value) {
    const auto in_member = [](const auto& member) { return has_big_integer(member.value); };
    if (value.IsObject()) return std::any_of(value.MemberBegin(), value.MemberEnd(), in_member);
    if (value.IsArray())
        return std::any_of(value.Begin(), value.End(), [](const Value& v) { return has_big_integer(v); });
    return is_big_integer(value);
}

// RapidJSON takes any text with these for more, or for less, than the bus does.
bool is_outside_the_comparison(const std::string& text) {
    return text.find("\\u") != std::string::npos || text.find('\0') != std::string::npos;
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
        if (has_big_integer(*ours)) continue;
        ++compared;
        ASSERT_EQ(canonical(*ours), canonical(theirs)) << text;
    }
    EXPECT_GT(compared, 20000U);
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
