// expect: pure virtual functions
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    virtual void other() = 0;
};

FEDMSG_HUB_CONSUMER(MyConsumer)
