// expect: on_gap must be public and read: void on_gap\(const fedmsg_hub::Gap& gap\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void on_gap(int, int) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
