#include "support/secret_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace fedmsg_plugins;

class ASecretFile : public testing::Test {
protected:
    ASecretFile() {
        char name[] = "/tmp/secret-file-test-XXXXXX";
        directory_ = mkdtemp(name);
        path_ = directory_ + "/credentials.json";
        std::ofstream(path_) << "hush";
        chmod(path_.c_str(), 0600);
        unsetenv("CREDENTIALS_DIRECTORY");
    }
    ~ASecretFile() override {
        unsetenv("CREDENTIALS_DIRECTORY");
        std::filesystem::remove_all(directory_);
    }

    std::string refusal(const std::string& name, std::size_t limit = 100) const {
        try {
            read_secret_file(name, limit);
            return "(accepted)";
        } catch (const SecretFileError& error) {
            return error.what();
        }
    }

    std::string directory_;
    std::string path_;
};

TEST_F(ASecretFile, IsReadIfOnlyItsOwnerMay) {
    EXPECT_EQ(read_secret_file(path_), "hush");
    chmod(path_.c_str(), 0400);
    EXPECT_EQ(read_secret_file(path_), "hush");
}

TEST_F(ASecretFile, IsRefusedIfOthersMayReadIt) {
    chmod(path_.c_str(), 0644);
    EXPECT_EQ(refusal(path_), "the file " + path_ + " has mode 0644, so others may read it: chmod 600 it");
    chmod(path_.c_str(), 0620);
    EXPECT_NE(refusal(path_).find("mode 0620"), std::string::npos);
}

TEST_F(ASecretFile, IsRefusedIfItBelongsToSomebodyElse) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    ASSERT_EQ(chown(path_.c_str(), 12345, static_cast<gid_t>(-1)), 0);
    EXPECT_NE(refusal(path_).find("belongs to user 12345"), std::string::npos);
}

TEST_F(ASecretFile, IsARegularFileOfBoundedSize) {
    EXPECT_NE(refusal(directory_ + "/missing").find("cannot be opened"), std::string::npos);
    EXPECT_NE(refusal(directory_).find("is not a regular file"), std::string::npos);
    EXPECT_NE(refusal(path_, 3).find("larger than 3 bytes"), std::string::npos);
    const std::string pipe = directory_ + "/pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_NE(refusal(pipe).find("is not a regular file"), std::string::npos);
}

TEST_F(ASecretFile, OfSystemdIsTakenWhateverItsMode) {
    chmod(path_.c_str(), 0644);
    setenv("CREDENTIALS_DIRECTORY", directory_.c_str(), 1);
    EXPECT_EQ(read_secret_file("credentials.json"), "hush");
    EXPECT_EQ(read_secret_file(path_), "hush");
    EXPECT_NE(refusal(directory_ + "/../" + std::filesystem::path(directory_).filename().string() + "/credentials.json")
                  .find("mode 0644"),
              std::string::npos);
}

TEST_F(ASecretFile, OfSystemdIsAskedForInTheMessageIfItIsMissing) {
    EXPECT_NE(refusal("credentials.json").find("LoadCredential="), std::string::npos);
    EXPECT_NE(refusal("").find("no credentials file"), std::string::npos);
}

TEST_F(ASecretFile, IsReplacedAtOnceAndStaysPrivate) {
    const FileStamp before = stamp_of_secret_file(path_);
    write_secret_file(path_, "new secret");
    EXPECT_EQ(read_secret_file(path_), "new secret");
    EXPECT_NE(stamp_of_secret_file(path_), before);
    struct stat status {};
    ASSERT_EQ(stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777u, 0600u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
}

TEST_F(ASecretFile, CannotBeWrittenWhereSystemdPutsCredentials) {
    setenv("CREDENTIALS_DIRECTORY", directory_.c_str(), 1);
    EXPECT_THROW(write_secret_file("credentials.json", "x"), SecretFileError);
    EXPECT_EQ(read_secret_file(path_), "hush");
}

TEST_F(ASecretFile, HasAStampOfZeroIfItIsMissing) {
    EXPECT_EQ(stamp_of_secret_file(directory_ + "/missing"), FileStamp{});
    EXPECT_EQ(stamp_of_secret_file("not-loaded"), FileStamp{});
}

}  // namespace
