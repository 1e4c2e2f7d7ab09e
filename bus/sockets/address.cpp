#include "bus/sockets/address.hpp"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace fedmsg::sockets {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";
constexpr std::string_view kInproc = "inproc://";
constexpr std::string_view kForm = "an address looks like tcp://HOST:PORT, ipc://PATH or inproc://NAME";

Error refuse(std::string_view address, std::string_view why) {
    return failure("address '" + std::string(address) + "': " + std::string(why));
}

Status check_port(std::string_view address, std::string_view port, Use use) {
    if (port.empty()) return refuse(address, "has no port; write it as tcp://HOST:PORT");
    if (use == Use::bind && (port == "*" || port == "0")) return {};
    unsigned number = 0;
    const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (code != std::errc() || end != port.data() + port.size() || number < 1 || number > 65535)
        return refuse(address, "port '" + std::string(port) + "' is not a number from 1 to 65535");
    return {};
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
}

// A name that starts with '-' would be an option to the programs that look it up.
Status check_name(std::string_view address, std::string_view host) {
    if (host.size() > 253 || host.front() == '-' || !std::all_of(host.begin(), host.end(), is_host_character))
        return refuse(address, "'" + std::string(host) + "' is not a host name (an IPv6 address stands in brackets)");
    return {};
}

Status check_host(std::string_view address, std::string_view host, bool bracketed) {
    if (host.empty()) return refuse(address, "has no host; " + std::string(kForm));
    if (bracketed && (!is_numeric_host(host) || host.find(':') == std::string_view::npos))
        return refuse(address, "'" + std::string(host) + "' in brackets is not an IPv6 address");
    if (bracketed || host == "*") return {};
    return check_name(address, host);
}

struct HostAndPort {
    std::string_view host;
    std::string_view port;
    bool bracketed = false;
};

// Splits at the last colon; inside brackets colons belong to the host.
Result<HostAndPort> split_host(std::string_view address, std::string_view rest) {
    const bool bracketed = !rest.empty() && rest.front() == '[';
    const auto closing = bracketed ? rest.find(']') : 0;
    if (closing == std::string_view::npos) return refuse(address, "a '[' is not closed");
    const auto colon = rest.rfind(':');
    if (colon == std::string_view::npos || colon < closing)
        return refuse(address, "has no port; write it as tcp://HOST:PORT");
    if (bracketed && colon != closing + 1) return refuse(address, "has text between ']' and the port");
    const auto host = bracketed ? rest.substr(1, closing - 1) : rest.substr(0, colon);
    return HostAndPort{host, rest.substr(colon + 1), bracketed};
}

Result<Address> parse_tcp(std::string_view text, Use use) {
    const auto parts = split_host(text, text.substr(kTcp.size()));
    if (!parts) return parts.error();
    if (auto host = check_host(text, parts->host, parts->bracketed); !host) return host.error();
    if (auto port = check_port(text, parts->port, use); !port) return port.error();
    return Address{Address::Scheme::tcp, std::string(text), std::string(parts->host), std::string(parts->port)};
}

Result<Address> parse_path(std::string_view text, std::string_view scheme) {
    const auto path = text.substr(scheme.size());
    if (path.empty() || path.find('\0') != std::string_view::npos) return refuse(text, kForm);
    constexpr auto kLongestPath = sizeof(sockaddr_un::sun_path) - 1;
    if (scheme == kIpc && path.size() > kLongestPath)
        return refuse(text, "the path has over " + std::to_string(kLongestPath) + " bytes");
    return Address{scheme == kIpc ? Address::Scheme::ipc : Address::Scheme::inproc, std::string(text), "", ""};
}

// The one spelling that libzmq reports addresses in; the text as it is if it is none.
std::string shortest_ipv6(std::string_view host) {
    in6_addr binary{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_pton(AF_INET6, std::string(host).c_str(), &binary) != 1) return std::string(host);
    return inet_ntop(AF_INET6, &binary, text.data(), text.size());
}

}  // namespace

bool is_numeric_host(std::string_view host) {
    std::array<unsigned char, 16> binary{};
    const std::string text(host);
    return inet_pton(AF_INET, text.c_str(), binary.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), binary.data()) == 1;
}

bool Address::is_numeric() const {
    return scheme != Scheme::tcp || host == "*" || is_numeric_host(host);
}

Result<Address> parse_address(std::string_view text, Use use) {
    if (text.starts_with(kTcp)) return parse_tcp(text, use);
    if (text.starts_with(kIpc)) return parse_path(text, kIpc);
    if (text.starts_with(kInproc)) return parse_path(text, kInproc);
    return refuse(text, kForm);
}

std::string tcp_address(std::string_view host, std::string_view port) {
    const bool bracket = host.find(':') != std::string_view::npos;
    const std::string name = bracket ? "[" + shortest_ipv6(host) + "]" : std::string(host);
    return std::string(kTcp) + name + ":" + std::string(port);
}

std::string numeric_target(const Address& address) {
    if (address.scheme != Address::Scheme::tcp) return address.text;
    return tcp_address(address.host == "*" ? "127.0.0.1" : address.host, address.port);
}

}  // namespace fedmsg::sockets
