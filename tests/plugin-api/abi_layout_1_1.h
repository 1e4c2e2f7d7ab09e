/* What version 1.1 of plugin_abi.h has appended. Rules as in abi_layout_1_0.h, which comes first. */
PIN_SIZE(fedmsg_hub_host, 152);
PIN(fedmsg_hub_host, publish_with_id, 136, 8);
PIN(fedmsg_hub_host, directory, 144, 8);

PIN_SIZE(fedmsg_hub_functions, 112);
PIN(fedmsg_hub_functions, check, 88, 8);
PIN(fedmsg_hub_functions, explain, 96, 8);
PIN(fedmsg_hub_functions, command, 104, 8);
