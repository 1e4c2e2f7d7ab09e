#include "bus/subscriber/subscriber.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "bus/publisher/publisher.hpp"
#include "tests/bus/sockets/peers.hpp"
#include "tests/support/temporary.hpp"

namespace fedmsg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using test::BoundSocket;
using test::Message;

class ASubscriber : public testing::Test {
protected:
    Subscriber::Options quick() {
        Subscriber::Options options;
        options.resolve_first = milliseconds(20);
        options.resolve_again = milliseconds(100);
        options.socket.reconnect_interval_ms = 20;
        return options;
    }

    zmq::context_t context_;
};

TEST_F(ASubscriber, ReceivesTopicAndBodyFromEachEndpoint) {
    BoundSocket first(context_, zmq::socket_type::xpub);
    BoundSocket second(context_, zmq::socket_type::xpub);
    Subscriber subscriber(context_, {});
    subscriber.set_subscriptions({""});
    ASSERT_TRUE(subscriber.connect(first.address));
    ASSERT_TRUE(subscriber.connect(second.address));
    ASSERT_TRUE(test::run_until_connected(subscriber, 0) && test::run_until_connected(subscriber, 1));
    ASSERT_TRUE(test::wait_for_subscription(first.socket) && test::wait_for_subscription(second.socket));

    test::send_frames(first.socket, {"org.example.dev.a", "{}"});
    test::send_frames(second.socket, {"org.example.dev.b", "{\"x\": 1}"});

    EXPECT_THAT(test::receive(subscriber, 2),
                testing::UnorderedElementsAre(Message{"org.example.dev.a", "{}", 0},
                                              Message{"org.example.dev.b", "{\"x\": 1}", 1}));
    const auto status = subscriber.endpoints();
    EXPECT_EQ(status[0].messages, 1u);
    EXPECT_EQ(status[1].bytes, 17u + 8u);
}

TEST_F(ASubscriber, BindsAndReceivesFromManyPublishers) {
    Subscriber subscriber(context_, {});
    subscriber.set_subscriptions({""});
    ASSERT_TRUE(subscriber.bind(test::kAnyPort));
    const auto address = subscriber.bound_addresses().at(0);
    auto one = Publisher::connect(context_, "relay_inbound", {address}, {}).value();
    auto two = Publisher::connect(context_, "relay_inbound", {address}, {}).value();
    std::thread loop([&] {
        EXPECT_TRUE(one.wait_for_subscriber("t", seconds(5)));
        EXPECT_TRUE(two.wait_for_subscriber("t", seconds(5)));
        EXPECT_TRUE(one.send("t", "1"));
        EXPECT_TRUE(two.send("t", "2"));
    });
    EXPECT_THAT(test::receive(subscriber, 2),
                testing::UnorderedElementsAre(Message{"t", "1", 0}, Message{"t", "2", 0}));
    loop.join();
    EXPECT_TRUE(subscriber.endpoints()[0].connected);
    EXPECT_TRUE(one.close());
    EXPECT_TRUE(two.close());
}

}  // namespace
}  // namespace fedmsg
