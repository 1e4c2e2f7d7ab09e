#include "bus/base/text.hpp"

#include <gtest/gtest.h>

namespace fedmsg::text {
namespace {

using Pieces = std::vector<std::string>;

TEST(Trim, TakesWhiteSpaceOffBothEnds) {
    EXPECT_EQ(trim(" \t\r\n\v\fa b \n"), "a b");
    EXPECT_EQ(trim(" \n "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(Split, KeepsEmptyPieces) {
    EXPECT_EQ(split("a..b", '.'), (Pieces{"a", "", "b"}));
    EXPECT_EQ(split("", '.'), (Pieces{""}));
    EXPECT_EQ(split(".", '.'), (Pieces{"", ""}));
}

TEST(Join, IsTheOppositeOfSplit) {
    for (const auto* text : {"", "a", "a.b", ".a..", "..."}) EXPECT_EQ(join(split(text, '.'), "."), text);
    EXPECT_EQ(join({}, ", "), "");
}

TEST(LowerAscii, LeavesOtherBytesAlone) {
    EXPECT_EQ(lower_ascii("AbC\xC3\x89"), "abc\xC3\x89");
}

TEST(EditDistance, CountsEdits) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("abcd", "abdc"), 2U);
}

TEST(Nearest, FindsAMisspeltWordAndNoOther) {
    const Pieces words{"high_water_mark", "io_threads", "topic_prefix"};
    EXPECT_EQ(nearest("high_watermark", words), "high_water_mark");
    EXPECT_EQ(nearest("io_thread", words), "io_threads");
    EXPECT_EQ(nearest("something_else_entirely", words), "");
    EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace fedmsg::text
