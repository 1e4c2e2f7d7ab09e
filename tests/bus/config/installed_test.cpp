// What is installed below /etc/fedmsg.d must load as it is, without a word.
#include <sys/stat.h>

#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

namespace fs = std::filesystem;

class TheInstalledConfiguration : public Machine {
protected:
    // Installed files belong to root; a checkout may belong to anybody.
    TheInstalledConfiguration() {
        for (const auto& entry : fs::directory_iterator(fs::path(INSTALLED_ETC) / "fedmsg.d"))
            etc(entry.path().filename().string(), fedmsg::test::read_file(entry.path()));
        request.system_only = true;
        request.strict = true;
    }
};

TEST_F(TheInstalledConfiguration, LoadsWithoutProblemOrWarningForEveryRole) {
    for (const char* id : {"hub", "hub@two", "relay", "gateway"}) {
        request.id = id;
        const Loaded loaded = load_all();
        EXPECT_TRUE(loaded.warnings.empty()) << id;
        EXPECT_TRUE(loaded.notes.empty()) << id << ": " << loaded.notes[0];
    }
}

TEST_F(TheInstalledConfiguration, SaysWhatABusNeeds) {
    const auto configuration = std::move(load_all().configuration);
    EXPECT_EQ(json_of(configuration, "endpoints"), R"({"relay_outbound":["tcp://127.0.0.1:4001"]})");
    EXPECT_THAT(configuration.texts("relay_inbound"), ::testing::ElementsAre("tcp://127.0.0.1:2003"));
    EXPECT_TRUE(configuration.origin("validate_signatures").line > 0) << "written out";
    EXPECT_FALSE(configuration.boolean("validate_signatures", true));
    EXPECT_EQ(configuration.integer("zmq_tcp_keepalive_idle", 0), 60);
    EXPECT_EQ(configuration.integer("zmq_reconnect_ivl_max", 0), 1000);
}

// Every commented-out setting works when its mark is taken away.
TEST_F(TheInstalledConfiguration, ShowsOnlyExamplesThatLoad) {
    std::string examples;
    std::istringstream lines(fedmsg::test::read_file(fs::path(INSTALLED_ETC) / "fedmsg.d" / "hub.yaml"));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("#") && line.size() > 1 && line[1] != ' ') examples += line.substr(1) + "\n";
    EXPECT_THAT(examples, ::testing::HasSubstr("state_dir:"));
    etc("hub.yaml", examples);
    const auto problems = problem_lines();
    EXPECT_TRUE(problems.empty()) << problems[0];
}

}  // namespace
}  // namespace fedmsg::config
