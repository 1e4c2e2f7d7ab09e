#include <gtest/gtest.h>
#include <unistd.h>
#include <fedmsg_hub/testing.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "printer.cpp"

namespace {

using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Refused;

constexpr char kTopic[] = "org.example.prod.git.receive";
constexpr char kMsg[] = R"({"commit": {"name": "Ada", "files": ["a.c"]}})";

class APrinter : public testing::Test {
protected:
    APrinter() {
        char name[] = "/tmp/printer-test-XXXXXX";
        const int descriptor = mkstemp(name);
        EXPECT_GE(descriptor, 0);
        close(descriptor);
        path_ = name;
    }
    ~APrinter() override { std::remove(path_.c_str()); }

    std::string options(const std::string& format) const {
        return R"({"printer.file": ")" + path_ + R"(", "printer.format": ")" + format + "\"}";
    }
    std::string written() const {
        std::ostringstream out;
        out << std::ifstream(path_).rdbuf();
        return out.str();
    }

    std::string path_;
};

TEST_F(APrinter, LogsOneEntryPerLineByDefault) {
    FakeHost<Printer> host;
    EXPECT_TRUE(host.deliver(kTopic, kMsg).is_acked());
    EXPECT_EQ(host.logs().front().text, kTopic);
    EXPECT_TRUE(host.logged("      \"name\": \"Ada\","));
    EXPECT_EQ(host.logs().back().text, "}");
    EXPECT_EQ(host.counter("printed"), 1u);
}

TEST_F(APrinter, WritesOneLinePerMessageWithTopicAndBody) {
    FakeHost<Printer> host(options("line"));
    host.deliver(kTopic, kMsg);
    host.deliver(kTopic, "7");
    EXPECT_EQ(written().find(std::string(kTopic) + R"( {"i":1,"msg":{"commit":{"files":["a.c"],"name":"Ada"}})"), 0u);
    EXPECT_NE(written().find("\"msg\":7"), std::string::npos);
    EXPECT_EQ(written().back(), '\n');
}

TEST_F(APrinter, AppendsToWhatAnEarlierRunHasWritten) {
    std::ofstream(path_) << "earlier\n";
    FakeHost<Printer> host(options("pretty"));
    host.deliver(kTopic, kMsg);
    EXPECT_EQ(written().find("earlier\norg.example.prod.git.receive\n{\n"), 0u);
}

TEST_F(APrinter, CanBeStoppedAndStartedAgain) {
    FakeHost<Printer> host(options("line"));
    host.stop();
    host.start();
    EXPECT_TRUE(host.deliver(kTopic, kMsg).is_acked());
    EXPECT_FALSE(written().empty());
}

TEST_F(APrinter, SaysWhyItCannotStart) {
    try {
        FakeHost<Printer> host(R"({"printer.file": "/nonexistent/printer.txt"})");
        FAIL() << "an unwritable file was accepted";
    } catch (const Refused& refused) {
        EXPECT_STREQ(refused.what(),
                     "start: printer.file: cannot open /nonexistent/printer.txt for appending: is it writable?");
    }
}

TEST_F(APrinter, RefusesAnUnknownFormat) {
    try {
        FakeHost<Printer> host(R"({"printer.format": "xml"})");
        FAIL() << "an unknown format was accepted";
    } catch (const Refused& refused) {
        EXPECT_STREQ(refused.what(), "printer.format: must be one of: pretty, line; it is \"xml\"");
    }
}

TEST_F(APrinter, FailsTheMessageIfTheDiskIsFull) {
    FakeHost<Printer> host(R"({"printer.file": "/dev/full"})");
    const auto result = host.deliver(kTopic, kMsg);
    EXPECT_TRUE(result.is_failed());
    EXPECT_EQ(result.reason, "printer.file: cannot write to /dev/full: is the disk full?");
    EXPECT_EQ(host.counter("printed"), 0u);
}

TEST_F(APrinter, PrintsToStandardOutput) {
    testing::internal::CaptureStdout();
    FakeHost<Printer> host(R"({"printer.file": "-", "printer.format": "line"})");
    host.deliver(kTopic, kMsg);
    EXPECT_EQ(testing::internal::GetCapturedStdout().find(kTopic), 0u);
}

}  // namespace
