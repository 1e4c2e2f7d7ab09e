// Runs of ordinary bytes: whatever way they are looked for, the end must be that of the byte-by-byte rule.
#include "bus/json/scan.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace fedmsg::json {
namespace {

template <Run kRun>
std::size_t end_of_run(const std::string& text) {
    const char* end = text.data() + text.size();
    return static_cast<std::size_t>(skip_plain<kRun>(text.data(), end) - text.data());
}

TEST(ARun, EndsAtEachSpecialByteAtEachPlace) {
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string plain(size, 'x');
        ASSERT_EQ(end_of_run<Run::input>(plain), size);
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text = plain;
                text[at] = static_cast<char>(byte);
                const auto value = static_cast<unsigned char>(byte);
                ASSERT_EQ(end_of_run<Run::input>(text), is_plain<Run::input>(value) ? size : at) << byte;
                ASSERT_EQ(end_of_run<Run::output>(text), is_plain<Run::output>(value) ? size : at) << byte;
            }
        }
    }
}

TEST(ARun, OfInputTakesDeleteAndARunOfOutputDoesNot) {
    EXPECT_TRUE(is_plain<Run::input>(0x7F));
    EXPECT_FALSE(is_plain<Run::output>(0x7F));
    EXPECT_TRUE(is_plain<Run::output>('/'));
}

// The eight-byte path is the only fast one on machines without SSE2.
template <Run kRun>
void expect_lowest_special_byte_is_found(const std::string& bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    std::size_t first = 0;
    while (first < 8 && is_plain<kRun>(static_cast<unsigned char>(bytes[first]))) ++first;
    const std::uint64_t special = detail::special_bytes<kRun>(word);
    if (first == 8)
        ASSERT_EQ(special, 0U);
    else
        ASSERT_EQ(std::countr_zero(special) / 8, static_cast<int>(first));
}

TEST(AWord, ShowsItsLowestSpecialByte) {
    constexpr std::string_view kBytes{"\0\x01\x1F !\"#[\\]~\x7F\x80\x81\xA0\xFFxyz\"", 20};
    std::minstd_rand random(7);
    for (int round = 0; round < 100000; ++round) {
        std::string bytes(8, 'a');
        for (char& byte : bytes)
            if (random() % 2 == 0) byte = kBytes[random() % kBytes.size()];
        expect_lowest_special_byte_is_found<Run::input>(bytes);
        expect_lowest_special_byte_is_found<Run::output>(bytes);
    }
}

}  // namespace
}  // namespace fedmsg::json
