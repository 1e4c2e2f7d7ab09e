#include "bus/base/utf8.hpp"

#include <cstring>

namespace fedmsg::utf8 {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

const unsigned char* skip_ascii(const unsigned char* at, const unsigned char* end) {
    while (end - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        if ((word & kHighBits) != 0) break;
        at += 8;
    }
    while (at < end && *at < 0x80) ++at;
    return at;
}

bool is_tail(unsigned char byte) {
    return (byte & 0xC0U) == 0x80U;
}

// Length of the well-formed sequence that starts with the non-ASCII byte `at`, or 0.
int sequence_length(const unsigned char* at, const unsigned char* end) {
    const unsigned char lead = at[0];
    const auto left = end - at;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    if (left < 2 || !is_tail(at[1])) return 0;
    if (lead < 0xE0) return 2;
    if (lead < 0xF0) {
        if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F)) return 0;
        return left >= 3 && is_tail(at[2]) ? 3 : 0;
    }
    if ((lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] > 0x8F)) return 0;
    return left >= 4 && is_tail(at[2]) && is_tail(at[3]) ? 4 : 0;
}

}  // namespace

bool is_valid(std::string_view text) {
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = at + text.size();
    for (at = skip_ascii(at, end); at < end; at = skip_ascii(at, end)) {
        const int length = sequence_length(at, end);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

void append(std::string& out, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    const auto tail = [&](int shift) { put(0x80U | ((code_point >> shift) & 0x3FU)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12));
        tail(6);
        tail(0);
    } else {
        put(0xF0U | (code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::uint32_t take(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code_point = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length && i < text.size(); ++i) code_point = (code_point << 6) | (byte(i) & 0x3FU);
    text.remove_prefix(length < text.size() ? length : text.size());
    return code_point;
}

}  // namespace fedmsg::utf8
