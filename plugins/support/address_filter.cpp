#include "support/address_filter.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace fedmsg_plugins {

namespace {

struct Block4 {
    std::uint32_t address;
    int bits;
};

// Everything that IANA's registry of special addresses does not call globally reachable.
constexpr Block4 kBlocks4[] = {
    {0x00000000, 8},   // 0.0.0.0/8: this network
    {0x0A000000, 8},   // 10.0.0.0/8
    {0x64400000, 10},  // 100.64.0.0/10: shared by a provider's customers
    {0x7F000000, 8},   // 127.0.0.0/8
    {0xA9FE0000, 16},  // 169.254.0.0/16: link-local
    {0xAC100000, 12},  // 172.16.0.0/12
    {0xC0000000, 24},  // 192.0.0.0/24: protocol assignments
    {0xC0000200, 24},  // 192.0.2.0/24: documentation
    {0xC0A80000, 16},  // 192.168.0.0/16
    {0xC6120000, 15},  // 198.18.0.0/15: benchmarks
    {0xC6336400, 24},  // 198.51.100.0/24: documentation
    {0xCB007100, 24},  // 203.0.113.0/24: documentation
    {0xE0000000, 3},   // 224.0.0.0/3: multicast, reserved, broadcast
};

bool is_private4(std::uint32_t address) {
    return std::any_of(std::begin(kBlocks4), std::end(kBlocks4), [address](const Block4& block) {
        const std::uint32_t mask = ~std::uint32_t{0} << (32 - block.bits);
        return (address & mask) == block.address;
    });
}

using Bytes6 = std::array<unsigned char, 16>;

std::uint32_t four_bytes(const Bytes6& bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
           std::uint32_t{bytes[at + 3]};
}

bool begins_with(const Bytes6& bytes, std::initializer_list<unsigned char> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_private6(const Bytes6& bytes) {
    if (begins_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_private4(four_bytes(bytes, 12));
    if (begins_with(bytes, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return is_private4(four_bytes(bytes, 12));
    if (begins_with(bytes, {0x20, 0x02})) return is_private4(four_bytes(bytes, 2));  // 6to4
    if (begins_with(bytes, {0x20, 0x01, 0, 0})) return true;                         // Teredo
    if (begins_with(bytes, {0x20, 0x01, 0x0D, 0xB8})) return true;                   // documentation
    return (bytes[0] & 0xE0) != 0x20;  // only 2000::/3 is given out for the public internet
}

}  // namespace

bool is_private_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        return is_private4(ntohl(in.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 in6{};
        std::memcpy(&in6, &address, sizeof in6);
        Bytes6 bytes{};
        std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
        return is_private6(bytes);
    }
    return true;
}

std::string address_text(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    sockaddr_storage copy{};
    const bool is_v4 = address.sa_family == AF_INET;
    std::memcpy(&copy, &address, is_v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    const void* number = is_v4 ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(copy).sin_addr)
                               : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(copy).sin6_addr);
    const char* out = inet_ntop(address.sa_family, number, text.data(), text.size());
    return out != nullptr ? out : "an unknown kind of address";
}

}  // namespace fedmsg_plugins
