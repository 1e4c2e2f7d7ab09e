#include "daemon/journal/ring_journal.hpp"

#include <gtest/gtest.h>

#include <random>

#include "daemon/gate/message_pool.hpp"

namespace fedmsg::hub {
namespace {

class ARingJournal : public testing::Test {
protected:
    void append(RingJournal& journal, const std::string& body, const std::string& topic = "t") {
        const std::vector<MutableMessagePtr> batch{pool.make(topic, body, "e", {})};
        ASSERT_TRUE(journal.append(batch));
    }
    std::vector<Record> read(const RingJournal& journal, std::uint64_t from, std::size_t max = 100000,
                             std::size_t bytes = std::size_t{1} << 30) {
        std::vector<Record> records;
        journal.read(Offset{from}, max, bytes, records);
        return records;
    }

    MessagePool pool;
};

TEST_F(ARingJournal, NumbersMessagesFromOne) {
    RingJournal journal(1024);
    EXPECT_EQ(journal.begin(), journal.end());
    append(journal, "1");
    append(journal, "2");
    EXPECT_EQ(journal.begin(), Offset{1});
    EXPECT_EQ(journal.end(), Offset{3});
    const auto records = read(journal, 1);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[1].body, "2");
    EXPECT_EQ(records[1].offset, Offset{2});
}

TEST_F(ARingJournal, GivesNothingAtItsEnd) {
    RingJournal journal(1024);
    append(journal, "1");
    EXPECT_TRUE(read(journal, 2).empty());
}

TEST_F(ARingJournal, StopsAtTheLimitsOfARead) {
    RingJournal journal(1024);
    for (int i = 0; i < 10; ++i) append(journal, "123456789");
    EXPECT_EQ(read(journal, 1, 3).size(), 3U);
    EXPECT_EQ(read(journal, 1, 100, 25).size(), 3U);
}

TEST_F(ARingJournal, ForgetsTheOldestWhenItIsFull) {
    RingJournal journal(100);
    for (int i = 0; i < 50; ++i) append(journal, "1234567890");
    const auto records = read(journal, 1);
    EXPECT_EQ(records.front().offset, journal.begin());
    EXPECT_GT(journal.begin(), Offset{40});
    EXPECT_EQ(records.back().offset, Offset{50});
}

TEST_F(ARingJournal, DoesNotHoldAMessageLargerThanItself) {
    RingJournal journal(100);
    append(journal, "1");
    append(journal, std::string(200, '1'));
    EXPECT_EQ(journal.begin(), journal.end());
    append(journal, "3");
    EXPECT_EQ(read(journal, 1).front().offset, Offset{3});
}

// Property: whatever is still held is exactly what was appended under that offset, without holes.
TEST_F(ARingJournal, NeverShowsTornOrForeignBytes) {
    std::minstd_rand random(7);
    RingJournal journal(5000);
    std::vector<std::string> written{""};
    for (int i = 0; i < 5000; ++i) {
        const std::string body(1 + random() % 900, static_cast<char>('0' + random() % 10));
        written.push_back(body);
        append(journal, body, "topic." + std::to_string(written.size() - 1));
        const auto records = read(journal, journal.begin().value);
        ASSERT_EQ(records.back().offset.value, written.size() - 1);
        for (const auto& record : records) {
            ASSERT_EQ(record.body, written[record.offset.value]);
            ASSERT_EQ(record.topic, "topic." + std::to_string(record.offset.value));
        }
    }
}

}  // namespace
}  // namespace fedmsg::hub
