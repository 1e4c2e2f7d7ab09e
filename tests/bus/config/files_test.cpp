#include <fcntl.h>
#include <sys/stat.h>

#include "bus/config/files.hpp"
#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Who reads: as root, everything could be read, so such tests become somebody else for a while.
class AsOrdinaryUser {
public:
    AsOrdinaryUser() {
        if (was_ == 0 && ::seteuid(65534) != 0) throw std::runtime_error("seteuid");
    }
    ~AsOrdinaryUser() {
        if (::seteuid(was_) != 0) std::abort();
    }
    AsOrdinaryUser(const AsOrdinaryUser&) = delete;
    AsOrdinaryUser& operator=(const AsOrdinaryUser&) = delete;

private:
    uid_t was_ = ::geteuid();
};

class AConfigurationSearch : public Machine {
protected:
    AConfigurationSearch() { request.id = "relay"; }

    std::vector<std::string> found() const {
        std::vector<std::string> names;
        for (const ConfigFile& file : find_files(request, surroundings).files)
            names.push_back(std::filesystem::path(file.path).lexically_relative(directory.path()).string());
        return names;
    }

    void write_everywhere() const {
        for (const char* name :
             {"etc/fedmsg.d/a.yaml", "home/.fedmsg.d/b.yml", "work/fedmsg.d/c.yaml", "venv/etc/fedmsg.d/d.yaml",
              "etc/fedmsg-config.yaml", "home/.fedmsg-config.yaml", "work/fedmsg-config.yml",
              "etc/fedmsg.d/relay.d/z.yaml", "work/fedmsg.d/relay.d/y.yaml", "etc/fedmsg.d/gateway.d/x.yaml"})
            directory.write(name, "");
    }
};

TEST_F(AConfigurationSearch, ReadsSharedFilesInOrderAndThenThoseOfItsId) {
    write_everywhere();
    surroundings.environment["VIRTUAL_ENV"] = directory / "venv";
    EXPECT_THAT(found(),
                ElementsAre("etc/fedmsg.d/a.yaml", "home/.fedmsg.d/b.yml", "work/fedmsg.d/c.yaml",
                            "venv/etc/fedmsg.d/d.yaml", "etc/fedmsg-config.yaml", "home/.fedmsg-config.yaml",
                            "work/fedmsg-config.yml", "etc/fedmsg.d/relay.d/z.yaml", "work/fedmsg.d/relay.d/y.yaml"));
}

TEST_F(AConfigurationSearch, OfTheSystemAloneLooksNowhereElse) {
    write_everywhere();
    request.system_only = true;
    surroundings.environment["FEDMSG_CONFIG"] = directory / "work/fedmsg.d";
    EXPECT_THAT(found(), ElementsAre("etc/fedmsg.d/a.yaml", "etc/fedmsg.d/relay.d/z.yaml"));
}

TEST_F(AConfigurationSearch, WithoutHomeSkipsIt) {
    write_everywhere();
    surroundings.home.clear();
    EXPECT_THAT(found(), ::testing::Not(::testing::Contains(HasSubstr("home"))));
}

TEST_F(AConfigurationSearch, WithOneNamedFileReadsOnlyThat) {
    write_everywhere();
    directory.write("work/other.conf", "");
    request.paths = {"other.conf"};
    EXPECT_THAT(found(), ElementsAre("work/other.conf"));
}

TEST_F(AConfigurationSearch, WithNamedDirectoriesReadsThemInsteadOfTheUsualOnes) {
    write_everywhere();
    directory.write("work/extra", "");
    request.paths = {directory / "etc/fedmsg.d", "extra", directory / "home/.fedmsg.d"};
    EXPECT_THAT(found(), ElementsAre("etc/fedmsg.d/a.yaml", "work/extra", "home/.fedmsg.d/b.yml",
                                     "etc/fedmsg.d/relay.d/z.yaml"));
}

TEST_F(AConfigurationSearch, TakesAFileOrDirectoryFromTheEnvironment) {
    write_everywhere();
    surroundings.environment["FEDMSG_CONFIG"] = directory / "home/.fedmsg.d";
    EXPECT_THAT(found(), ElementsAre("home/.fedmsg.d/b.yml"));
    request.paths = {"fedmsg.d/c.yaml"};
    EXPECT_THAT(found(), ElementsAre("work/fedmsg.d/c.yaml"));
}

TEST_F(AConfigurationSearch, RefusesANamedFileThatIsNone) {
    request.paths = {"missing.yaml", directory / "no-directory", "/dev/null"};
    const std::string missing_directory = "'" + (directory / "no-directory") + "' is not a file.";
    EXPECT_THAT(problem_lines(), ElementsAre(": 'missing.yaml' is not a file.", ": " + missing_directory,
                                             ": '/dev/null' is not a file."));
    request.paths.clear();
    surroundings.environment["FEDMSG_CONFIG"] = "missing.yaml";
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("'missing.yaml' is not a file. (named by the environment")));
}

TEST_F(AConfigurationSearch, NotesWhatItSkips) {
    for (const char* name : {".hidden.yaml", "a.yaml.bak", "b.yaml.rpmsave", "c.py", "README"}) etc(name, "broken: [");
    directory.write("etc/fedmsg.d/dir.yaml/x.yaml", "broken: [");
    EXPECT_THAT(found(), IsEmpty());
    const auto notes = find_files(request, surroundings).notes;
    EXPECT_EQ(notes.size(), 6U);
    EXPECT_THAT(notes, ::testing::Contains(HasSubstr("dir.yaml: it is not a regular file")));
    EXPECT_THAT(notes, ::testing::Contains(HasSubstr(".hidden.yaml: its name begins with a dot")));
    EXPECT_THAT(notes, ::testing::Contains(HasSubstr("a.yaml.bak: its name does not end in .yaml or .yml")));
}

TEST_F(AConfigurationSearch, WarnsOfALinkThatLeadsNowhere) {
    etc("a.yaml", with_endpoints(""));
    std::filesystem::create_symlink(directory / "gone", directory.path() / "etc/fedmsg.d/b.yaml");
    EXPECT_THAT(lines(load_all().warnings), ElementsAre("b.yaml: skipped: the link leads nowhere"));
}

TEST_F(AConfigurationSearch, FollowsLinksToFiles) {
    directory.write("elsewhere/real", with_endpoints("own: 1\n"));
    etc("a.yaml", "");
    std::filesystem::create_symlink(directory / "elsewhere/real", directory.path() / "etc/fedmsg.d/b.yaml");
    EXPECT_TRUE(load_all().configuration.has("own"));
}

TEST_F(AConfigurationSearch, FindsNothingAndSaysWhatIsMissing) {
    EXPECT_THAT(problem_lines(), ElementsAre(": No config value 'endpoints' found."));
    request.need_endpoints = false;
    EXPECT_EQ(load_all().configuration.text("topic_prefix", ""), "org.fedoraproject");
    EXPECT_THAT(load_all().configuration.files(), IsEmpty());
}

TEST_F(AConfigurationSearch, RefusesFilesThatEverybodyCanWrite) {
    const std::string file = etc("a.yaml", with_endpoints(""));
    ::chmod(file.c_str(), 0666);
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("a.yaml: refused: everybody can write it")));
    ::chmod(file.c_str(), 0664);
    EXPECT_THAT(problem_lines(), IsEmpty());
}

TEST_F(AConfigurationSearch, RefusesFilesOfOtherUsers) {
    etc("a.yaml", with_endpoints(""));
    const bool is_root = ::geteuid() == 0;
    if (is_root) {
        ASSERT_EQ(::chown((directory / "etc/fedmsg.d/a.yaml").c_str(), 12345, static_cast<gid_t>(-1)), 0);
    }
    surroundings.user_id = ::geteuid() + 1;
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("a.yaml: refused: it belongs to user")));
    surroundings.user_id = is_root ? 12345 : ::geteuid();
    EXPECT_THAT(problem_lines(), IsEmpty());
}

TEST_F(AConfigurationSearch, RefusesDirectoriesThatEverybodyCanWrite) {
    etc("a.yaml", with_endpoints(""));
    const std::string place = directory / "etc/fedmsg.d";
    ::chmod(place.c_str(), 0777);
    EXPECT_THAT(problem_lines(), ElementsAre(HasSubstr("the directory can be written by everybody")));
    ::chmod(place.c_str(), 01777);
    EXPECT_THAT(problem_lines(), IsEmpty());
}

TEST_F(AConfigurationSearch, SkipsAFileThatCannotBeReadWithAWarning) {
    etc("a.yaml", with_endpoints(""));
    ::chmod(etc("b.yaml", "own: 1\n").c_str(), 0);
    ::chmod(directory.path().c_str(), 0755);
    AsOrdinaryUser ordinary;
    const Loaded loaded = load_all();
    EXPECT_THAT(lines(loaded.warnings), ElementsAre("b.yaml: cannot be read: Permission denied; skipped"));
    EXPECT_FALSE(loaded.configuration.has("own"));
}

TEST_F(AConfigurationSearch, RefusesANamedFileThatCannotBeRead) {
    const std::string file = etc("b.yaml", "own: 1\n");
    ::chmod(file.c_str(), 0);
    ::chmod(directory.path().c_str(), 0755);
    request.paths = {file};
    AsOrdinaryUser ordinary;
    EXPECT_THAT(problem_lines(), ElementsAre("b.yaml: cannot be read: Permission denied"));
}

TEST_F(AConfigurationSearch, WarnsOfADirectoryThatCannotBeRead) {
    directory.write("etc/fedmsg-config.yaml", with_endpoints(""));
    etc("a.yaml", "own: 1\n");
    ::chmod((directory / "etc/fedmsg.d").c_str(), 0);
    ::chmod(directory.path().c_str(), 0755);
    {
        AsOrdinaryUser ordinary;
        EXPECT_THAT(lines(load_all().warnings),
                    ElementsAre("fedmsg.d: the directory cannot be read: Permission denied"));
    }
    ::chmod((directory / "etc/fedmsg.d").c_str(), 0755);
}

TEST_F(AConfigurationSearch, DoesNotWaitForTheOtherEndOfAPipe) {
    etc("a.yaml", "");
    ASSERT_EQ(::mkfifo((directory / "etc/fedmsg.d/b.yaml").c_str(), 0600), 0);
    EXPECT_THAT(found(), ElementsAre("etc/fedmsg.d/a.yaml"));
    std::vector<Problem> warnings;
    std::vector<Problem> problems;
    const ConfigFile pipe{directory / "etc/fedmsg.d/b.yaml", false, false};
    EXPECT_FALSE(read_config_file(pipe, surroundings, warnings, problems));
    EXPECT_THAT(lines(problems), ElementsAre("b.yaml: refused: it is not a regular file"));
}

TEST(TheProcess, KnowsItsSurroundings) {
    const Surroundings surroundings = Surroundings::from_process();
    EXPECT_EQ(surroundings.current_directory, std::filesystem::current_path());
    EXPECT_EQ(surroundings.user_id, ::geteuid());
    EXPECT_EQ(surroundings.system_directory, "/etc");
    EXPECT_FALSE(surroundings.hostname.empty());
    EXPECT_EQ(surroundings.environment.count("PATH"), 1U);
}

}  // namespace
}  // namespace fedmsg::config
