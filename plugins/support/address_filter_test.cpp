#include "support/address_filter.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace {

sockaddr_storage parsed(const std::string& text) {
    sockaddr_storage out{};
    auto& in = reinterpret_cast<sockaddr_in&>(out);
    auto& in6 = reinterpret_cast<sockaddr_in6&>(out);
    const bool is_v4 = text.find(':') == std::string::npos;
    out.ss_family = is_v4 ? AF_INET : AF_INET6;
    void* number = is_v4 ? static_cast<void*>(&in.sin_addr) : static_cast<void*>(&in6.sin6_addr);
    EXPECT_EQ(inet_pton(out.ss_family, text.c_str(), number), 1) << text;
    return out;
}

bool is_private(const std::string& text) {
    const sockaddr_storage address = parsed(text);
    return fedmsg_plugins::is_private_address(reinterpret_cast<const sockaddr&>(address));
}

TEST(PrivateAddresses, AreAllThatDoNotBelongToThePublicInternet) {
    for (const char* text : {"127.0.0.1",
                             "127.255.0.9",
                             "0.0.0.0",
                             "10.1.2.3",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "169.254.169.254",
                             "100.64.0.1",
                             "192.0.2.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::7f00:1",
                             "2002:7f00:1::",
                             "2001:db8::1",
                             "2001::1",
                             "fec0::1",
                             "::7f00:1"})
        EXPECT_TRUE(is_private(text)) << text;
}

TEST(PublicAddresses, AreNotPrivate) {
    for (const char* text : {"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "192.167.0.1", "100.63.0.1",
                             "100.128.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
                             "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
        EXPECT_FALSE(is_private(text)) << text;
}

TEST(OtherKindsOfAddresses, CountAsPrivate) {
    sockaddr address{};
    address.sa_family = AF_UNIX;
    EXPECT_TRUE(fedmsg_plugins::is_private_address(address));
}

TEST(AddressTexts, AreTheUsualOnes) {
    for (const char* text : {"127.0.0.1", "2001:db8::1"}) {
        const sockaddr_storage address = parsed(text);
        EXPECT_EQ(fedmsg_plugins::address_text(reinterpret_cast<const sockaddr&>(address)), text);
    }
}

}  // namespace
