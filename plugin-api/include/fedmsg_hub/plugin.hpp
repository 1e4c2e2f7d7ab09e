// The C++ side of a fedmsg-hub plugin: derive from fedmsg_hub::Consumer, end with one macro. Header-only, C++17, needs
// only the C++ library. docs/plugin-guide.md is the tour; sdk/consumer.hpp lists what a class may have.
//
//     #include <fedmsg_hub/plugin.hpp>
//
//     class MyConsumer : public fedmsg_hub::Consumer {
//     public:
//         static auto describe() { return fedmsg_hub::Description("my-consumer").topics({"org.*.git.receive"}); }
//         void consume(const fedmsg_hub::Message& message) { log().info(message.msg()["commit"]["name"]); }
//     };
//     FEDMSG_HUB_CONSUMER(MyConsumer)
//
// The C interface below it is plugin_abi.h. Nothing of C++ crosses it: no type, no exception, no allocation.
#ifndef FEDMSG_HUB_PLUGIN_HPP
#define FEDMSG_HUB_PLUGIN_HPP

#if !defined(__cplusplus) || __cplusplus < 201703L
#error "fedmsg_hub/plugin.hpp needs C++17: compile with -std=c++17 or later"
#endif

#include "plugin_abi.h"
#include "sdk/consumer.hpp"
#include "sdk/description.hpp"
#include "sdk/json.hpp"
#include "sdk/message.hpp"
#include "sdk/options.hpp"
#include "sdk/outcome.hpp"
#include "sdk/registrar.hpp"
#include "sdk/value.hpp"

// Set by fedmsg_hub_add_plugin; a build of your own may define them, too.
#ifndef FEDMSG_HUB_PLUGIN_VERSION
#define FEDMSG_HUB_PLUGIN_VERSION "0"
#endif
#ifndef FEDMSG_HUB_PLUGIN_BUILD_ID
#define FEDMSG_HUB_PLUGIN_BUILD_ID ""
#endif

// Defines the one symbol that a plugin exports. DESCRIBE is a constant of type int32_t (*)(json, configuration, sink).
#define FEDMSG_HUB_DETAIL_TEXT(LITERAL) \
    { LITERAL, sizeof(LITERAL) - 1 }
#define FEDMSG_HUB_DETAIL_ENTRY(NAME, DESCRIBE)                                                            \
    extern "C" __attribute__((visibility("default"))) const fedmsg_hub_plugin* fedmsg_hub_plugin_v1(void); \
    extern "C" const fedmsg_hub_plugin* fedmsg_hub_plugin_v1(void) {                                       \
        static constexpr fedmsg_hub_plugin kPlugin = {sizeof(fedmsg_hub_plugin),                           \
                                                      FEDMSG_HUB_ABI_MAJOR,                                \
                                                      FEDMSG_HUB_ABI_MINOR,                                \
                                                      0,                                                   \
                                                      FEDMSG_HUB_DETAIL_TEXT(NAME),                        \
                                                      FEDMSG_HUB_DETAIL_TEXT(FEDMSG_HUB_PLUGIN_VERSION),   \
                                                      FEDMSG_HUB_DETAIL_TEXT(FEDMSG_HUB_PLUGIN_BUILD_ID),  \
                                                      DESCRIBE};                                           \
        return &kPlugin;                                                                                   \
    }

#ifdef FEDMSG_HUB_PLUGIN_NAME
#define FEDMSG_HUB_DETAIL_NAME_OR(OTHER) FEDMSG_HUB_PLUGIN_NAME
#else
#define FEDMSG_HUB_DETAIL_NAME_OR(OTHER) OTHER
#endif

// A plugin with one consumer or producer: FEDMSG_HUB_CONSUMER(MyConsumer)
#define FEDMSG_HUB_CONSUMER(CLASS)                             \
    FEDMSG_HUB_DETAIL_ENTRY(FEDMSG_HUB_DETAIL_NAME_OR(#CLASS), \
                            (&::fedmsg_hub::detail::describe<&::fedmsg_hub::detail::describe_one<CLASS>>))

// A plugin with several, decided when it is loaded:
//     void describe_all(fedmsg_hub::Registrar& registrar) { registrar.add<First>(); registrar.add<Second>(); }
//     FEDMSG_HUB_PLUGIN(describe_all)
#define FEDMSG_HUB_PLUGIN(FUNCTION) \
    FEDMSG_HUB_DETAIL_ENTRY(FEDMSG_HUB_DETAIL_NAME_OR(#FUNCTION), (&::fedmsg_hub::detail::describe<&FUNCTION>))

#endif
