#include "daemon/dispatch/lane_queue.hpp"

#include <gtest/gtest.h>

#include "daemon/gate/message_pool.hpp"

namespace fedmsg::hub {
namespace {

class ALaneQueue : public testing::Test {
protected:
    std::vector<MessagePtr> messages(std::uint64_t first, std::uint64_t last) {
        std::vector<MessagePtr> batch;
        for (auto i = first; i <= last; ++i) {
            auto message = pool.make("t", R"({"topic":"t"})", "e", {});
            message->assign_offset(Offset{i});
            batch.push_back(message);
        }
        return batch;
    }

    MessagePool pool;
    WindowBudget budget;
};

TEST_F(ALaneQueue, GivesMessagesInTheOrderTheyCame) {
    LaneQueue queue(100, 1 << 20, budget);
    EXPECT_EQ(queue.push(messages(1, 5)), 5U);
    std::vector<MessagePtr> out;
    queue.pop(3, out);
    queue.pop(3, out);
    ASSERT_EQ(out.size(), 5U);
    for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(out[i]->offset(), Offset{i + 1});
    EXPECT_TRUE(queue.is_empty());
}

TEST_F(ALaneQueue, LagsFromTheFirstMessageThatDoesNotFit) {
    LaneQueue queue(3, 1 << 20, budget);
    EXPECT_EQ(queue.push(messages(1, 5)), 3U);
    EXPECT_TRUE(queue.is_lagging());
    EXPECT_EQ(queue.position(), Offset{4});
    EXPECT_EQ(queue.push(messages(6, 6)), 0U);
    EXPECT_EQ(queue.position(), Offset{4});
}

TEST_F(ALaneQueue, PassesOverWhatHasBeenReadFromTheJournal) {
    LaneQueue queue(3, 1 << 20, budget);
    queue.push(messages(1, 5));
    std::vector<MessagePtr> out;
    queue.pop(3, out);
    queue.set_position(Offset{7});
    queue.caught_up();
    EXPECT_EQ(queue.push(messages(6, 8)), 2U);
    out.clear();
    queue.pop(10, out);
    EXPECT_EQ(out.front()->offset(), Offset{7});
}

TEST_F(ALaneQueue, LagsWhenTheCommonBudgetIsUsedUp) {
    const auto one = messages(1, 1).front()->footprint();
    WindowBudget small(one * 4);
    LaneQueue first(100, 1 << 20, small);
    LaneQueue second(100, 1 << 20, small);
    EXPECT_EQ(first.push(messages(1, 3)), 3U);
    EXPECT_EQ(second.push(messages(1, 3)), 1U);
    EXPECT_TRUE(second.is_lagging());
    std::vector<MessagePtr> out;
    first.pop(3, out);
    second.set_position(Offset{2});
    second.caught_up();
    EXPECT_EQ(second.push(messages(2, 4)), 3U);
}

TEST_F(ALaneQueue, CountsBytesNotOnlyMessages) {
    const auto one = messages(1, 1).front()->footprint();
    LaneQueue queue(100, one * 2, budget);
    EXPECT_EQ(queue.push(messages(1, 3)), 2U);
}

}  // namespace
}  // namespace fedmsg::hub
