#include "bus/publisher/publisher.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/wait.hpp"

namespace fedmsg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::wait_for;

const std::string kAnyPort = "tcp://127.0.0.1:*";

class APublisher : public testing::Test {
protected:
    zmq::socket_t subscriber(const std::string& prefix = "") {
        zmq::socket_t socket(context, zmq::socket_type::sub);
        socket.set(zmq::sockopt::linger, 0);
        socket.set(zmq::sockopt::rcvtimeo, 10000);
        socket.set(zmq::sockopt::subscribe, prefix);
        return socket;
    }
    static std::vector<std::string> receive(zmq::socket_t& socket) {
        std::vector<std::string> frames;
        zmq::message_t frame;
        do {
            if (!socket.recv(frame)) return {"nothing came"};
            frames.push_back(frame.to_string());
        } while (frame.more());
        return frames;
    }

    zmq::context_t context{1};
};

TEST_F(APublisher, SendsTwoFrames) {
    auto publisher = Publisher::bind_all(context, {kAnyPort}, {}).value();
    auto reader = subscriber();
    reader.connect(publisher.bound_addresses().front());
    ASSERT_TRUE(publisher.wait_for_subscriber("org.example.a", seconds(10)));
    ASSERT_TRUE(publisher.send("org.example.a", "{}"));
    EXPECT_EQ(receive(reader), (std::vector<std::string>{"org.example.a", "{}"}));
    ASSERT_TRUE(publisher.send_frame("one"));
    EXPECT_EQ(receive(reader), (std::vector<std::string>{"one"}));
}

TEST_F(APublisher, WaitsForASubscriberThatWantsTheTopic) {
    auto publisher = Publisher::bind_all(context, {kAnyPort}, {}).value();
    auto reader = subscriber("org.other");
    reader.connect(publisher.bound_addresses().front());
    ASSERT_TRUE(publisher.wait_for_subscriber("org.other.x", seconds(10)));
    const auto status = publisher.wait_for_subscriber("org.example", milliseconds(50));
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("org.example"), std::string::npos);
}

TEST_F(APublisher, ReportsAMessageThatNobodyWantsIfItIsToldTo) {
    auto publisher = Publisher::bind_all(context, {kAnyPort}, {}).value();
    EXPECT_TRUE(publisher.send("a", "{}"));
    publisher.require_subscriber(true);
    EXPECT_FALSE(publisher.send("a", "{}"));
}

TEST_F(APublisher, BindsTheFirstPortThatIsFreeWhateverTheHostPart) {
    auto first = Publisher::bind_all(context, {"tcp://*:*"}, {}).value();
    const auto address = first.bound_addresses().front();
    const auto taken = "tcp://10.255.255.1" + address.substr(address.rfind(':'));
    auto second = Publisher::bind_first_free(context, "svc.host", {taken, "tcp://somewhere.example:*"}, {});
    ASSERT_TRUE(second) << second.error().text;
    const auto third = Publisher::bind_first_free(context, "svc.host", {taken}, {});
    ASSERT_FALSE(third);
    EXPECT_NE(third.error().text.find("svc.host"), std::string::npos);
    EXPECT_NE(third.error().text.find(taken), std::string::npos);
    EXPECT_NE(third.error().text.find("in use"), std::string::npos) << third.error().text;
}

TEST_F(APublisher, NeedsAnAddress) {
    EXPECT_FALSE(Publisher::bind_first_free(context, "svc.host", {}, {}));
    EXPECT_FALSE(Publisher::connect(context, "relay_inbound", {}, {}));
    EXPECT_FALSE(Publisher::bind_all(context, {"nonsense"}, {}));
}

// A subscriber that stops reading is dropped from; the others get everything.
TEST_F(APublisher, KF_002_ASlowSubscriberCostsOnlyItself) {
    SocketOptions options;
    options.send_high_water_mark = 100;
    auto publisher = Publisher::bind_all(context, {kAnyPort}, options).value();
    auto reader = subscriber();
    auto stuck = subscriber();
    stuck.set(zmq::sockopt::rcvhwm, 1);
    stuck.set(zmq::sockopt::rcvbuf, 4096);
    reader.set(zmq::sockopt::rcvhwm, 0);
    for (auto* socket : {&reader, &stuck}) {
        socket->connect(publisher.bound_addresses().front());
        socket->set(zmq::sockopt::rcvtimeo, 20);
        ASSERT_TRUE(wait_for([&] {
            (void)publisher.send("warm", "{}");
            zmq::message_t frame;
            return socket->recv(frame).has_value();
        }));
    }
    (void)publisher.send("warm", "last");
    reader.set(zmq::sockopt::rcvtimeo, 10000);
    while (receive(reader).back() != "last") {
    }
    const std::string body(10000, 'x');
    for (int i = 0; i < 3000; ++i) {
        ASSERT_TRUE(publisher.send(std::to_string(i), body));
        ASSERT_EQ(receive(reader).front(), std::to_string(i));
    }
    EXPECT_GT(publisher.drop_episodes(), 0U);
    EXPECT_GT(publisher.dropped_messages(), 0U);
    EXPECT_TRUE(publisher.take_drop_warning());
    EXPECT_FALSE(publisher.take_drop_warning());  // once, not per message
}

TEST_F(APublisher, ThatConnectsHandsOverBeforeItCloses) {
    auto relay = subscriber();
    relay.bind(kAnyPort);
    const std::string address = relay.get(zmq::sockopt::last_endpoint);
    std::atomic<bool> stop{false};
    std::atomic<int> count{0};
    std::thread reading([&] {
        relay.set(zmq::sockopt::rcvtimeo, 20);
        zmq::message_t frame;
        while (!stop)
            if (relay.recv(frame) && !frame.more()) ++count;
    });
    for (int i = 0; i < 10; ++i) {
        auto publisher = Publisher::connect(context, "relay_inbound", {address}, {}).value();
        ASSERT_TRUE(publisher.wait_for_subscriber("a", seconds(10)));
        ASSERT_TRUE(publisher.send("a", "{}"));
        ASSERT_TRUE(publisher.close());
    }
    EXPECT_TRUE(wait_for([&] { return count == 10; }));
    stop = true;
    reading.join();
}

TEST_F(APublisher, ThatConnectsToNobodySaysSoWithinItsTime) {
    zmq::socket_t placeholder(context, zmq::socket_type::rep);
    placeholder.bind(kAnyPort);
    const std::string address = placeholder.get(zmq::sockopt::last_endpoint);
    placeholder.close();
    auto publisher = Publisher::connect(context, "relay_inbound", {address}, {}).value();
    const auto start = std::chrono::steady_clock::now();
    const auto status = publisher.wait_for_subscriber("a", milliseconds(100));
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find(address), std::string::npos) << status.error().text;
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(5));
}

}  // namespace
}  // namespace fedmsg
