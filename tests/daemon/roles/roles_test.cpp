// What relay and gateway send, seen by a raw SUB socket.
#include <gtest/gtest.h>

#include "daemon/gate/message_pool.hpp"
#include "daemon/roles/gateway.hpp"
#include "daemon/roles/relay.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg::hub {
namespace {

// Counts and remembers; the rest is not used by the roles.
class FakeHost final : public HostServices {
public:
    void log(log::Level, std::string_view line) override { lines.emplace_back(line); }
    bool counter_add(std::string_view name, std::uint64_t delta) override {
        counters[std::string(name)] += delta;
        return true;
    }
    bool gauge_set(std::string_view, double) override { return true; }
    Status publish(std::string_view, std::string_view, std::string_view) override { return failure("unused"); }
    Result<std::string> directory() override { return failure("unused"); }
    void schedule(std::chrono::milliseconds, std::uint64_t) override {}
    bool cancel(std::uint64_t) override { return false; }
    Status finish(std::uint64_t, Outcome) override { return failure("unused"); }
    bool stop_requested() const override { return false; }
    std::int64_t now_ns() const override { return 0; }
    Result<std::optional<std::string>> state_get(std::string_view) override { return failure("unused"); }
    Status state_put(std::string_view, std::string_view) override { return failure("unused"); }
    Result<bool> state_delete(std::string_view) override { return failure("unused"); }
    Status state_keys(std::string_view, const std::function<void(std::string_view)>&) override {
        return failure("unused");
    }
    Status state_sync() override { return failure("unused"); }

    std::vector<std::string> lines;
    std::map<std::string, std::uint64_t> counters;
};

class AForwardingRole : public testing::Test {
protected:
    AForwardingRole() {
        auto bound = RelayConsumer::bind(context, {"tcp://127.0.0.1:*"}, SocketOptions{});
        if (!bound) throw std::runtime_error(bound.error().text);
        publisher.emplace(std::move(*bound));
        reader.set(zmq::sockopt::subscribe, "");
        reader.set(zmq::sockopt::rcvtimeo, 10000);
        reader.set(zmq::sockopt::linger, 0);
        reader.connect(publisher->bound_addresses().front());
        if (auto ready = publisher->wait_for_subscriber("", std::chrono::seconds(10)); !ready)
            throw std::runtime_error(ready.error().text);
    }
    // Topic and body as the reader got them.
    std::pair<std::string, std::string> forward(Consumer& consumer, std::string_view topic, std::string_view body) {
        const auto message = pool.make(topic, body, "e", {});
        const Delivery delivery{message.get(), 1, 1};
        Outcome outcome;
        consumer.consume({&delivery, 1}, {&outcome, 1});
        EXPECT_EQ(outcome.kind, Outcome::Kind::ack);
        zmq::message_t first, second;
        EXPECT_TRUE(reader.recv(first).has_value());
        EXPECT_TRUE(first.more());
        EXPECT_TRUE(reader.recv(second).has_value());
        EXPECT_FALSE(second.more());
        return {first.to_string(), second.to_string()};
    }

    zmq::context_t context{1};
    MessagePool pool;
    FakeHost host;
    std::optional<Publisher> publisher;
    zmq::socket_t reader{context, zmq::socket_type::sub};
};

TEST_F(AForwardingRole, TheRelayWritesBodiesAnewInRelayedForm) {
    RelayConsumer relay(std::move(*publisher), host);
    const auto [topic, body] =
        forward(relay, "org.example.dev.a", R"({"topic":"org.example.dev.a","b":1,"a":1E5,"b":2,"s":"\u00e9é"})");
    EXPECT_EQ(topic, "org.example.dev.a");
    EXPECT_EQ(body, R"({"topic": "org.example.dev.a", "b": 2, "a": 100000.0, "s": "\u00e9\u00e9"})");
    EXPECT_EQ(host.counters["sent"], 1U);
}

TEST_F(AForwardingRole, TheRelayWrapsWhatIsNoMessage) {
    RelayConsumer relay(std::move(*publisher), host);
    EXPECT_EQ(forward(relay, "t.x", "not json").second, R"({"topic": "t.x", "msg": "not json"})");
    EXPECT_EQ(forward(relay, "t.x", "[1]").second, R"({"topic": "t.x", "msg": [1]})");
    EXPECT_EQ(forward(relay, "t.x", R"({"a":1})").second, R"({"topic": "t.x", "msg": {"a": 1}})");
}

TEST_F(AForwardingRole, TheGatewayPassesBytesOnUnchanged) {
    GatewayConsumer gateway(std::move(*publisher), host);
    const std::string body = "{ \"topic\":\"t\", \"x\":1E5,\n\"x\":1.10 }";
    const auto [topic, passed] = forward(gateway, "org.example.dev.a", body);
    EXPECT_EQ(topic, "org.example.dev.a");
    EXPECT_EQ(passed, body);
}

TEST(ARelaysOutlet, TakesTheFirstAddressThatIsFree) {
    zmq::context_t context(1);
    auto first = RelayConsumer::bind(context, {"tcp://127.0.0.1:*"}, SocketOptions{});
    ASSERT_TRUE(first);
    const auto taken = first->bound_addresses().front();
    auto second = RelayConsumer::bind(context, {taken, "tcp://localhost:0"}, SocketOptions{});
    ASSERT_TRUE(second) << second.error().text;
    auto third = RelayConsumer::bind(context, {taken}, SocketOptions{});
    ASSERT_FALSE(third);
    EXPECT_NE(third.error().text.find("Failed to bind to any outbound endpoints"), std::string::npos);
    EXPECT_NE(third.error().text.find(taken), std::string::npos);
}

}  // namespace
}  // namespace fedmsg::hub
