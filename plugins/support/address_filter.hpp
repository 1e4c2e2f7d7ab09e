// Which addresses belong to the public internet. A URL that came in a message may name any host, and its name may lead
// to a machine behind the firewall: so the address is looked at when the connection is made, not the name.
// Pure functions, any thread.
#pragma once

#include <sys/socket.h>

#include <string>

namespace fedmsg_plugins {

// True for loopback, link-local, private (RFC 1918, RFC 4193), shared (RFC 6598), multicast, reserved and unspecified
// addresses, also where an IPv6 address carries such an IPv4 address in it. True for what is neither IPv4 nor IPv6.
bool is_private_address(const sockaddr& address);

// For messages: 127.0.0.1, ::1.
std::string address_text(const sockaddr& address);

}  // namespace fedmsg_plugins
