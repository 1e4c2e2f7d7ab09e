// expect: start must be public and read: void start\(\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void start(int) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
