// expect: both consume and consume_batch: keep one
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void consume_batch(Batch&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
