/* The binary layout of plugin_abi.h at version 1.0 on 64-bit machines: every field's place and size, every number.
 *
 * Compiled as C11 and as C++17. From the tagged release 1.0 on, this file is never edited: a later minor version that
 * appends fields gets a file of its own, and this one still has to pass but for the sizes of structs, which may grow.
 */
#include <assert.h>
#include <fedmsg_hub/plugin_abi.h>
#include <stddef.h>

#define PIN(STRUCT, FIELD, OFFSET, SIZE)                                               \
    static_assert(offsetof(STRUCT, FIELD) == OFFSET, #STRUCT "." #FIELD " has moved"); \
    static_assert(sizeof(((STRUCT*)0)->FIELD) == SIZE, #STRUCT "." #FIELD " has another size")
#define PIN_SIZE(STRUCT, SIZE) static_assert(sizeof(STRUCT) == SIZE, #STRUCT " has another size")
#define PIN_GROWN(STRUCT, SIZE) static_assert(sizeof(STRUCT) >= SIZE, #STRUCT " has shrunk")
#define PIN_VALUE(NAME, VALUE) static_assert((int)NAME == VALUE, #NAME " has another value")

static_assert(FEDMSG_HUB_ABI_MAJOR == 1, "a new major version needs a new entry symbol");
static_assert(sizeof(void*) == 8, "the pins are those of 64-bit machines");
static_assert(sizeof(FEDMSG_HUB_PLUGIN_ENTRY) == sizeof("fedmsg_hub_plugin_v1"), "the entry has another name");

PIN_SIZE(fedmsg_hub_text, 16);
PIN(fedmsg_hub_text, data, 0, 8);
PIN(fedmsg_hub_text, size, 8, 8);

PIN_SIZE(fedmsg_hub_json, 104);
PIN(fedmsg_hub_json, struct_size, 0, 4);
PIN(fedmsg_hub_json, reserved, 4, 4);
PIN(fedmsg_hub_json, type, 8, 8);
PIN(fedmsg_hub_json, boolean, 16, 8);
PIN(fedmsg_hub_json, integer, 24, 8);
PIN(fedmsg_hub_json, real, 32, 8);
PIN(fedmsg_hub_json, string, 40, 8);
PIN(fedmsg_hub_json, size, 48, 8);
PIN(fedmsg_hub_json, element, 56, 8);
PIN(fedmsg_hub_json, member, 64, 8);
PIN(fedmsg_hub_json, member_at, 72, 8);
PIN(fedmsg_hub_json, write, 80, 8);
PIN(fedmsg_hub_json, parse, 88, 8);
PIN(fedmsg_hub_json, release, 96, 8);

PIN_SIZE(fedmsg_hub_message, 160);
PIN(fedmsg_hub_message, struct_size, 0, 4);
PIN(fedmsg_hub_message, verdict, 4, 4);
PIN(fedmsg_hub_message, offset, 8, 8);
PIN(fedmsg_hub_message, token, 16, 8);
PIN(fedmsg_hub_message, attempt, 24, 4);
PIN(fedmsg_hub_message, reserved, 28, 4);
PIN(fedmsg_hub_message, received_ns, 32, 8);
PIN(fedmsg_hub_message, timestamp, 40, 8);
PIN(fedmsg_hub_message, topic, 48, 16);
PIN(fedmsg_hub_message, msg_id, 64, 16);
PIN(fedmsg_hub_message, username, 80, 16);
PIN(fedmsg_hub_message, body, 96, 16);
PIN(fedmsg_hub_message, endpoint, 112, 16);
PIN(fedmsg_hub_message, verdict_reason, 128, 16);
PIN(fedmsg_hub_message, root, 144, 8);
PIN(fedmsg_hub_message, msg, 152, 8);

PIN_SIZE(fedmsg_hub_result, 48);
PIN(fedmsg_hub_result, outcome, 0, 4);
PIN(fedmsg_hub_result, reserved, 4, 4);
PIN(fedmsg_hub_result, delay_ms, 8, 8);
PIN(fedmsg_hub_result, reason, 16, 16);
PIN(fedmsg_hub_result, reserved2, 32, 16);

PIN_GROWN(fedmsg_hub_host, 136);
PIN(fedmsg_hub_host, struct_size, 0, 4);
PIN(fedmsg_hub_host, abi_minor, 4, 4);
PIN(fedmsg_hub_host, json, 8, 8);
PIN(fedmsg_hub_host, log, 16, 8);
PIN(fedmsg_hub_host, counter_add, 24, 8);
PIN(fedmsg_hub_host, gauge_set, 32, 8);
PIN(fedmsg_hub_host, publish, 40, 8);
PIN(fedmsg_hub_host, state_get, 48, 8);
PIN(fedmsg_hub_host, state_put, 56, 8);
PIN(fedmsg_hub_host, state_delete, 64, 8);
PIN(fedmsg_hub_host, state_keys, 72, 8);
PIN(fedmsg_hub_host, state_sync, 80, 8);
PIN(fedmsg_hub_host, schedule, 88, 8);
PIN(fedmsg_hub_host, cancel, 96, 8);
PIN(fedmsg_hub_host, finish, 104, 8);
PIN(fedmsg_hub_host, stop_requested, 112, 8);
PIN(fedmsg_hub_host, now_ns, 120, 8);
PIN(fedmsg_hub_host, render, 128, 8);

PIN_SIZE(fedmsg_hub_option, 64);
PIN(fedmsg_hub_option, struct_size, 0, 4);
PIN(fedmsg_hub_option, type, 4, 4);
PIN(fedmsg_hub_option, flags, 8, 4);
PIN(fedmsg_hub_option, reserved, 12, 4);
PIN(fedmsg_hub_option, name, 16, 16);
PIN(fedmsg_hub_option, default_json, 32, 16);
PIN(fedmsg_hub_option, help, 48, 16);

PIN_GROWN(fedmsg_hub_functions, 88);
PIN(fedmsg_hub_functions, struct_size, 0, 4);
PIN(fedmsg_hub_functions, reserved, 4, 4);
PIN(fedmsg_hub_functions, validate, 8, 8);
PIN(fedmsg_hub_functions, create, 16, 8);
PIN(fedmsg_hub_functions, start, 24, 8);
PIN(fedmsg_hub_functions, consume_batch, 32, 8);
PIN(fedmsg_hub_functions, on_gap, 40, 8);
PIN(fedmsg_hub_functions, on_timer, 48, 8);
PIN(fedmsg_hub_functions, poll, 56, 8);
PIN(fedmsg_hub_functions, stop, 64, 8);
PIN(fedmsg_hub_functions, destroy, 72, 8);
PIN(fedmsg_hub_functions, reconfigure, 80, 8);

PIN_SIZE(fedmsg_hub_consumer, 144);
PIN(fedmsg_hub_consumer, struct_size, 0, 4);
PIN(fedmsg_hub_consumer, capabilities, 4, 4);
PIN(fedmsg_hub_consumer, name, 8, 16);
PIN(fedmsg_hub_consumer, description, 24, 16);
PIN(fedmsg_hub_consumer, config_key, 40, 16);
PIN(fedmsg_hub_consumer, topics, 56, 8);
PIN(fedmsg_hub_consumer, key_prefixes, 64, 8);
PIN(fedmsg_hub_consumer, options, 72, 8);
PIN(fedmsg_hub_consumer, topic_count, 80, 4);
PIN(fedmsg_hub_consumer, key_prefix_count, 84, 4);
PIN(fedmsg_hub_consumer, option_count, 88, 4);
PIN(fedmsg_hub_consumer, validate_signatures, 92, 4);
PIN(fedmsg_hub_consumer, period_ms, 96, 8);
PIN(fedmsg_hub_consumer, max_attempts, 104, 4);
PIN(fedmsg_hub_consumer, first_delay_ms, 108, 4);
PIN(fedmsg_hub_consumer, delay_factor, 112, 8);
PIN(fedmsg_hub_consumer, max_delay_ms, 120, 8);
PIN(fedmsg_hub_consumer, functions, 128, 8);
PIN(fedmsg_hub_consumer, user, 136, 8);

PIN_SIZE(fedmsg_hub_describe_sink, 32);
PIN(fedmsg_hub_describe_sink, struct_size, 0, 4);
PIN(fedmsg_hub_describe_sink, reserved, 4, 4);
PIN(fedmsg_hub_describe_sink, arg, 8, 8);
PIN(fedmsg_hub_describe_sink, add, 16, 8);
PIN(fedmsg_hub_describe_sink, error, 24, 8);

PIN_SIZE(fedmsg_hub_plugin, 72);
PIN(fedmsg_hub_plugin, struct_size, 0, 4);
PIN(fedmsg_hub_plugin, abi_major, 4, 4);
PIN(fedmsg_hub_plugin, abi_minor, 8, 4);
PIN(fedmsg_hub_plugin, required_minor, 12, 4);
PIN(fedmsg_hub_plugin, name, 16, 16);
PIN(fedmsg_hub_plugin, version, 32, 16);
PIN(fedmsg_hub_plugin, build_id, 48, 16);
PIN(fedmsg_hub_plugin, describe, 64, 8);

PIN_VALUE(FEDMSG_HUB_OK, 0);
PIN_VALUE(FEDMSG_HUB_FAILED, 1);
PIN_VALUE(FEDMSG_HUB_NOT_FOUND, 2);
PIN_VALUE(FEDMSG_HUB_INVALID, 3);
PIN_VALUE(FEDMSG_HUB_UNAVAILABLE, 4);
PIN_VALUE(FEDMSG_HUB_UNSUPPORTED, 5);

PIN_VALUE(FEDMSG_HUB_NULL, 0);
PIN_VALUE(FEDMSG_HUB_BOOLEAN, 1);
PIN_VALUE(FEDMSG_HUB_INTEGER, 2);
PIN_VALUE(FEDMSG_HUB_REAL, 3);
PIN_VALUE(FEDMSG_HUB_STRING, 4);
PIN_VALUE(FEDMSG_HUB_ARRAY, 5);
PIN_VALUE(FEDMSG_HUB_OBJECT, 6);

PIN_VALUE(FEDMSG_HUB_CANONICAL, 0);
PIN_VALUE(FEDMSG_HUB_PRETTY, 1);
PIN_VALUE(FEDMSG_HUB_PYTHON, 2);

PIN_VALUE(FEDMSG_HUB_UNCHECKED, 0);
PIN_VALUE(FEDMSG_HUB_VALID, 1);
PIN_VALUE(FEDMSG_HUB_INVALID_SIGNATURE, 2);

PIN_VALUE(FEDMSG_HUB_ACK, 0);
PIN_VALUE(FEDMSG_HUB_DROP, 1);
PIN_VALUE(FEDMSG_HUB_RETRY, 2);
PIN_VALUE(FEDMSG_HUB_LATER, 3);
PIN_VALUE(FEDMSG_HUB_FAIL, 4);

PIN_VALUE(FEDMSG_HUB_DEBUG, 0);
PIN_VALUE(FEDMSG_HUB_INFO, 1);
PIN_VALUE(FEDMSG_HUB_WARNING, 2);
PIN_VALUE(FEDMSG_HUB_ERROR, 3);

PIN_VALUE(FEDMSG_HUB_OPTION_STRING, 0);
PIN_VALUE(FEDMSG_HUB_OPTION_BOOLEAN, 1);
PIN_VALUE(FEDMSG_HUB_OPTION_INTEGER, 2);
PIN_VALUE(FEDMSG_HUB_OPTION_NUMBER, 3);
PIN_VALUE(FEDMSG_HUB_OPTION_LIST, 4);
PIN_VALUE(FEDMSG_HUB_OPTION_MAP, 5);
PIN_VALUE(FEDMSG_HUB_OPTION_ANY, 6);

PIN_VALUE(FEDMSG_HUB_OPTION_REQUIRED, 1);
PIN_VALUE(FEDMSG_HUB_OPTION_SECRET, 2);

PIN_VALUE(FEDMSG_HUB_PUBLISHES, 1);
PIN_VALUE(FEDMSG_HUB_EXECUTES, 2);
PIN_VALUE(FEDMSG_HUB_PARALLEL, 4);
PIN_VALUE(FEDMSG_HUB_RECONFIGURES, 8);

PIN_VALUE(FEDMSG_HUB_AS_CONFIGURED, 0);
PIN_VALUE(FEDMSG_HUB_YES, 1);
PIN_VALUE(FEDMSG_HUB_NO, 2);
