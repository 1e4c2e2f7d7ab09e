// Runs the real fedmsg-tail against a socket of the test's own.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <zmq.hpp>

#include "bus/json/document.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg {
namespace {

class FedmsgTail : public ::testing::Test {
protected:
    FedmsgTail() : publisher_(context_, zmq::socket_type::xpub) {
        publisher_.set(zmq::sockopt::linger, 0);
        publisher_.set(zmq::sockopt::rcvtimeo, 10'000);
        publisher_.bind("tcp://127.0.0.1:*");
    }

    // A started tail that is connected to the test's publisher.
    std::unique_ptr<test::Program> start(std::vector<std::string> arguments, const std::string& extra = "") {
        command_.directory = directory_.path().string();
        const std::string address = publisher_.get(zmq::sockopt::last_endpoint);
        const std::string config =
            directory_.write("tail.yaml", fmt::format("endpoints: {{a: '{}'}}\n{}", address, extra));
        command_.argv = {FEDMSG_TAIL_PROGRAM, "--config", config};
        command_.argv.insert(command_.argv.end(), arguments.begin(), arguments.end());
        auto tail = std::make_unique<test::Program>(command_);
        zmq::message_t subscription;
        EXPECT_TRUE(publisher_.recv(subscription)) << "no subscription; " << tail->err();
        return tail;
    }
    void send(std::string_view topic, std::string_view body) {
        publisher_.send(zmq::buffer(topic), zmq::send_flags::sndmore);
        publisher_.send(zmq::buffer(body));
    }

    test::TemporaryDirectory directory_;
    test::Command command_;
    zmq::context_t context_;
    zmq::socket_t publisher_;
};

TEST_F(FedmsgTail, WritesEachResultAsALogRecord) {
    const auto tail = start({});
    send("org.example.dev.a", R"({"i":1})");
    ASSERT_TRUE(tail->wait_for_out("\n")) << tail->err();
    EXPECT_EQ(tail->out().find("[2"), 0u);
    EXPECT_EQ(tail->out().substr(21), "[fedmsg.commands    INFO] {'i': 1}\n");
}

TEST_F(FedmsgTail, EndsOnSigintWithABlankLineAndExitCode0) {
    const auto tail = start({});
    tail->signal(SIGINT);
    EXPECT_EQ(tail->wait(), 0);
    EXPECT_EQ(tail->out(), "\n");
}

TEST_F(FedmsgTail, HasNothingButDataOnStandardOutputWithJson) {
    const auto tail = start({"--json"});
    send("org.example.dev.a", R"({"msg": {"b": 1, "a": [1.0, "\u00e9"]}, "i": 1})");
    ASSERT_TRUE(tail->wait_for_out("\n"));
    tail->signal(SIGINT);
    EXPECT_EQ(tail->wait(), 0);
    EXPECT_EQ(tail->out(), R"({"i":1,"msg":{"a":[1.0,"\u00e9"],"b":1}})"
                           "\n");
}

TEST_F(FedmsgTail, TellsWhereAMessageThatItCannotShowCameFromAndGoesOn) {
    const auto tail = start({"--query", "i"});
    send("org.example.dev.a\x1b", "{");
    send("org.example.dev.\xff", "{}");
    send("org.example.dev.a", "{\"a\":\"\xff\"}");
    send("org.example.dev.a", R"({"i":7})");
    ASSERT_TRUE(tail->wait_for_out("7\n")) << tail->err();
    const std::string address = publisher_.get(zmq::sockopt::last_endpoint);
    EXPECT_NE(tail->err().find("a message from " + address + " cannot be shown: topic \"org.example.dev.a\\u001b\": "),
              std::string::npos)
        << tail->err();
    EXPECT_NE(tail->err().find("its topic is not UTF-8"), std::string::npos);
    EXPECT_EQ(std::count(tail->err().begin(), tail->err().end(), '\n'), 3);
    EXPECT_EQ(std::count(tail->out().begin(), tail->out().end(), '\n'), 1);
}

TEST_F(FedmsgTail, TellsOfEndpointsInTroubleOnStandardError) {
    const auto tail = start({}, "publish_endpoint: null\n");
    const std::string config = directory_.write("gone.yaml", "endpoints: {a: 'tcp://no-such-host.invalid:1'}\n");
    command_.argv = {FEDMSG_TAIL_PROGRAM, "--config", config};
    test::Program lonely(command_);
    ASSERT_TRUE(lonely.wait_for_err("tcp://no-such-host.invalid:1: ")) << lonely.out();
    lonely.signal(SIGTERM);
    EXPECT_EQ(lonely.wait(), 0);
    EXPECT_EQ(lonely.out(), "\n");
}

TEST_F(FedmsgTail, SaysThatItCannotWrite) {
    const auto tail = start({"--json"});
    tail->close_output();
    const bool ended = test::wait_for([&] {
        send("org.example.dev.a", R"({"i":1})");
        return tail->wait(std::chrono::milliseconds(1)) != -1;
    });
    ASSERT_TRUE(ended);
    EXPECT_EQ(tail->wait(), 128 + SIGPIPE);  // as any program in a pipe whose reader has left
}

TEST_F(FedmsgTail, RefusesToValidateBeforeItCan) {
    command_.directory = directory_.path().string();
    const std::string config = directory_.write("tail.yaml", "endpoints: {}\nvalidate_signatures: true\n");
    command_.argv = {FEDMSG_TAIL_PROGRAM, "--config", config};
    const auto refused = test::run_program(command_);
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.err.find("tail.yaml:2: validate_signatures is on"), std::string::npos) << refused.err;
    command_.argv.push_back("--validate");
    EXPECT_NE(test::run_program(command_).err.find("command line: validate_signatures is on"), std::string::npos);
    const auto tail = start({"--no-validate"}, "validate_signatures: true\n");
    send("org.example.dev.a", R"({"i":1})");
    EXPECT_TRUE(tail->wait_for_out("{'i': 1}")) << tail->err();
}

TEST_F(FedmsgTail, RefusesABadExpressionBeforeItConnects) {
    command_.directory = directory_.path().string();
    command_.argv = {FEDMSG_TAIL_PROGRAM, "--config", directory_.write("tail.yaml", "endpoints: {}\n"), "--exclude",
                     "a("};
    const auto refused = test::run_program(command_);
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.err.find("error: --exclude: regular expression \"a(\""), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace fedmsg
