#include "daemon/app/state_lock.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/base/directory.hpp"
#include "tests/support/temporary.hpp"

namespace fedmsg::hub {
namespace {

// The lock belongs to a process, so another one must ask. Exit code 0: it got the lock.
bool other_process_gets(const std::string& directory) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(StateLock::take(directory) ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(AStateLock, KeepsOtherProcessesOutUntilItsHolderIsGone) {
    const test::TemporaryDirectory directory;
    {
        auto lock = StateLock::take(directory.path());
        ASSERT_TRUE(lock) << lock.error().text;
        EXPECT_FALSE(other_process_gets(directory.path()));
    }
    EXPECT_TRUE(other_process_gets(directory.path()));
}

TEST(AStateLock, SaysWhatIsWrongWithItsDirectory) {
    const auto lock = StateLock::take("/nonexistent/hub");
    ASSERT_FALSE(lock);
    EXPECT_NE(lock.error().text.find("/nonexistent/hub/lock"), std::string::npos);
}

TEST(AStateLock, DoesNotFollowALink) {
    const test::TemporaryDirectory directory;
    const auto target = directory.write("precious", "data");
    ASSERT_EQ(::symlink(target.c_str(), (directory / "lock").c_str()), 0);
    EXPECT_FALSE(StateLock::take(directory.path()));
}

TEST(MakeDirectory, MakesParentsAndKeepsOthersOut) {
    const test::TemporaryDirectory directory;
    const auto path = directory / "a/b/hub";
    ASSERT_TRUE(make_directory(path));
    ASSERT_TRUE(make_directory(path));
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0007, 0U);
    directory.write("file", "");
    EXPECT_FALSE(make_directory(directory / "file/x"));
}

}  // namespace
}  // namespace fedmsg::hub
