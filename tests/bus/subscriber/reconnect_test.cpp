// Names that lead to dead addresses, move, or cannot be resolved: with a resolver that the test changes.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "tests/bus/sockets/peers.hpp"

namespace fedmsg::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Answers with what the test has set; an empty answer is a name that is not known.
class FakeNames {
public:
    void set(std::vector<std::string> addresses) {
        const std::lock_guard lock(mutex_);
        addresses_ = std::move(addresses);
    }
    std::vector<std::string> resolve() {
        const std::lock_guard lock(mutex_);
        if (addresses_.empty()) throw std::runtime_error("no such host name is known");
        return addresses_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> addresses_;
};

class ASubscriberOfANamedHost : public testing::Test {
protected:
    Subscriber make_subscriber() {
        Subscriber::Options options;
        options.socket.reconnect_interval_ms = 10;
        options.resolver = [this](const std::string&) { return names.resolve(); };
        options.resolve_first = milliseconds(10);
        options.resolve_again = milliseconds(200);
        return {context, options};
    }
    // True once a message that the socket sends arrives.
    static bool hears(Subscriber& subscriber, zmq::socket_t& publisher) {
        return wait_for(
            [&] {
                send_frames(publisher, {"org.example.a", "{}"});
                return !receive(subscriber, 1, milliseconds(20)).empty();
            },
            seconds(20));
    }

    zmq::context_t context{1};
    FakeNames names;
};

// KF-003: the first record is dead, the second alive; later the records change and the publisher is on the new address.
TEST_F(ASubscriberOfANamedHost, KF_003_FollowsItsPublisherToOtherAddresses) {
    std::optional<BoundSocket> first(std::in_place, context, zmq::socket_type::xpub);
    const std::string port = first->port();
    names.set({"127.0.0.2", "127.0.0.1"});
    auto subscriber = make_subscriber();
    ASSERT_TRUE(subscriber.connect("tcp://bus.example:" + port));
    subscriber.set_subscriptions({""});
    ASSERT_TRUE(hears(subscriber, first->socket));
    EXPECT_TRUE(subscriber.endpoints()[0].connected);
    first.reset();
    names.set({"127.0.0.3"});
    BoundSocket second(context, zmq::socket_type::xpub, "tcp://127.0.0.3:" + port);
    EXPECT_TRUE(hears(subscriber, second.socket));
}

// KF-004 (subscriber): a name that cannot be resolved is a visible, retried condition; messages of the others arrive
// meanwhile, and the endpoint is picked up by itself once its name can be resolved.
TEST_F(ASubscriberOfANamedHost, KF_004_IsPickedUpWhenItsNameCanBeResolved) {
    BoundSocket good(context, zmq::socket_type::xpub);
    BoundSocket late(context, zmq::socket_type::xpub);
    auto subscriber = make_subscriber();
    subscriber.set_subscriptions({""});
    ASSERT_TRUE(subscriber.connect("tcp://nosuch.invalid:" + late.port()));
    ASSERT_TRUE(subscriber.connect(good.address));
    ASSERT_TRUE(hears(subscriber, good.socket));
    const auto bad = subscriber.endpoints()[0];
    EXPECT_FALSE(bad.connected);
    EXPECT_NE(bad.error.find("no such host name is known"), std::string::npos) << bad.error;
    names.set({"127.0.0.1"});
    EXPECT_TRUE(hears(subscriber, late.socket));
    EXPECT_TRUE(subscriber.endpoints()[0].connected);
    EXPECT_EQ(subscriber.endpoints()[0].error, "");
}

// A look-up that hangs holds up neither other endpoints nor, for longer than itself, the end.
TEST_F(ASubscriberOfANamedHost, IsNotHeldUpByALookUpThatHangs) {
    std::atomic<bool> release{false};
    BoundSocket good(context, zmq::socket_type::xpub);
    Subscriber::Options options;
    options.resolve_limit = milliseconds(50);
    options.resolver = [&](const std::string&) -> std::vector<std::string> {
        while (!release) std::this_thread::yield();
        throw std::runtime_error("gave up");
    };
    Subscriber subscriber(context, options);
    subscriber.set_subscriptions({""});
    ASSERT_TRUE(subscriber.connect("tcp://hangs.example:1"));
    ASSERT_TRUE(subscriber.connect(good.address));
    EXPECT_TRUE(hears(subscriber, good.socket));
    EXPECT_TRUE(wait_for([&] {
        subscriber.wait(milliseconds(10));
        return subscriber.endpoints()[0].error.find("hangs.example") != std::string::npos;
    })) << subscriber.endpoints()[0].error;
    release = true;
}

}  // namespace
}  // namespace fedmsg::test
