// Runs the real fedmsg-config.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "bus/json/document.hpp"
#include "bus/json/writer.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/vectors.hpp"

namespace fedmsg {
namespace {

class FedmsgConfig : public ::testing::Test {
protected:
    // With the files written so far in `conf`, and nothing else.
    test::Finished run(std::vector<std::string> arguments, std::optional<uid_t> user = {}) {
        arguments.insert(arguments.begin(), {FEDMSG_CONFIG_PROGRAM, "--config", directory_ / "conf"});
        return run_bare(std::move(arguments), user);
    }
    test::Finished run_bare(std::vector<std::string> argv, std::optional<uid_t> user = {}) {
        test::Command command;
        command.argv = std::move(argv);
        command.directory = directory_.path().string();
        command.user = user;
        return test::run_program(command);
    }
    void file(const std::string& name, std::string_view content) { directory_.write("conf/" + name, content); }

    test::TemporaryDirectory directory_;
};

TEST_F(FedmsgConfig, PrintsTheWholeConfigurationAsPrettyJson) {
    file("a.yaml", "endpoints: {a: tcp://127.0.0.1:1}\nmine: {x: 1}\n");
    const auto result = run({});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out.find("{\n  \"endpoints\": {\n    \"a\": [\n      \"tcp://127.0.0.1:1\"\n    ]\n  },\n"), 0u);
    EXPECT_TRUE(result.out.ends_with("}\n"));
    const auto document = json::parse(result.out);
    ASSERT_TRUE(document);
    EXPECT_EQ(json::text_of(*json::find(*document, "topic_prefix")), "org.fedoraproject");
    EXPECT_EQ(json::text_of(*json::find(*document, "environment")), "dev");
    for (const char* key : {"zmq_linger", "post_init_sleep"}) EXPECT_NE(json::find(*document, key), nullptr) << key;
}

TEST_F(FedmsgConfig, AnswersTheExampleOfTheManual) {
    file("a.yaml", "endpoints: {relay_outbound: tcp://127.0.0.1:4001}\n");
    EXPECT_EQ(run({"--query", "endpoints.relay_outbound"}).out, "tcp://127.0.0.1:4001\n");
}

TEST_F(FedmsgConfig, FindsAFlatKeyWithDots) {
    file("a.yaml", "endpoints: {}\nmoksha.monitoring.socket: ipc:///tmp/x\n");
    EXPECT_EQ(run({"--query=moksha.monitoring.socket"}).out, "ipc:///tmp/x\n");
}

TEST_F(FedmsgConfig, SaysWhatDoesNotExist) {
    file("a.yaml", "endpoints: {}\n");
    const auto result = run({"--query", "a.b.c"});
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "Key `a.b.c` does not exist in config\n");
}

TEST_F(FedmsgConfig, LeavesTheDefaultsOutIfAskedTo) {
    file("a.yaml", "who: single\n");
    const auto result = run({"--disable-defaults"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out, "{\n  \"who\": \"single\"\n}\n");
}

TEST_F(FedmsgConfig, RefusesAConfigurationWithoutEndpoints) {
    file("a.yaml", "who: single\n");
    const auto result = run({});
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.err, std::string(FEDMSG_CONFIG_PROGRAM) + ": error: No config value 'endpoints' found.\n");
}

TEST_F(FedmsgConfig, TakesAbbreviatedOptions) {
    file("a.yaml", "endpoints: {}\nx: 1\n");
    EXPECT_EQ(run({"--q", "x"}).out, "1\n");
    EXPECT_EQ(run({"--query", "y", "--query", "x"}).out, "1\n");
}

TEST_F(FedmsgConfig, RefusesUnknownOptionsWithUsage) {
    const auto result = run_bare({FEDMSG_CONFIG_PROGRAM, "--nope"});
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.err.find("usage: "), 0u);
    EXPECT_TRUE(result.err.ends_with(": error: unrecognized arguments: --nope\n")) << result.err;
    EXPECT_EQ(result.out, "");
}

TEST_F(FedmsgConfig, ReportsAllProblemsOfAllFilesAtOnce) {
    file("a.yaml", "endpoints: {}\nio_threads: many\n");
    file("b.yaml", "zmq_linger: soon\n");
    const auto result = run({});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("a.yaml:2"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("b.yaml:1"), std::string::npos) << result.err;
}

TEST_F(FedmsgConfig, ShowsTheOriginOfEachValue) {
    file("a.yaml", "endpoints:\n  a: tcp://127.0.0.1:1\n  b: tcp://127.0.0.1:2\n");
    file("b.yaml", "\nendpoints: {b: tcp://127.0.0.1:3}\n");
    const auto result = run({"--origin", "--query", "endpoints"});
    EXPECT_EQ(result.out, directory_ / "conf/a.yaml:2: endpoints.a = [\"tcp://127.0.0.1:1\"]\n" +
                              (directory_ / "conf/b.yaml:2: endpoints.b = [\"tcp://127.0.0.1:3\"]\n"));
    EXPECT_NE(run({"--origin"}).out.find("built-in default: environment = \"dev\"\n"), std::string::npos);
}

TEST_F(FedmsgConfig, SeesWhatAnInstanceSees) {
    file("a.yaml", "endpoints: {}\nx: shared\n");
    file("gateway@dmz.d/b.yaml", "x: own\n");
    EXPECT_EQ(run({"--query", "x"}).out, "shared\n");
    EXPECT_EQ(run({"--query", "x", "--id", "gateway@dmz"}).out, "own\n");
}

TEST_F(FedmsgConfig, WarnsOfAKeyThatLooksMisspelt) {
    file("a.yaml", "endpoints: {}\ntopic_prefx: x\n");
    const auto result = run({"--query", "environment"});
    EXPECT_EQ(result.out, "dev\n");
    EXPECT_NE(result.err.find("a.yaml:2"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("topic_prefix"), std::string::npos) << result.err;
}

// "No hit in logs, core-safe status, process list or irc" is asserted where those exist: this program writes neither.
TEST(KnownFailures, KF_119_SecretsAreMaskedUnlessAskedFor) {
    test::TemporaryDirectory directory;
    test::Command command;
    command.directory = directory.path().string();
    const std::string conf = directory.write("c.yaml",
                                             "endpoints: {}\n"
                                             "broker: amqps://u:s3cret@host/v\n"
                                             "smtp: {password: s3cret}\n"
                                             "db_password: s3cret\n"
                                             "deep: [{api_key: s3cret}]\n");
    const auto run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {FEDMSG_CONFIG_PROGRAM, "--config", conf});
        command.argv = std::move(arguments);
        const auto result = test::run_program(command);
        return result.out + result.err;
    };
    for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                       {"--query", "broker"},
                                                                       {"--query", "smtp"},
                                                                       {"--query", "smtp.password"},
                                                                       {"--query", "db_password"},
                                                                       {"--query", "deep"},
                                                                       {"--origin"},
                                                                       {"--help"},
                                                                       {"--disable-defaults"}})
        EXPECT_EQ(run(arguments).find("s3cret"), std::string::npos) << run(arguments);
    EXPECT_NE(run({}).find("amqps://u:********@host/v"), std::string::npos);
    EXPECT_EQ(run({"--query", "db_password", "--show-secrets"}), "s3cret\n");
    EXPECT_NE(run({"--show-secrets"}).find("amqps://u:s3cret@host/v"), std::string::npos);
    EXPECT_NE(run({"--show-secrets", "--origin"}).find("smtp.password = \"s3cret\""), std::string::npos);
}

TEST(KnownFailures, KF_028_FilesMergeAndTheToolSaysWhereEachValueCameFrom) {
    test::TemporaryDirectory directory;
    const std::string one = directory.write("conf/1.yaml",
                                            "endpoints:\n"
                                            "  a: tcp://127.0.0.1:1\n"
                                            "  b: [tcp://127.0.0.1:2, tcp://127.0.0.1:9]\n"
                                            "routing_policy:\n"
                                            "  org.example.dev.git: [one, two]\n");
    const std::string two = directory.write("conf/2.yaml", "endpoints: {c: tcp://127.0.0.1:3, b: tcp://127.0.0.1:4}\n");
    test::Command command;
    command.directory = directory.path().string();
    command.argv = {FEDMSG_CONFIG_PROGRAM, "--config", directory / "conf", "--origin", "--disable-defaults"};
    EXPECT_EQ(test::run_program(command).out, one + ":2: endpoints.a = [\"tcp://127.0.0.1:1\"]\n" +      //
                                                  two + ":1: endpoints.b = [\"tcp://127.0.0.1:4\"]\n" +  //
                                                  two + ":1: endpoints.c = [\"tcp://127.0.0.1:3\"]\n" +  //
                                                  one +
                                                  ":5: routing_policy.org.example.dev.git = [\"one\", \"two\"]\n");
}

// Vectors (config-queries) --------------------------------------------------------------------------------------------

bool same_json(const std::string& a, const std::string& b) {
    const auto left = json::parse(a);
    const auto right = json::parse(b);
    return left && right && json::canonical(*left) == json::canonical(*right);
}

// A tuple is the one thing of the vectors' input that YAML cannot say: config.md 4 has it become a list, which is
// printed as one.
std::string expected_output(const json::Value& vector, std::string_view key) {
    if (key == "tu") return "1\n2\n";
    return std::string(json::text_of(*json::find(vector, "stdout")));
}

bool passes(const json::Value& vector, const test::Finished& result) {
    const json::Value& arguments = *json::find(vector, "args");
    const std::string key(json::text_of(arguments[arguments.Size() - 1]));
    const std::string wanted = expected_output(vector, key);
    const json::Value* last_line = json::find(vector, "stderr_last_line");
    const std::string complaint(last_line == nullptr ? "" : json::text_of(*last_line));
    if (result.code != json::find(vector, "exit")->GetInt()) return false;
    if (complaint.starts_with("Key `") && result.err != complaint + "\n") return false;
    if (complaint.starts_with("KeyError") && result.err != "Key `" + key + "` does not exist in config\n") return false;
    return result.out == wanted || (wanted.starts_with("{") && same_json(result.out, wanted));
}

TEST(QueryVectors, AllPass) {
    const auto file = test::vector_path("config/queries.jsonl");
    if (!file) GTEST_SKIP() << "the vector directory is not there";
    std::size_t passed = 0;
    const auto lines = test::lines_of(*file);
    for (const std::string& line : lines) {
        const auto vector = json::parse(line);
        ASSERT_TRUE(vector) << line;
        test::Command command;
        command.argv = {FEDMSG_CONFIG_PROGRAM, "--config-filename", LITERALS_YAML};
        for (const json::Value& argument : json::find(*vector, "args")->GetArray())
            command.argv.emplace_back(json::text_of(argument));
        const auto result = test::run_program(command);
        const bool good = passes(*vector, result);
        EXPECT_TRUE(good) << line << "\nexit " << result.code << "\n" << result.out << result.err;
        passed += good ? 1 : 0;
    }
    test::report_vectors("config-queries", passed, lines.size());
}

}  // namespace
}  // namespace fedmsg
