// expect: command must be public and read: int command
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void command(const std::vector<std::string>&, std::ostream&, std::ostream&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
