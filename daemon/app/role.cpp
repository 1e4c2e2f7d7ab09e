#include "daemon/app/role.hpp"

#include <algorithm>
#include <array>

namespace fedmsg::hub {
namespace {

constexpr std::array<RoleFacts, 5> kRoles{{
    {Role::hub, "hub", "", "", "", false, true},
    {Role::relay, "relay", "RelayConsumer", "fedmsg.consumers.relay", "fedmsg.consumers.relay.enabled", true, true},
    {Role::signing_relay, "signing-relay", "SigningRelayConsumer", "fedmsg.consumers.relay",
     "fedmsg.consumers.relay.enabled", true, false},
    {Role::gateway, "gateway", "GatewayConsumer", "fedmsg.consumers.gateway", "fedmsg.consumers.gateway.enabled", false,
     true},
    {Role::irc, "irc", "IRCBotConsumer", "fedmsg.consumers.ircbot", "fedmsg.consumers.ircbot.enabled", false, false},
}};

constexpr std::string_view kProgramPrefix = "fedmsg-";

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
}

}  // namespace

const RoleFacts& facts_of(Role role) {
    return *std::find_if(kRoles.begin(), kRoles.end(), [&](const RoleFacts& facts) { return facts.role == role; });
}

std::optional<Role> role_from_name(std::string_view name) {
    const auto found =
        std::find_if(kRoles.begin(), kRoles.end(), [&](const RoleFacts& facts) { return facts.name == name; });
    return found == kRoles.end() ? std::nullopt : std::optional(found->role);
}

Role role_from_program(std::string_view program) {
    program.remove_prefix(std::min(program.rfind('/') + 1, program.size()));
    if (!program.starts_with(kProgramPrefix)) return Role::hub;
    return role_from_name(program.substr(kProgramPrefix.size())).value_or(Role::hub);
}

std::string id_of(Role role, std::string_view instance) {
    const std::string name(facts_of(role).name);
    return instance.empty() ? name : name + "@" + std::string(instance);
}

bool is_instance_name(std::string_view instance) {
    return !instance.empty() && instance.front() != '.' && instance.front() != '-' &&
           std::all_of(instance.begin(), instance.end(), is_name_character);
}

}  // namespace fedmsg::hub
