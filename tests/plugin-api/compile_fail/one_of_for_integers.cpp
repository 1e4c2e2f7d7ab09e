// expect: one_of is for text options
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() {
        return Description("my-consumer").topics({"*"}).option(Option::integer("a.b", "").one_of({"1"}));
    }
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
