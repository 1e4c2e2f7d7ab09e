#include "daemon/telemetry/monitoring_report.hpp"

#include <gtest/gtest.h>

#include "bus/json/document.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::hub {
namespace {

class AMonitoringReport : public testing::Test {
protected:
    AMonitoringReport() {
        snapshot.id = "hub";
        ConsumerSnapshot consumer;
        consumer.name = "printer";
        consumer.module = "/plugins/printer.so";
        consumer.topics = {"org.example*"};
        consumer.state = "running";
        snapshot.consumers = {consumer};
    }
    json::Document next() { return json::parse(report.next(snapshot, 1790000005.25)).value(); }
    const json::Value& consumer_of(const json::Document& text) { return text["consumers"][0]; }

    Snapshot snapshot;
    std::vector<float> times{0.5F, 0.25F};
    MonitoringReport report{5, [this](const std::string&) { return std::exchange(times, {}); }};
};

TEST_F(AMonitoringReport, HasTheFieldsThatSiteScriptsRead) {
    const auto text = report.next(snapshot, 1790000005.25);
    EXPECT_TRUE(text.starts_with(
        R"({"consumers": [{"name": "printer", "module": "/plugins/printer.so", "topic": "org.example*", )"
        R"("initialized": true, "exceptions": 0, "jsonify": true, "backlog": 0, "headcount_out": 0, )"
        R"("headcount_in": 0, "times": [0.5, 0.25])"))
        << text;
    EXPECT_NE(text.find(R"("producers": [{"name": "MonitoringProducer", "module": "moksha.hub.monitoring", )"
                        R"("initialized": true, "exceptions": 0, "frequency": 5.0, "now": false, )"
                        R"("last_ran": 1790000005.25})"),
              std::string::npos)
        << text;
}

TEST_F(AMonitoringReport, CountsSinceThePreviousReport) {
    snapshot.consumers[0].received = 7;
    snapshot.consumers[0].attempts = 5;
    snapshot.consumers[0].failures = 2;
    auto first = next();
    EXPECT_EQ(consumer_of(first)["headcount_in"].GetInt(), 7);
    EXPECT_EQ(consumer_of(first)["headcount_out"].GetInt(), 5);
    EXPECT_EQ(consumer_of(first)["exceptions"].GetInt(), 2);
    snapshot.consumers[0].received = 10;
    auto second = next();
    EXPECT_EQ(consumer_of(second)["headcount_in"].GetInt(), 3);
    EXPECT_EQ(consumer_of(second)["headcount_out"].GetInt(), 0);
    EXPECT_EQ(consumer_of(second)["exceptions"].GetInt(), 0);
}

TEST_F(AMonitoringReport, ListsSeveralTopicsAsAList) {
    snapshot.consumers[0].topics = {"a", "b"};
    EXPECT_EQ(json::canonical(consumer_of(next())["topic"]), R"(["a","b"])");
}

TEST_F(AMonitoringReport, LeavesDisabledConsumersOutAndShowsFailedOnesAsNotInitialized) {
    snapshot.consumers[0].state = "disabled";
    EXPECT_TRUE(next()["consumers"].Empty());
    snapshot.consumers[0].state = "failed";
    const auto text = next();
    EXPECT_FALSE(consumer_of(text)["initialized"].GetBool());
    EXPECT_TRUE(consumer_of(text)["backlog"].IsNull());
}

TEST_F(AMonitoringReport, ListsProducersWithTheirLastRun) {
    auto& producer = snapshot.consumers[0];
    producer.is_producer = true;
    producer.period = std::chrono::milliseconds(1500);
    producer.poll_failures_in_a_row = 3;
    auto text = next();
    EXPECT_TRUE(text["consumers"].Empty());
    const auto& listed = text["producers"][1];
    EXPECT_EQ(listed["frequency"].GetDouble(), 1.5);
    EXPECT_EQ(listed["exceptions"].GetInt(), 3);
    EXPECT_TRUE(listed["last_ran"].IsNull());
    producer.last_poll = 17.5;
    text = next();
    EXPECT_EQ(text["producers"][1]["last_ran"].GetDouble(), 17.5);
}

TEST_F(AMonitoringReport, TellsOfTheHubItself) {
    snapshot.problems = {"/plugins/bad.so: not a plugin"};
    snapshot.committed = 12;
    snapshot.refused["too_large"] = 2;
    EndpointStatus endpoint;
    endpoint.address = "tcp://127.0.0.1:1";
    endpoint.error = "refused";
    snapshot.endpoints = {endpoint};
    const auto text = next();
    EXPECT_FALSE(text["hub"]["healthy"].GetBool());
    EXPECT_EQ(text["hub"]["messages"].GetInt(), 12);
    EXPECT_EQ(text["hub"]["refused"]["too_large"].GetInt(), 2);
    EXPECT_STREQ(text["hub"]["endpoints"][0]["error"].GetString(), "refused");
}

// KF-013: the figures of our own are monotonic, whoever reads and however often; "failing in a row" is shown apart.
TEST_F(AMonitoringReport, KF_013_TotalsDoNotResetFromReportToReport) {
    snapshot.consumers[0].failures = 50;
    snapshot.consumers[0].failing_in_a_row = 50;
    for (int reading = 0; reading < 2; ++reading) {
        const auto text = next();
        EXPECT_EQ(consumer_of(text)["failures_total"].GetInt(), 50);
        EXPECT_EQ(consumer_of(text)["failing_in_a_row"].GetInt(), 50);
    }
    snapshot.consumers[0].failing_in_a_row = 0;
    const auto text = next();
    EXPECT_EQ(consumer_of(text)["failures_total"].GetInt(), 50);
    EXPECT_EQ(consumer_of(text)["failing_in_a_row"].GetInt(), 0);
}

TEST(ASnapshot, SumsItselfUpInOneLine) {
    Snapshot snapshot;
    snapshot.committed = 3;
    for (const auto* state : {"running", "running", "failed", "disabled"}) {
        snapshot.consumers.emplace_back();
        snapshot.consumers.back().state = state;
    }
    snapshot.endpoints.resize(2);
    snapshot.endpoints[0].connected = true;
    EXPECT_EQ(snapshot.summary(), "1 of 2 endpoints connected, 2 consumers at work, 1 failed; 3 messages taken in");
}

}  // namespace
}  // namespace fedmsg::hub
