// The host's functions (fedmsg_hub_host in plugin_abi.h) over HostServices: what a plugin calls, from any thread of
// its.
#pragma once

#include "daemon/dispatch/host_services.hpp"
#include "plugin-api/include/fedmsg_hub/plugin_abi.h"

// A consumer as its plugin names it. Lives from before create until after destroy.
struct fedmsg_hub_context {
    fedmsg::hub::HostServices& services;
    bool may_publish = false;
};

namespace fedmsg::hub {

const fedmsg_hub_host& host_table();

// A result of the ABI as an outcome; an unknown value is a failure that says so.
void read_result(const fedmsg_hub_result& result, Outcome& outcome);

}  // namespace fedmsg::hub
