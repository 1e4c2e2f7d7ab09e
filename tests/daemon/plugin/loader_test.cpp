// One test per way in which a plugin file can be wrong: the reason is told, this process lives, good files still load.
#include <dlfcn.h>
#include <elf.h>
#include <gmock/gmock.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <random>

#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class ABadFile : public testing::Test {
protected:
    // Whatever a test did to the loader, it still loads what is right.
    ~ABadFile() override { EXPECT_THAT(refusal(fixture("good/minimal")), IsEmpty()); }

    std::string changed_copy(const std::function<void(std::string&)>& change) {
        std::string bytes = read_file(fixture("good/minimal"));
        change(bytes);
        const std::string path = directory.write("changed.so", bytes);
        std::filesystem::permissions(path, std::filesystem::perms{0644});
        return path;
    }

    TemporaryDirectory directory;
};

TEST_F(ABadFile, ThatIsNoElfFileIsRefused) {
    EXPECT_THAT(refusal(directory.write("text.so", "#!/bin/sh\necho I am a script\n")),
                HasSubstr("not a shared library: the file does not begin as ELF files do"));
}

TEST_F(ABadFile, ThatIsEmptyIsRefused) {
    EXPECT_THAT(refusal(directory.write("empty.so", "")), HasSubstr("the file is empty"));
}

TEST_F(ABadFile, ThatIsMissingIsRefused) {
    EXPECT_EQ(refusal(directory / "absent.so"), "cannot be opened: No such file or directory");
}

TEST_F(ABadFile, ThatIsADirectoryIsRefused) {
    std::filesystem::create_directory(directory / "folder.so");
    EXPECT_EQ(refusal(directory / "folder.so"), "is no regular file");
}

TEST_F(ABadFile, ThatIsANamedPipeIsRefusedWithoutWaitingForAWriter) {
    ASSERT_EQ(::mkfifo((directory / "pipe.so").c_str(), 0644), 0);
    EXPECT_EQ(refusal(directory / "pipe.so"), "is no regular file");
}

TEST_F(ABadFile, ThatIsTruncatedIsRefused) {
    const std::string path = changed_copy([](std::string& bytes) { bytes.resize(bytes.size() / 2); });
    EXPECT_THAT(refusal(path), StartsWith("the file is truncated or damaged"));
}

TEST_F(ABadFile, ThatIsTruncatedAnywhereIsRefused) {
    const std::string whole = read_file(fixture("good/minimal"));
    for (std::size_t size = 1; size < whole.size(); size += 97) {
        const std::string path = directory.write("cut.so", whole.substr(0, size));
        EXPECT_FALSE(open_plugin(path, Trust::own_user_too)) << size;
    }
}

TEST_F(ABadFile, ForAnotherArchitectureIsRefused) {
    const std::string path = changed_copy([](std::string& bytes) {
        const ElfW(Half) machine =
            EM_AARCH64 + EM_X86_64 - reinterpret_cast<const ElfW(Ehdr)*>(bytes.data())->e_machine;
        std::memcpy(bytes.data() + offsetof(ElfW(Ehdr), e_machine), &machine, sizeof machine);
    });
    EXPECT_THAT(refusal(path), AllOf(StartsWith("built for another machine ("), HasSubstr("this hub runs on")));
}

TEST_F(ABadFile, OfThirtyTwoBitsIsRefused) {
    const std::string path = changed_copy([](std::string& bytes) { bytes[EI_CLASS] = ELFCLASS32; });
    EXPECT_THAT(refusal(path), AllOf(StartsWith("built for another machine ("), HasSubstr("32 bits")));
}

TEST_F(ABadFile, ThatIsAProgramIsRefused) {
    const std::string path = changed_copy([](std::string& bytes) {
        const ElfW(Half) type = ET_EXEC;
        std::memcpy(bytes.data() + offsetof(ElfW(Ehdr), e_type), &type, sizeof type);
    });
    EXPECT_THAT(refusal(path), HasSubstr("another kind of ELF file"));
}

TEST_F(ABadFile, WhoseSectionTableClaimsTooMuchIsRefused) {
    const std::string path = changed_copy([](std::string& bytes) {
        const ElfW(Half) count = 0xfff0;
        std::memcpy(bytes.data() + offsetof(ElfW(Ehdr), e_shnum), &count, sizeof count);
    });
    EXPECT_THAT(refusal(path), HasSubstr("its table of sections lies outside of it"));
}

// Of such copies some still parse and some ask for absurd amounts of memory; none may harm the process.
TEST_F(ABadFile, WithRandomDamageNeverBreaksTheCheck) {
    const std::string whole = read_file(fixture("good/minimal"));
    std::mt19937 random(20240229);
    int refused = 0;
    for (int round = 0; round < 400; ++round) {
        std::string bytes = whole;
        for (int i = 0; i < 1 + round % 40; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
        // Headers are a small part of the file, and what matters here.
        for (int i = 0; i < round % 4; ++i) bytes[random() % sizeof(ElfW(Ehdr))] = static_cast<char>(random());
        for (int i = 0; i < round % 3; ++i) bytes[bytes.size() - 1 - random() % 1024] = static_cast<char>(random());
        if (!open_plugin(directory.write("damaged.so", bytes), Trust::own_user_too)) ++refused;
    }
    EXPECT_GT(refused, 200);
}

TEST_F(ABadFile, WithoutTheSymbolIsNoPlugin) {
    EXPECT_EQ(refusal(fixture("bad/no_symbol")), "not a plugin: it does not export fedmsg_hub_plugin_v1");
}

TEST_F(ABadFile, WithOnlyAnotherVersionOfTheSymbolIsRefusedNamingBoth) {
    EXPECT_EQ(refusal(fixture("bad/other_version")),
              "built for ABI 2, this hub speaks 1: install the build for this hub");
}

TEST_F(ABadFile, WithAnUndefinedSymbolIsRefusedNamingIt) {
    EXPECT_EQ(refusal(fixture("bad/undefined_symbol")), "cannot be loaded: undefined symbol: function_that_nobody_has");
}

TEST_F(ABadFile, WithATableThatIsTooSmallIsRefused) {
    EXPECT_THAT(refusal(fixture("bad/small_table")),
                StartsWith("its table has 24 bytes, the smallest one of ABI 1 has 72"));
}

TEST_F(ABadFile, OfAnotherMajorVersionIsRefused) {
    EXPECT_EQ(refusal(fixture("bad/major_2")), "built for ABI 2, this hub speaks 1: install the build for this hub");
}

TEST_F(ABadFile, ThatNeedsANewerHubIsRefusedNamingBothVersions) {
    EXPECT_EQ(refusal(fixture("bad/newer_minor")),
              "needs a hub with ABI 1.9 or later, this hub has 1.1: update the hub");
}

TEST_F(ABadFile, WhoseEntryReturnsNothingIsRefused) {
    EXPECT_EQ(refusal(fixture("bad/no_table")), "fedmsg_hub_plugin_v1 returned no table");
}

TEST_F(ABadFile, WhoseEntryThrowsIsRefused) {
    EXPECT_EQ(refusal(fixture("bad/entry_throws")), "fedmsg_hub_plugin_v1 threw std::runtime_error: no table today");
}

TEST_F(ABadFile, ThatIsASymbolicLinkIsNotFollowed) {
    std::filesystem::create_symlink(fixture("good/minimal"), directory / "link.so");
    EXPECT_THAT(refusal(directory / "link.so"), StartsWith("is a symbolic link"));
}

TEST_F(ABadFile, ThatOthersMayWriteIsRefused) {
    const std::string path = copy_of("good/minimal", directory, "open.so", std::filesystem::perms{0646});
    EXPECT_EQ(refusal(path), "is writable by others (mode 0646): chmod o-w it");
}

TEST_F(ABadFile, ThatAForeignGroupMayWriteIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to a group that it is not in";
    const std::string path = copy_of("good/minimal", directory, "group.so", std::filesystem::perms{0664});
    ASSERT_EQ(::chown(path.c_str(), 0, 12345), 0);
    std::filesystem::permissions(path, std::filesystem::perms{0664});
    EXPECT_EQ(refusal(path), "is writable by its group 12345 (mode 0664): chmod g-w it");
}

TEST_F(ABadFile, OfAnotherUserIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const std::string path = copy_of("good/minimal", directory, "theirs.so");
    ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
    EXPECT_THAT(refusal(path, Trust::own_user_too), StartsWith("belongs to user 12345"));
    EXPECT_THAT(refusal(path, Trust::root_only), StartsWith("belongs to user 12345"));
}

TEST_F(ABadFile, OfTheRunningUserIsRefusedByAService) {
    struct stat own {};
    own.st_uid = ::geteuid() == 0 ? 12345 : ::geteuid();
    own.st_mode = S_IFREG | 0644;
    const Status status = check_owner(own, Trust::root_only);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().text, HasSubstr("a service loads files of root only"));
}

TEST(AGoodFile, IsLoadedWithAllThatItSaysOfItself) {
    const auto plugin = load(fixture("good/minimal"));
    ASSERT_TRUE(plugin);
    const Plugin& loaded = **plugin;
    EXPECT_EQ(loaded.name, "minimal");
    EXPECT_EQ(loaded.version, "1.2.3");
    EXPECT_EQ(loaded.build_id, "abcdef");
    EXPECT_EQ(loaded.abi_major, 1U);
    EXPECT_EQ(loaded.file.path, fixture("good/minimal"));
    EXPECT_EQ(loaded.file.stem(), "minimal");
    EXPECT_EQ(loaded.file.sha256.size(), 64U);
    struct stat facts {};
    ASSERT_EQ(::stat(fixture("good/minimal").c_str(), &facts), 0);
    EXPECT_EQ(loaded.file.inode, facts.st_ino);
    EXPECT_NE(loaded.table.describe, nullptr);
}

TEST(AGoodFile, MayBeStrippedOfItsSymbolTable) {
    const TemporaryDirectory directory;
    const std::string stripped = directory / "stripped.so";
    const std::string command = "strip -o " + stripped + " " + fixture("good/minimal");
    if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no strip on this machine";
    EXPECT_THAT(refusal(stripped), IsEmpty());
}

TEST(AGoodFile, IsListedInTheProcessUnderItsOwnName) {
    ASSERT_TRUE(load(fixture("good/several")));
    EXPECT_THAT(read_file("/proc/self/maps"), HasSubstr("memfd:several"));
}

TEST(ALoadedFile, MayBeOverwrittenInPlaceWhileItRuns) {
    const TemporaryDirectory directory;
    const std::string path = copy_of("helpers/version_1", directory, "plugin.so");
    const auto plugin = load(path);
    ASSERT_TRUE(plugin);
    EXPECT_FALSE(file_changed(**plugin));

    const std::string newer = read_file(fixture("helpers/version_2"));
    std::ofstream(path, std::ios::binary | std::ios::in | std::ios::out) << newer << std::string(65536, '\0');
    EXPECT_EQ(describe(*plugin, parsed("{}")).consumers.size(), 1U);
    EXPECT_TRUE(file_changed(**plugin));
}

TEST(ALoadedFile, IsUnchangedIfOnlyTouchedOrReinstalled) {
    const TemporaryDirectory directory;
    const std::string path = copy_of("helpers/version_1", directory, "plugin.so");
    const auto plugin = load(path);
    ASSERT_TRUE(plugin);
    copy_of("helpers/version_1", directory, "plugin.so.new");
    std::filesystem::rename(directory / "plugin.so.new", path);
    EXPECT_FALSE(file_changed(**plugin));
}

TEST(ALoadedFile, HasChangedOnceItIsGone) {
    const TemporaryDirectory directory;
    const std::string path = copy_of("helpers/version_1", directory, "plugin.so");
    const auto plugin = load(path);
    ASSERT_TRUE(plugin);
    std::filesystem::remove(path);
    EXPECT_TRUE(file_changed(**plugin));
}

TEST(ALoadedFile, StaysMappedAndIsCounted) {
    const std::size_t before = mapped_files();
    const TemporaryDirectory directory;
    { ASSERT_TRUE(load(copy_of("helpers/version_2", directory, "leaves_its_trace.so"))); }
    EXPECT_EQ(mapped_files(), before + 1);
    EXPECT_THAT(read_file("/proc/self/maps"), HasSubstr("memfd:leaves_its_trace"));
}

// In a child process: whatever this one loaded is still in use by other tests.
TEST(APluginBuiltWithOurFlags, CanReallyBeUnloaded) {
    const auto unload = [] {
        const auto plugin = load(fixture("helpers/version_1"));
        if (!plugin || read_file("/proc/self/maps").find("memfd:version_1") == std::string::npos) ::_exit(2);
        unload_everything_for_tests();
        ::_exit(read_file("/proc/self/maps").find("memfd:version_1") == std::string::npos ? 0 : 1);
    };
    EXPECT_EXIT(unload(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace fedmsg::hub::test
