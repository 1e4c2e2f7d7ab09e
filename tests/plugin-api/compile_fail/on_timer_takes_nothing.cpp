// expect: on_timer must be public and read: void on_timer\(std::uint64_t id\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void on_timer() {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
