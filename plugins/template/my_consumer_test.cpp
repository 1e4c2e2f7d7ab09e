#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include "my_consumer.cpp"

using fedmsg_hub::testing::FakeHost;

TEST(MyConsumer, LogsWhoPushed) {
    FakeHost<MyConsumer> host;
    EXPECT_TRUE(host.deliver("org.example.prod.git.receive", R"({"commit": {"name": "Ada"}})").is_acked());
    EXPECT_TRUE(host.logged("Ada pushed to git"));
}

TEST(MyConsumer, CopesWithMessagesThatLackAName) {
    FakeHost<MyConsumer> host;
    EXPECT_TRUE(host.deliver("org.example.prod.git.receive", R"(["a list"])").is_acked());
    EXPECT_TRUE(host.logged("somebody pushed to git"));
}
