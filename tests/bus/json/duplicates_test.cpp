// Duplicate keys in objects of all sizes, and that looking for them stays cheap.
#include "bus/json/duplicates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

using Members = std::vector<std::pair<std::string, int>>;

std::string as_json(const Members& members) {
    std::string text;
    for (const auto& [key, value] : members)
        text.append(text.empty() ? "{" : ", ").append("\"" + key + "\": " + std::to_string(value));
    return text + "}";
}

// The rule, read plainly.
Members last_in_first_place(const Members& members) {
    Members kept;
    for (const auto& member : members) {
        const auto same =
            std::find_if(kept.begin(), kept.end(), [&](const auto& k) { return k.first == member.first; });
        if (same == kept.end())
            kept.push_back(member);
        else
            same->second = member.second;
    }
    return kept;
}

class AnObject : public testing::TestWithParam<int> {};

// Sizes around 32, where the way of looking changes; keys of all lengths; some objects with duplicates, some without.
TEST_P(AnObject, KeepsTheLastOfEachKeyInTheFirstOnesPlace) {
    std::minstd_rand random(static_cast<unsigned>(GetParam()));
    for (int round = 0; round < 300; ++round) {
        Members members;
        const std::size_t variety = 1 + random() % static_cast<unsigned>(4 * GetParam());
        for (int i = 0; i < GetParam(); ++i) {
            const std::size_t number = random() % variety;
            members.emplace_back(std::string(number % 21, 'k') + std::to_string(number), i);
        }
        const auto text = as_json(members);
        ASSERT_EQ(relayed(*parse(text)), as_json(last_in_first_place(members))) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(OfSize, AnObject, testing::Values(1, 2, 3, 8, 31, 32, 33, 34, 64, 200));

TEST(DuplicateKeys, AreFoundWhereAnInnerObjectStandsBetweenThem) {
    EXPECT_EQ(relayed(*parse(R"({"a": {"x": 1, "y": 2}, "b": [{"a": 1}], "a": {"y": 3}})")),
              R"({"a": {"y": 3}, "b": [{"a": 1}]})");
}

TEST(DuplicateKeys, OfOneKeyInManyObjectsAreNone) {
    const std::string text = R"([{"a": 1}, {"a": 2}, {"a": {"a": {"a": 3}}}])";
    EXPECT_EQ(relayed(*parse(text)), text);
}

TEST(DuplicateKeys, AreComparedAsDecodedTextWithItsLength) {
    EXPECT_EQ(relayed(*parse(R"({"\u0061\u0000": 1, "a": 2, "a\u0000": 3})")), R"({"a\u0000": 3, "a": 2})");
    EXPECT_EQ(relayed(*parse(R"({"": 1, "\u0000": 2, "": 3})")), R"({"": 3, "\u0000": 2})");
}

TEST(DuplicateKeys, AreRemovedFromABorrowingDocumentToo) {
    const std::string text = R"({"first": "one", "second": "two", "first": "three"})";
    Document document;
    ASSERT_TRUE(parse(text, document, Strings::borrow));
    EXPECT_EQ(relayed(document), R"({"first": "three", "second": "two"})");
}

TEST(AFingerprint, DiffersForKeysThatDifferInOneByteOrInLength) {
    for (std::size_t size = 1; size < 40; ++size) {
        const std::string key(size, 'k');
        EXPECT_NE(fingerprint(key), fingerprint(key.substr(1)));
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = key;
            other[at] = 'l';
            EXPECT_NE(fingerprint(key), fingerprint(other)) << size << " " << at;
        }
    }
    EXPECT_NE(fingerprint(std::string_view("", 0)), fingerprint(std::string_view("\0", 1)));
}

std::string object_of(std::size_t count, std::size_t distinct) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i)
        text.append("\"package-")
            .append(std::to_string(i % distinct))
            .append("\":")
            .append(std::to_string(i))
            .append(",");
    text.back() = '}';
    return text;
}

// Comparing every two keys of these would take minutes; the limit of the test run is the proof.
TEST(DuplicateKeys, AreLookedForInLargeObjectsWithoutComparingEveryTwo) {
    constexpr std::size_t kCount = 200'000;
    EXPECT_EQ(parse(object_of(kCount, kCount))->MemberCount(), kCount);
    const auto halved = parse(object_of(kCount, kCount / 2));
    EXPECT_EQ(halved->MemberCount(), kCount / 2);
    EXPECT_EQ(halved->MemberBegin()->value.GetUint64(), kCount / 2);
    EXPECT_EQ(parse(object_of(kCount, 1))->MemberCount(), 1U);
}

}  // namespace
}  // namespace fedmsg::json
