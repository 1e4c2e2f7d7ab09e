#include "bus/topics/piece_finder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

namespace fedmsg::topics {
namespace {

std::set<std::uint32_t> found_in(const PieceFinder& finder, std::string_view topic) {
    std::set<std::uint32_t> found;
    finder.find(topic, [&](std::uint32_t piece) { found.insert(piece); });
    return found;
}

TEST(APieceFinder, FindsPiecesInsideOthersAndAtBothEnds) {
    PieceFinder finder;
    const auto she = finder.add("she");
    const auto he = finder.add("he");
    const auto hers = finder.add("hers");
    EXPECT_EQ(finder.add("he"), he);
    finder.build();
    EXPECT_EQ(found_in(finder, "ushers"), (std::set{she, he, hers}));
    EXPECT_EQ(found_in(finder, "he"), (std::set{he}));
    EXPECT_TRUE(found_in(finder, "s.h.e").empty());
    EXPECT_TRUE(found_in(finder, "").empty());
}

TEST(APieceFinder, WithoutPiecesFindsNothing) {
    PieceFinder finder;
    finder.build();
    EXPECT_TRUE(found_in(finder, "anything").empty());
}

// Few letters, so that pieces overlap, contain and end each other in every way.
TEST(APieceFinder, AgreesWithASearchForEachPiece) {
    std::minstd_rand random(3);
    const auto text = [&](std::size_t most) {
        std::string made;
        for (std::size_t left = 1 + random() % most; left > 0; --left) made += "ab\xC3"[random() % 3];
        return made;
    };
    std::size_t hits = 0;
    for (int round = 0; round < 300; ++round) {
        PieceFinder finder;
        std::map<std::uint32_t, std::string> pieces;
        for (int i = 0; i < 12; ++i) {
            const auto piece = text(5);
            pieces[finder.add(piece)] = piece;
        }
        finder.build();
        for (int i = 0; i < 20; ++i) {
            const auto topic = text(12);
            std::set<std::uint32_t> expected;
            for (const auto& [number, piece] : pieces)
                if (topic.find(piece) != std::string::npos) expected.insert(number);
            hits += expected.size();
            ASSERT_EQ(found_in(finder, topic), expected) << topic;
        }
    }
    EXPECT_GT(hits, 1000U);
}

}  // namespace
}  // namespace fedmsg::topics
