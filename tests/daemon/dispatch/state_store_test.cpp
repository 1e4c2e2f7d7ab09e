#include "daemon/dispatch/state_store.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/temporary.hpp"

namespace fedmsg::hub {
namespace {

class AStateStore : public testing::Test {
protected:
    test::TemporaryDirectory directory;
    std::string file = directory / "state.sqlite";
    StateStore store{file};
};

TEST_F(AStateStore, GivesBackWhatWasPut) {
    ASSERT_TRUE(store.put("key", "value"));
    EXPECT_EQ(store.get("key").value(), "value");
    EXPECT_EQ(store.get("other").value(), std::nullopt);
}

TEST_F(AStateStore, CarriesAnyBytes) {
    const std::string bytes("a\0b\xFF", 4);
    ASSERT_TRUE(store.put(bytes, bytes));
    EXPECT_EQ(store.get(bytes).value(), bytes);
    ASSERT_TRUE(store.put("empty", ""));
    EXPECT_EQ(store.get("empty").value(), "");
}

TEST_F(AStateStore, ReplacesAndRemoves) {
    ASSERT_TRUE(store.put("k", "1"));
    ASSERT_TRUE(store.put("k", "2"));
    EXPECT_EQ(store.get("k").value(), "2");
    EXPECT_TRUE(store.remove("k").value());
    EXPECT_FALSE(store.remove("k").value());
}

TEST_F(AStateStore, ListsKeysWithAPrefixInByteOrder) {
    for (const auto* key : {"b/2", "a/1", "b/1", "b", "c"}) ASSERT_TRUE(store.put(key, "x"));
    std::vector<std::string> keys;
    ASSERT_TRUE(store.keys("b/", [&](std::string_view key) { keys.emplace_back(key); }));
    EXPECT_EQ(keys, (std::vector<std::string>{"b/1", "b/2"}));
    keys.clear();
    ASSERT_TRUE(store.keys("", [&](std::string_view key) { keys.emplace_back(key); }));
    EXPECT_EQ(keys.size(), 5U);
}

TEST_F(AStateStore, RefusesKeysAndValuesBeyondTheLimits) {
    EXPECT_FALSE(store.put("", "x"));
    EXPECT_FALSE(store.put(std::string(1025, 'k'), "x"));
    EXPECT_FALSE(store.put("k", std::string(StateStore::kMaxValueBytes + 1, 'v')));
}

TEST_F(AStateStore, CostsNoFileUntilItIsUsed) {
    EXPECT_FALSE(std::filesystem::exists(file));
    ASSERT_TRUE(store.put("k", "v"));
    EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(AStateStore, SaysWhereItCannotBeOpened) {
    StateStore nowhere(directory / "missing/state.sqlite");
    const auto status = nowhere.put("k", "v");
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("missing/state.sqlite"), std::string::npos);
}

// What put() promises: the value survives the death of the process that put it.
TEST_F(AStateStore, KeepsWhatWasPutWhenTheProcessIsKilled) {
    const pid_t child = ::fork();
    if (child == 0) {
        StateStore mine(file);
        (void)mine.put("k", "survives");
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(store.get("k").value(), "survives");
    EXPECT_TRUE(store.sync());
}

}  // namespace
}  // namespace fedmsg::hub
