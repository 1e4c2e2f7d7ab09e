#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <chrono>
#include <string>

namespace {

using fedmsg_hub::Consumer;
using fedmsg_hub::Description;
using fedmsg_hub::Message;
using fedmsg_hub::Option;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Refused;

std::string history;

struct Recorder : Consumer {
    static Description describe() {
        return Description("recorder").topics({"*"}).option(Option::text("recorder.fail", "").defaults_to(""));
    }
    Recorder() { history += "create " + std::string(options().text("recorder.fail")) + ";"; }
    ~Recorder() { history += "destroy;"; }
    void start() {
        history += "start;";
        if (options().text("recorder.fail") == "start") throw std::runtime_error("the port is taken");
    }
    void stop() { history += stop_requested() ? "stop;" : "stop unasked;"; }
    void consume(const Message&) { history += "consume;"; }
};

class AConsumer : public testing::Test {
protected:
    AConsumer() { history.clear(); }
};

TEST_F(AConsumer, LivesFromCreateToDestroy) {
    {
        FakeHost<Recorder> host;
        host.deliver("a", "1");
    }
    EXPECT_EQ(history, "create ;start;consume;stop;destroy;");
}

TEST_F(AConsumer, MayBeStartedAgain) {
    {
        FakeHost<Recorder> host;
        host.stop();
        host.start();
        host.deliver("a", "1");
    }
    EXPECT_EQ(history, "create ;start;stop;start;consume;stop;destroy;");
}

TEST_F(AConsumer, IsNotStoppedIfItCouldNotStart) {
    EXPECT_THROW(FakeHost<Recorder>(R"({"recorder.fail": "start"})"), Refused);
    EXPECT_EQ(history, "create start;start;destroy;");
}

TEST_F(AConsumer, CannotBeMadeWithoutAHub) {
    struct Lonely : Consumer {
        void consume(const Message&) {}
    };
    try {
        Lonely lonely;
        FAIL() << "it was made";
    } catch (const std::logic_error& error) {
        EXPECT_NE(std::string(error.what()).find("FakeHost<MyConsumer>"), std::string::npos);
    }
}

TEST_F(AConsumer, LeavesNothingBehindForTheNextAfterAFailedConstructor) {
    struct Failing : Consumer {
        static Description describe() { return Description("failing").topics({"*"}); }
        Failing() { throw std::runtime_error("no"); }
        void consume(const Message&) {}
    };
    struct Lonely : Consumer {
        void consume(const Message&) {}
    };
    EXPECT_THROW(FakeHost<Failing>(), Refused);
    EXPECT_THROW(Lonely(), std::logic_error);
}

// KF-020. The consumer cannot ask the hub to stop, so "a consumer that asks the hub to stop from inside its callback",
// "exit 0" and the two SIGTERMs are the hub's tests. Asserted: stop may be called from inside a callback and twice
// over, and the author's stop runs once, without recursion or deadlock.
TEST(KnownFailures, KF_020_StopFromACallbackAndTwiceIsOneStop) {
    static int stops = 0;
    struct Stopper : Consumer {
        static Description describe() { return Description("stopper").topics({"*"}); }
        void consume(const Message&) {
            if (stop_hub != nullptr) stop_hub();
        }
        void stop() {
            ++stops;
            if (stop_hub != nullptr) stop_hub();
        }
        void (*stop_hub)() = nullptr;
    };
    static FakeHost<Stopper>* running = nullptr;
    {
        FakeHost<Stopper> host;
        running = &host;
        host.consumer().stop_hub = [] { running->stop(); };
        EXPECT_TRUE(host.deliver("a", "1").is_acked());
        host.stop();
        host.stop();
    }
    EXPECT_EQ(stops, 1);
}

}  // namespace
