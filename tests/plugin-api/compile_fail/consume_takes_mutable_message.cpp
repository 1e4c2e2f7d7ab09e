// expect: consume must be public and read: void consume
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
