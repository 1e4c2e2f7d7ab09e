// expect: consume must be public and read: void consume\(const fedmsg_hub::Message& message\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const std::string&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
