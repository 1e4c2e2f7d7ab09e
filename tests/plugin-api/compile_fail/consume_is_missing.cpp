// expect: the class does nothing: give it a public function void consume
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
};

FEDMSG_HUB_CONSUMER(MyConsumer)
