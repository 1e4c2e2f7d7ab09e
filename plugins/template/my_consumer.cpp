#include <fedmsg_hub/plugin.hpp>

class MyConsumer : public fedmsg_hub::Consumer {
public:
    static auto describe() { return fedmsg_hub::Description("my-consumer").topics({"*.git.receive"}); }
    void consume(const fedmsg_hub::Message& message) {
        log().info(message.msg()["commit"]["name"].text_or("somebody"), " pushed to git");
    }
};
FEDMSG_HUB_CONSUMER(MyConsumer)
