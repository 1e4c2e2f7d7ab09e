// The host's JSON functions (fedmsg_hub_json in plugin_abi.h) over our own values. Any thread.
#pragma once

#include "bus/json/document.hpp"
#include "plugin-api/include/fedmsg_hub/plugin_abi.h"

namespace fedmsg::hub {

const fedmsg_hub_json& json_table();

// A value as plugins name it, and back. The handle is the value's address.
inline const fedmsg_hub_value* handle_of(const json::Value& value) {
    return reinterpret_cast<const fedmsg_hub_value*>(&value);
}
inline const json::Value& value_of(const fedmsg_hub_value* handle) {
    return *reinterpret_cast<const json::Value*>(handle);
}

}  // namespace fedmsg::hub
