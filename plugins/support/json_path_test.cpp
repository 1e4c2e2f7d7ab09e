#include "support/json_path.hpp"

#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <stdexcept>
#include <string>

namespace {

using fedmsg_plugins::at_path;
using fedmsg_plugins::split_path;

class AJsonPath : public testing::Test {
protected:
    fedmsg_hub::ParsedJson json_{fedmsg_hub::testing::json_functions(),
                                 R"({"msg": {"a.b": 1, "list": [{"name": "x"}, 7], "1": "one"}})"};
    fedmsg_hub::Value root_ = json_.root();
};

TEST_F(AJsonPath, WalksObjectsAndArrays) {
    EXPECT_EQ(at_path(root_, "msg.list.0.name").text(), "x");
    EXPECT_EQ(at_path(root_, "msg.list.1").integer(), 7);
    EXPECT_EQ(at_path(root_, "msg.1").text(), "one");
}

TEST_F(AJsonPath, CanNameAKeyWithADotAsASegment) {
    EXPECT_EQ(at_path(root_, std::vector<std::string>{"msg", "a.b"}).integer(), 1);
}

TEST_F(AJsonPath, GivesAMissingValueWhereNothingIs) {
    for (const char* path : {"nothing", "msg.list.2", "msg.list.x", "msg.list.-1", "msg.list.0.name.deeper", "msg.a.b",
                             "msg.list.99999999999999999999999"})
        EXPECT_FALSE(at_path(root_, path).exists()) << path;
}

TEST_F(AJsonPath, WithoutASegmentIsRefused) {
    for (const char* path : {"", ".", "a.", ".a", "a..b"})
        EXPECT_THROW(split_path(path), std::invalid_argument) << path;
}

}  // namespace
