// expect: a producer needs a public function: void poll\(\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Producer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
