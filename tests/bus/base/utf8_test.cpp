#include "bus/base/utf8.hpp"

#include <gtest/gtest.h>

namespace fedmsg::utf8 {
namespace {

TEST(Utf8, AcceptsEveryCodePointAndOnlyThose) {
    for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
        std::string text;
        append(text, c);
        const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        ASSERT_EQ(is_valid(text), !is_surrogate) << c;
        std::string_view rest = text;
        ASSERT_EQ(take(rest), c);
        ASSERT_TRUE(rest.empty());
    }
}

TEST(Utf8, RefusesWhatIsNotWellFormed) {
    for (const std::string_view bad :
         {"\xFF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xE2\x82\x28", "\xC3", "\xF0\x9F\x98"})
        EXPECT_FALSE(is_valid(bad));
}

TEST(Utf8, FindsABadByteWhereverItStands) {
    for (std::size_t length = 1; length < 40; ++length)
        for (std::size_t at = 0; at < length; ++at) {
            std::string text(length, 'a');
            EXPECT_TRUE(is_valid(text));
            text[at] = '\xFF';
            EXPECT_FALSE(is_valid(text)) << length << " " << at;
        }
}

}  // namespace
}  // namespace fedmsg::utf8
