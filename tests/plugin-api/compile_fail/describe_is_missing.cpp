// expect: needs a public function: static fedmsg_hub::Description describe
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
