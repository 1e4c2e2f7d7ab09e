// Runs the real fedmsg-logger against a socket that stands in for the relay's.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <mutex>
#include <thread>
#include <zmq.hpp>

#include "bus/json/document.hpp"
#include "bus/json/writer.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg {
namespace {

// libzmq's threads, or the one that awaits signals: it has read its command line and configuration.
bool has_started_threads(const test::Program& program) {
    const std::string file = fmt::format("/proc/{}/status", program.pid());
    return test::wait_for([&] { return test::read_file(file).find("Threads:\t1\n") == std::string::npos; });
}

// Listens where the relay would. Like a relay it always reads: libzmq subscribes at a new peer only when asked to read.
class StandInRelay {
public:
    StandInRelay() : socket_(context_, zmq::socket_type::sub) {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.set(zmq::sockopt::subscribe, "");
        socket_.bind("tcp://127.0.0.1:*");
        address_ = socket_.get(zmq::sockopt::last_endpoint);
        thread_ = std::thread([this] { read(); });
    }
    ~StandInRelay() {
        context_.shutdown();
        thread_.join();
    }

    const std::string& address() const { return address_; }
    // The next message, topic and body.
    std::optional<std::pair<std::string, std::string>> next(
        std::chrono::milliseconds limit = std::chrono::seconds(10)) {
        const auto is_there = [this] {
            const std::lock_guard lock(mutex_);
            return !messages_.empty();
        };
        if (!test::wait_for(is_there, limit)) return std::nullopt;
        const std::lock_guard lock(mutex_);
        auto message = std::move(messages_.front());
        messages_.pop_front();
        return message;
    }

private:
    void read() {
        try {
            for (zmq::message_t topic, body;;) {
                if (!socket_.recv(topic) || !socket_.recv(body)) continue;
                const std::lock_guard lock(mutex_);
                messages_.emplace_back(topic.to_string(), body.to_string());
            }
        } catch (const zmq::error_t&) {
            socket_.close();  // the context is shut down
        }
    }

    zmq::context_t context_;
    zmq::socket_t socket_;
    std::string address_;
    std::mutex mutex_;
    std::deque<std::pair<std::string, std::string>> messages_;
    std::thread thread_;
};

class FedmsgLogger : public ::testing::Test {
protected:
    FedmsgLogger() { configure(""); }

    void configure(const std::string& extra) { configure_relay(relay_.address(), extra); }
    void configure_relay(const std::string& address, const std::string& extra) {
        config_ = directory_.write("c.yaml", fmt::format("endpoints: {{}}\nrelay_inbound: ['{}']\n{}", address, extra));
    }
    test::Command command(std::vector<std::string> arguments) {
        test::Command command;
        command.directory = directory_.path().string();
        command.argv = {FEDMSG_LOGGER_PROGRAM, "--config", config_};
        command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
        return command;
    }
    test::Finished run(std::vector<std::string> arguments, std::string_view input = "") {
        return test::run_program(command(std::move(arguments)), input);
    }
    // The topic and the msg of the next message, "TOPIC MSG".
    std::string received() {
        const auto message = relay_.next();
        if (!message) return "nothing";
        const auto document = json::parse(message->second);
        if (!document) return "no JSON";
        EXPECT_EQ(json::text_of(*json::find(*document, "topic")), message->first);
        return message->first + " " + json::canonical(*json::find(*document, "msg"));
    }
    // After the logger has ended: what it handed over has arrived before its own "end" does.
    bool has_received_more() {
        EXPECT_EQ(run({"--message", "end", "--topic", "end", "--config", end_config()}).code, 0);
        return received().find(".end ") == std::string::npos;
    }
    std::string end_config() {
        return directory_.write("end.yaml",
                                fmt::format("sign_messages: false\nrelay_inbound: ['{}']\n", relay_.address()));
    }

    test::TemporaryDirectory directory_;
    StandInRelay relay_;
    std::string config_;
};

TEST_F(FedmsgLogger, SendsAMessageUnstrippedAndSaysNothing) {
    const auto result = run({"--message", "  disk is full "});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out + result.err, "");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"  disk is full "})");
}

TEST_F(FedmsgLogger, SendsEachLineStripped) {
    EXPECT_EQ(run({}, "  one\t\n\n\xc2\xa0last").code, 0);
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"one"})");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":""})");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"last"})");
}

TEST_F(FedmsgLogger, SendsALineAsSoonAsItIsRead) {
    test::Program logger(command({}));
    logger.write("one\n");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"one"})");
    logger.write("two\n");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"two"})");
    logger.close_input();
    EXPECT_EQ(logger.wait(), 0);
}

TEST_F(FedmsgLogger, ReadsStandardInputIfTheMessageIsEmpty) {
    EXPECT_EQ(run({"--message", ""}, "x\n").code, 0);
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"x"})");
}

TEST_F(FedmsgLogger, TakesNoDefaultForTheMessageFromTheConfiguration) {
    configure("logger_message: from the file\n");
    EXPECT_EQ(run({}, "from stdin").code, 0);
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"from stdin"})");
}

TEST_F(FedmsgLogger, BuildsTheTopicFromOptionsAndConfiguration) {
    configure("topic_prefix: ex\nenvironment: stg\nmodname: shop\ntopic: order\n");
    EXPECT_EQ(run({"--message", "x"}).code, 0);
    EXPECT_EQ(received(), R"(ex.stg.shop.order {"log":"x"})");
    EXPECT_EQ(run({"--message", "x", "--topic", "a.b", "--modname=m", "--topic-p", "org.example.team"}).code, 0);
    EXPECT_EQ(received(), R"(org.example.team.stg.m.a.b {"log":"x"})");
}

TEST_F(FedmsgLogger, SendsADocumentAsItIs) {
    EXPECT_EQ(run({"--json-input", "--message", R"({"b": 1.0, "a": [12345678901234567890123]})"}).code, 0);
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"a":[12345678901234567890123],"b":1.0})");
    EXPECT_EQ(run({"--json-input"}, "[\n1,\n2]\n").code, 0);
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log [1,2])");
    EXPECT_EQ(run({"--json-input"}, "0").code, 0);
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {})");
}

TEST_F(FedmsgLogger, PrintsMessagesInsteadOfSendingThemOnADryRun) {
    configure_relay("tcp://127.0.0.1:1", "");
    const auto result = run({"--dry-run"}, "one\ntwo\n");
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_NE(result.out.find("\"msg\":{\"log\":\"one\"}"), std::string::npos);
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2);
}

TEST_F(FedmsgLogger, FailsIfTheMessageCannotBeHandedOver) {
    configure_relay("tcp://127.0.0.1:1", "");
    const auto result = run({"--message", "x", "--post-init-sleep", "0.1", "--linger", "100"});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("--message was not handed over: the relay at tcp://127.0.0.1:"), std::string::npos)
        << result.err;
    EXPECT_NE(result.err.find("within 200 ms"), std::string::npos) << result.err;
}

TEST_F(FedmsgLogger, SaysHowManyLinesWereSentBeforeABadOne) {
    const auto result = run({}, "one\ntwo\n\xff\nfour\n");
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("line 3 is not UTF-8 and was not sent; 2 messages were sent before it"),
              std::string::npos)
        << result.err;
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"one"})");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"two"})");
    EXPECT_FALSE(has_received_more());
}

TEST_F(FedmsgLogger, RefusesALineWhoseMessageIsOverTheLimit) {
    // 5 MB of a character that takes six bytes in JSON.
    std::string line;
    for (int i = 0; i < 2'500'000; ++i) line += "\xc3\xa9";
    const auto result = run({}, line);
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("line 1 was not handed over: the message has 15"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("the limit is 8388608"), std::string::npos) << result.err;
}

TEST_F(FedmsgLogger, EndsOnSigintWithABlankLine) {
    test::Program logger(command({}));
    logger.write("one\n");
    EXPECT_EQ(received(), R"(org.fedoraproject.dev.logger.log {"log":"one"})");
    logger.signal(SIGINT);
    EXPECT_EQ(logger.wait(), 0);
    EXPECT_EQ(logger.out(), "\n");
}

TEST_F(FedmsgLogger, DoesNotClaimSuccessIfItIsInterruptedBeforeTheRelayCame) {
    configure_relay("tcp://127.0.0.1:1", "");
    test::Program logger(command({"--message", "x", "--linger", "60000"}));
    ASSERT_TRUE(has_started_threads(logger));
    logger.signal(SIGINT);
    const int code = logger.wait();
    EXPECT_EQ(code, 1) << logger.out();
    EXPECT_NE(logger.err().find("interrupted while waiting for the relay"), std::string::npos) << logger.err();
}

TEST_F(FedmsgLogger, NamesTheKeyThatSaysWhereTheRelayIs) {
    config_ = directory_.write("c.yaml", "endpoints: {}\n");
    const auto result = run({"--message", "x"});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("Could not find endpoint for fedmsg-relay. Try installing fedmsg-relay."),
              std::string::npos);
    EXPECT_NE(result.err.find("relay_inbound"), std::string::npos);
}

TEST_F(FedmsgLogger, RefusesAnAddressThatCannotBeUsed) {
    configure_relay("tcp://127.0.0.1", "");
    const auto result = run({"--message", "x"});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("tcp://127.0.0.1"), std::string::npos) << result.err;
}

TEST_F(FedmsgLogger, PrintsTheConfigurationWithoutSecretsAndDoesNothingElse) {
    configure("smtp_password: s3cret\n");
    const auto result = run({"--print-config", "--topic", "t"});
    EXPECT_EQ(result.code, 0) << result.err;
    const auto document = json::parse(result.out);
    ASSERT_TRUE(document);
    EXPECT_EQ(json::text_of(*json::find(*document, "topic")), "t");
    EXPECT_EQ(json::text_of(*json::find(*document, "modname")), "logger");
    EXPECT_EQ(json::text_of(*json::find(*document, "cert_prefix")), "shell");
    EXPECT_TRUE(json::find(*document, "logger_message")->IsNull());
    EXPECT_EQ(result.out.find("s3cret"), std::string::npos);
}

TEST_F(FedmsgLogger, PrintsTheConfigurationEvenIfEndpointsAreMissing) {
    config_ = directory_.write("c.yaml", "x: 1\n");
    EXPECT_EQ(run({"--print-config"}).code, 0);
    EXPECT_EQ(run({}).code, 1);
}

// The part of the item before signing exists: "logger fails with the path and errno text" needs a logger that looks for
// the key; this one refuses at the switch. That it "publishes nothing unsigned" holds already.
TEST_F(FedmsgLogger, KF_041_ReadingProgramsNeedNoKeyAndNothingIsPublishedUnsigned) {
    const std::string key = directory_.write("keys/shell.host.key", "secret key");
    ASSERT_EQ(::chmod(key.c_str(), 0), 0);
    configure(
        fmt::format("sign_messages: true\nssldir: {}\ncertnames: {{shell.host: shell.host}}\n"
                    "moksha.monitoring.socket: ipc://{}\n",
                    directory_ / "keys", directory_ / "no-socket"));
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
    const std::optional<uid_t> user = ::geteuid() == 0 ? std::optional<uid_t>(65534) : std::nullopt;
    const auto run_as_user = [&](std::vector<std::string> argv) {
        test::Command command;
        command.argv = std::move(argv);
        command.directory = directory_.path().string();
        command.environment["FEDMSG_CONFIG"] = config_;
        command.user = user;
        return test::run_program(command, "x\n");
    };
    const auto config = run_as_user({FEDMSG_CONFIG_PROGRAM, "--query", "sign_messages"});
    EXPECT_EQ(config.out, "true\n") << config.err;
    const auto check = run_as_user({FEDMSG_CHECK_PROGRAM, "--timeout", "0"});
    EXPECT_NE(check.err.find("Failed to receive message from the monitoring endpoint"), std::string::npos) << check.err;
    test::Command tail_command;
    tail_command.argv = {FEDMSG_TAIL_PROGRAM, "--config", config_};
    tail_command.directory = directory_.path().string();
    tail_command.user = user;
    test::Program tail(tail_command);
    ASSERT_TRUE(has_started_threads(tail)) << tail.err();
    tail.signal(SIGTERM);
    EXPECT_EQ(tail.wait(), 0) << tail.err();

    const auto logger = run_as_user({FEDMSG_LOGGER_PROGRAM});
    EXPECT_EQ(logger.code, 1);
    EXPECT_NE(logger.err.find("c.yaml:3: sign_messages is true"), std::string::npos) << logger.err;
    EXPECT_FALSE(has_received_more());
}

}  // namespace
}  // namespace fedmsg
