// expect: reconfigure must be public and read: void reconfigure\(const fedmsg_hub::Options& next\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void reconfigure() {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
