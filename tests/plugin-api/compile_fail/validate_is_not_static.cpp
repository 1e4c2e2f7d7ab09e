// expect: validate must be public and read: static void validate\(const fedmsg_hub::Options& options
#include <fedmsg_hub/plugin.hpp>

using namespace fedmsg_hub;

struct MyConsumer : Consumer {
    static Description describe() { return Description("my-consumer").topics({"*"}); }
    void consume(const Message&) {}
    void validate(const Options&, Problems&) {}
};

FEDMSG_HUB_CONSUMER(MyConsumer)
