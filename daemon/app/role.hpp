// The roles of the one binary (architecture.md "Roles and instances"): which consumers it runs and where it listens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fedmsg::hub {

enum class Role { hub, relay, signing_relay, gateway, irc };

struct RoleFacts {
    Role role;
    std::string_view name;        // "hub", "signing-relay"
    std::string_view consumer;    // name of the role's own consumer, as monitoring shows it; empty: it runs plugins
    std::string_view module;      // the same consumer's module
    std::string_view config_key;  // forced on in this role
    bool binds_inbound;           // binds relay_inbound instead of connecting to endpoints
    bool is_built;                // false: known, but not part of this version
};

const RoleFacts& facts_of(Role role);
std::optional<Role> role_from_name(std::string_view name);
// The role that a program name stands for ("/usr/bin/fedmsg-relay": relay); hub for any other name.
Role role_from_program(std::string_view program);

// "hub", "relay", or "hub@NAME".
std::string id_of(Role role, std::string_view instance);
// Instance names become parts of paths and bus names: [A-Za-z0-9_.-]+, not beginning with a dot or dash.
bool is_instance_name(std::string_view instance);

}  // namespace fedmsg::hub
