// expect: needs a public constructor without arguments
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    explicit MyConsumer(int) {}
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
