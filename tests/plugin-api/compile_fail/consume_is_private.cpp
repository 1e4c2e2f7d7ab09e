// expect: consume must be public
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

class MyConsumer : public Consumer {
public:
    static Description describe() { return Description("my-consumer").topics({"*"}); }

private:
    void consume(const Message&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
