#include "bus/sockets/address.hpp"

#include <gtest/gtest.h>

namespace fedmsg::sockets {
namespace {

std::string refusal_of(const std::string& text, Use use = Use::connect) {
    const auto address = parse_address(text, use);
    return address ? "" : address.error().text;
}

TEST(AnAddress, HasAHostAndAPort) {
    const auto address = parse_address("tcp://bus.example.org:9940", Use::connect);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->host, "bus.example.org");
    EXPECT_EQ(address->port, "9940");
    EXPECT_FALSE(address->is_numeric());
}

TEST(AnAddress, MayBeNumeric) {
    for (const auto* text : {"tcp://127.0.0.1:1", "tcp://*:65535", "tcp://[::1]:80", "ipc:///run/a.socket"})
        EXPECT_TRUE(parse_address(text, Use::connect).value().is_numeric()) << text;
}

TEST(AnAddress, HasItsIpv6HostInBrackets) {
    EXPECT_EQ(parse_address("tcp://[fe80::1]:80", Use::connect).value().host, "fe80::1");
    for (const auto* text : {"tcp://::1:80", "tcp://fe80::1:80", "tcp://2001:db8::1:80"})
        EXPECT_NE(refusal_of(text).find("stands in brackets"), std::string::npos) << text << ": " << refusal_of(text);
    for (const auto* text : {"tcp://[::1:80", "tcp://[::1]x:80", "tcp://[127.0.0.1]:80", "tcp://[name]:80"})
        EXPECT_NE(refusal_of(text), "") << text;
}

TEST(AnAddress, HasAPortThatIsANumber) {
    for (const auto* text :
         {"tcp://a", "tcp://a:", "tcp://a:0", "tcp://a:65536", "tcp://a:-1", "tcp://a:9x", "tcp://a:*"})
        EXPECT_NE(refusal_of(text), "") << text;
    EXPECT_EQ(refusal_of("tcp://127.0.0.1:*", Use::bind), "");
    EXPECT_EQ(refusal_of("tcp://127.0.0.1:0", Use::bind), "");
}

TEST(AnAddress, OfAnotherFormIsRefusedWithTheRightForm) {
    for (const auto* text :
         {"", "bus:9940", "udp://a:1", "tcp://:1", "tcp://-x:1", "tcp://a b:1", "ipc://", "inproc://"})
        EXPECT_NE(refusal_of(text).find("address '"), std::string::npos) << text;
    EXPECT_NE(refusal_of("ipc://" + std::string(200, 'x')).find("bytes"), std::string::npos);
}

TEST(TcpAddress, SpellsIpv6AsLibzmqDoes) {
    EXPECT_EQ(tcp_address("0:0:0:0:0:0:0:1", "80"), "tcp://[::1]:80");
    EXPECT_EQ(tcp_address("127.0.0.1", "80"), "tcp://127.0.0.1:80");
}

}  // namespace
}  // namespace fedmsg::sockets
