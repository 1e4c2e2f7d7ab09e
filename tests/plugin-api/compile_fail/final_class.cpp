// expect: must not be final
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer final : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
