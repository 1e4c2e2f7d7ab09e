// Finding the end of a run of ordinary bytes inside a string, sixteen at a time where SSE2 is there, eight elsewhere.
// Private to this folder. Any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace fedmsg::json {

// What interrupts a run.
enum class Run {
    input,   // stops at quote, backslash, controls and non-ASCII: the reader must look at these
    output,  // the same and DEL: the writer must escape these
};

template <Run kRun>
constexpr bool is_plain(unsigned char byte) {
    return byte >= 0x20 && byte < (kRun == Run::input ? 0x80 : 0x7F) && byte != '"' && byte != '\\';
}

namespace detail {

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighs = 0x8080808080808080ULL;

// The high bit of each byte that is zero (exact for the lowest such byte, which is all that is used).
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
    return (word - kOnes) & ~word & kHighs;
}

template <Run kRun>
constexpr std::uint64_t special_bytes(std::uint64_t word) {
    std::uint64_t special = zero_bytes(word ^ (kOnes * '"')) | zero_bytes(word ^ (kOnes * '\\')) | (word & kHighs) |
                            ((word - kOnes * 0x20) & ~word & kHighs);
    if constexpr (kRun == Run::output) special |= zero_bytes(word ^ (kOnes * 0x7F));
    return special;
}

#if defined(__SSE2__)
// One bit for each of sixteen bytes that is not plain. Non-ASCII bytes are negative, so one signed comparison finds
// them and the controls.
template <Run kRun>
unsigned special_mask(const char* at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    __m128i special = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
        _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)));
    if constexpr (kRun == Run::output) special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    return static_cast<unsigned>(_mm_movemask_epi8(special));
}
#endif

}  // namespace detail

// The first byte from `at` on that is not plain, or `end`.
template <Run kRun>
inline const char* skip_plain(const char* at, const char* end) {
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16)
        if (const unsigned mask = detail::special_mask<kRun>(at); mask != 0) return at + std::countr_zero(mask);
#endif
    if constexpr (std::endian::native == std::endian::little) {
        for (; end - at >= 8; at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at, 8);
            const std::uint64_t special = detail::special_bytes<kRun>(word);
            if (special != 0) return at + std::countr_zero(special) / 8;
        }
    }
    while (at != end && is_plain<kRun>(static_cast<unsigned char>(*at))) ++at;
    return at;
}

}  // namespace fedmsg::json
