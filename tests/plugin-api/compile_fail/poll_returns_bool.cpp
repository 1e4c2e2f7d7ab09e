// expect: poll must be public and read: void poll\(\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Producer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    bool poll() { return true; }
};

FEDMSG_HUB_CONSUMER(MyConsumer)
