// expect: explain must be public and read: void explain
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    std::string explain(const Message&) { return {}; }
};

FEDMSG_HUB_CONSUMER(MyConsumer)
