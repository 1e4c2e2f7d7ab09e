// expect: log\(\) takes texts, numbers, booleans, Values, Json and exceptions
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) { log().info(this); }
};

FEDMSG_HUB_CONSUMER(MyConsumer)
