// expect: return fedmsg_hub::Outcome in place of void
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    int consume(const Message&) { return 0; }
};

FEDMSG_HUB_CONSUMER(MyConsumer)
