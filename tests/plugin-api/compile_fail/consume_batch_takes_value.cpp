// expect: consume_batch must be public and read: void consume_batch\(fedmsg_hub::Batch& batch\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume_batch(int) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
