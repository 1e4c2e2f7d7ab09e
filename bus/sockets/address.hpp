// Addresses of ZeroMQ endpoints as they stand in configurations: "tcp://HOST:PORT", "ipc://PATH", "inproc://NAME".
// HOST is a name, an IPv4 address, an IPv6 address in brackets, or "*". Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bus/base/result.hpp"

namespace fedmsg::sockets {

struct Address {
    enum class Scheme { tcp, ipc, inproc };

    Scheme scheme = Scheme::tcp;
    std::string text;  // as configured
    std::string host;  // tcp only; IPv6 without brackets
    std::string port;  // tcp only; digits, or "*" (a port of the system's choice) where one may bind

    // True if libzmq may see it as it is: no name to look up.
    bool is_numeric() const;
};

enum class Use { connect, bind };

// The error says what is wrong with the address and what it should look like.
Result<Address> parse_address(std::string_view text, Use use);

// True for an IPv4 or (unbracketed) IPv6 address.
bool is_numeric_host(std::string_view host);

// "tcp://HOST:PORT", with brackets where HOST is an IPv6 address.
std::string tcp_address(std::string_view host, std::string_view port);

// What to connect to if no look-up is needed: `*` as host means 127.0.0.1. Only for is_numeric() addresses.
std::string numeric_target(const Address& address);

}  // namespace fedmsg::sockets
