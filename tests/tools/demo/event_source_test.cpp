#include "tools/demo/event_source.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "bus/base/clock.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::demo {
namespace {

TEST(AnEventSource, HasFortyTopicsOfSeveralServices) {
    EventSource events(1);
    std::set<std::string> topics, services;
    for (int i = 0; i < 2000; ++i) {
        const std::string topic(events.next().topic);
        topics.insert(topic);
        services.insert(topic.substr(0, topic.find('.')));
    }
    EXPECT_EQ(topics.size(), 40u);
    EXPECT_EQ(topics.size(), EventSource::topic_count());
    EXPECT_GE(services.size(), 10u);
}

TEST(AnEventSource, MakesBodiesOfPointThreeToSixKilobytes) {
    EventSource events(2);
    const SystemClock clock;
    envelope::Builder builder(clock);
    for (int i = 0; i < 5000; ++i) {
        const Event event = events.next();
        const auto msg = json::parse(event.msg);
        ASSERT_TRUE(msg) << event.topic << ": " << msg.error().text << "\n" << event.msg;
        const std::string body = json::canonical(builder.build("org.example.dev." + std::string(event.topic), *msg));
        ASSERT_GE(body.size(), 300u) << body;
        ASSERT_LE(body.size(), 6000u) << body;
    }
}

TEST(AnEventSource, RepeatsItselfWithTheSameSeed) {
    EventSource one(7), other(7), third(8);
    bool differs = false;
    for (int i = 0; i < 50; ++i) {
        const Event event = one.next();
        EXPECT_EQ(event.msg, other.next().msg);
        differs |= event.msg != third.next().msg;
    }
    EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace fedmsg::demo
