#include "daemon/gate/message_pool.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "bus/json/writer.hpp"

namespace fedmsg::hub {
namespace {

TEST(AMessagePool, UsesARecordAgainWhenItsLastReferenceIsGone) {
    MessagePool pool;
    const Message* first = pool.make("t", R"({"topic":"t","msg":1})", "e", {}).get();
    const auto second = pool.make("t", R"({"topic":"t","msg":2})", "e", {});
    EXPECT_EQ(second.get(), first);
    EXPECT_EQ(json::canonical(second->root()), R"({"msg":2,"topic":"t"})");
}

TEST(AMessagePool, LeavesARecordAloneWhileItIsHeld) {
    MessagePool pool;
    const MessagePtr held = pool.make("t", R"({"topic":"t","msg":"kept"})", "e", {});
    const auto other = pool.make("t", R"({"topic":"t","msg":"other"})", "e", {});
    EXPECT_NE(held.get(), other.get());
    EXPECT_EQ(json::canonical(held->root()), R"({"msg":"kept","topic":"t"})");
}

TEST(AMessagePool, TakesRecordsBackFromOtherThreads) {
    MessagePool pool;
    for (int round = 0; round < 200; ++round) {
        std::vector<MessagePtr> batch;
        for (int i = 0; i < 50; ++i) batch.push_back(pool.make("t", R"({"topic":"t"})", "e", {}));
        std::thread([batch = std::move(batch)]() mutable { batch.clear(); }).join();
    }
    SUCCEED();  // under the sanitizers: no race, no leak
}

TEST(AMessagePool, GivesTheMemoryOfAVeryLargeMessageBack) {
    MessagePool pool;
    const std::string large = R"({"topic":"t","msg":")" + std::string(2 << 20, 'x') + "\"}";
    EXPECT_GT(pool.make("t", large, "e", {})->footprint(), std::size_t{2} << 20);
    EXPECT_LT(pool.make("t", "{}", "e", {})->footprint(), std::size_t{100} << 10);
}

}  // namespace
}  // namespace fedmsg::hub
