// One descriptor of a plugin, as it lies in the plugin's memory: checks it field by field and copies it. Internal to
// describe(). Nothing in it is trusted: sizes are bounded before they are used.
#pragma once

#include <stdexcept>

#include "daemon/plugin/declaration.hpp"

namespace fedmsg::hub {

// Why a descriptor is refused.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The descriptor's name, as far as it is fit to be shown; empty otherwise.
std::string printable_name(const fedmsg_hub_consumer& consumer);

// Throws Refused.
ConsumerDeclaration read_descriptor(const fedmsg_hub_consumer& consumer, std::shared_ptr<const Plugin> plugin);

}  // namespace fedmsg::hub
