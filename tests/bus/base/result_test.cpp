#include "bus/base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "bus/base/fd.hpp"

namespace fedmsg {
namespace {

Result<std::string> text_or_failure(bool good) {
    if (!good) return failure("it went wrong");
    return "a text";
}

TEST(AResult, HoldsATextAsItsValueAndAFailureAsItsError) {
    EXPECT_EQ(text_or_failure(true).value(), "a text");
    EXPECT_EQ(text_or_failure(false).error().text, "it went wrong");
}

TEST(AResult, ThrowsItsReasonWhenAskedForAMissingValue) {
    try {
        text_or_failure(false).value();
        FAIL() << "did not throw";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "it went wrong");
    }
}

TEST(ASystemFailure, NamesTheReason) {
    EXPECT_EQ(system_failure("open /x", ENOENT).text, "open /x: No such file or directory");
}

TEST(AnFd, ClosesItsDescriptorOnce) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const Fd read_end(ends[0]);
    {
        Fd first(ends[1]);
        const Fd second(std::move(first));
        EXPECT_FALSE(first);
        EXPECT_TRUE(second);
    }
    char byte = 0;
    EXPECT_EQ(::read(read_end.get(), &byte, 1), 0);  // the other end is closed
}

}  // namespace
}  // namespace fedmsg
