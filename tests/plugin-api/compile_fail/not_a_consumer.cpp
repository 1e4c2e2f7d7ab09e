// expect: must derive publicly from fedmsg_hub::Consumer
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
