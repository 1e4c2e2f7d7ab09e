// expect: stop must be public and read: void stop\(\)
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

class MyConsumer : public Consumer {
public:
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}

private:
    void stop() {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
