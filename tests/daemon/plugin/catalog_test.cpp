// Whole directories of plugins.
#include <sys/stat.h>
#include <unistd.h>

#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class ACatalog : public testing::Test {
protected:
    Catalog load(const std::string& configuration = "{}", const Catalog* previous = nullptr) {
        return Catalog::load({{directory / "plugins"}}, Trust::own_user_too, prober, configuration_of(configuration),
                             previous);
    }
    void add(const std::string& name, const std::string& as) { copy_of(name, directory, "plugins/" + as); }
    static std::vector<std::string> names(const Catalog& catalog) {
        std::vector<std::string> out;
        for (const auto& consumer : catalog.consumers()) out.push_back(consumer->name);
        return out;
    }

    TemporaryDirectory directory;
    Prober prober = make_prober(std::chrono::seconds(2));
};

TEST_F(ACatalog, HoldsTheConsumersOfAllFilesInByteOrder) {
    add("good/several", "b.so");
    add("good/minimal", "a.so");
    add("good/options", "B.so");
    const Catalog catalog = load();
    EXPECT_THAT(catalog.problems(), IsEmpty());
    EXPECT_THAT(names(catalog), ElementsAre("options", "minimal", "several-one", "several-two", "several-three"));
    EXPECT_THAT(catalog.plugins(), SizeIs(3));
    EXPECT_EQ(catalog.find("minimal")->plugin->name, "minimal");
    EXPECT_EQ(catalog.find("absent"), nullptr);
}

TEST_F(ACatalog, LooksOnlyAtSharedObjects) {
    add("good/minimal", "minimal.so");
    add("good/several", "several.so.old");
    add("good/options", ".options.so");
    directory.write("plugins/README", "not a plugin");
    const Catalog catalog = load();
    EXPECT_THAT(catalog.problems(), IsEmpty());
    EXPECT_THAT(names(catalog), ElementsAre("minimal"));
}

TEST_F(ACatalog, LoadsTheGoodOnesBesideEveryBadOne) {
    for (const auto& entry :
         std::filesystem::directory_iterator(fixture("bad/x").substr(0, fixture("bad/x").size() - 4)))
        if (entry.path().extension() == ".so")
            add("bad/" + entry.path().stem().string(), entry.path().filename().string());
    add("good/minimal", "minimal.so");
    add("good/several", "zzz.so");
    directory.write("plugins/text.so", "no plugin at all");
    const Catalog catalog = load();

    EXPECT_NE(catalog.find("minimal"), nullptr);
    EXPECT_NE(catalog.find("several-three"), nullptr);
    std::set<std::string> files;
    for (const PluginProblem& problem : catalog.problems())
        files.insert(std::filesystem::path(problem.file).stem().string());
    EXPECT_THAT(files, UnorderedElementsAre("constructor_crashes", "constructor_exits", "constructor_hangs",
                                            "constructor_throws", "describe_fails", "describe_nothing",
                                            "describe_throws", "entry_throws", "equal_names", "half_capability",
                                            "illegal_name", "major_2", "newer_minor", "no_symbol", "no_table",
                                            "other_version", "small_table", "text", "undefined_symbol"));
}

TEST_F(ACatalog, RefusesTheSecondFileOfAStem) {
    add("good/minimal", "same.so");
    copy_of("good/several", directory, "more/same.so");
    const Catalog catalog = Catalog::load({{directory / "plugins"}, {directory / "more"}}, Trust::own_user_too, prober,
                                          configuration_of("{}"));
    EXPECT_THAT(names(catalog), ElementsAre("minimal"));
    ASSERT_THAT(catalog.problems(), SizeIs(1));
    EXPECT_EQ(catalog.problems()[0].text(), (directory / "more/same.so") + ": " + (directory / "plugins/same.so") +
                                                " has the same name and is used instead; remove one of them");
}

TEST_F(ACatalog, RefusesTheSecondConsumerOfANameNamingBothFiles) {
    add("good/minimal", "first.so");
    add("good/minimal", "second.so");
    const Catalog catalog = load();
    EXPECT_THAT(names(catalog), ElementsAre("minimal"));
    ASSERT_THAT(catalog.problems(), SizeIs(1));
    EXPECT_EQ(catalog.problems()[0].file, directory / "plugins/second.so");
    EXPECT_EQ(catalog.problems()[0].consumer, "minimal");
    EXPECT_THAT(catalog.problems()[0].reason, HasSubstr(directory / "plugins/first.so"));
}

TEST_F(ACatalog, PassesOverMissingStandardDirectoriesOnly) {
    const Catalog catalog = Catalog::load({{directory / "standard", true}, {directory / "configured"}},
                                          Trust::own_user_too, prober, configuration_of("{}"));
    ASSERT_THAT(catalog.problems(), SizeIs(1));
    EXPECT_EQ(catalog.problems()[0].text(),
              (directory / "configured") + ": plugin directory: cannot be examined: No such file or directory");
}

TEST_F(ACatalog, RefusesADirectoryThatOthersMayWrite) {
    add("good/minimal", "minimal.so");
    std::filesystem::permissions(directory / "plugins", std::filesystem::perms{0777});
    const Catalog catalog = load();
    EXPECT_THAT(names(catalog), IsEmpty());
    ASSERT_THAT(catalog.problems(), SizeIs(1));
    EXPECT_THAT(catalog.problems()[0].reason, HasSubstr("plugin directory: is writable by others (mode 0777)"));
}

TEST_F(ACatalog, DoesNotLoadIntoItselfWhatIsMeantForAnotherProcess) {
    add("good/minimal", "minimal.so");
    const Catalog catalog = load(R"({"plugins": {"minimal": {"isolation": "process"}}})");
    EXPECT_THAT(catalog.plugins(), IsEmpty());
    ASSERT_THAT(catalog.problems(), SizeIs(1));
    EXPECT_THAT(catalog.problems()[0].reason, HasSubstr("isolation: process"));
    EXPECT_THAT(names(load(R"({"plugins": {"minimal": {"isolation": "in-process"}}})")), ElementsAre("minimal"));
}

TEST_F(ACatalog, HandsTheConfigurationToDescribe) {
    add("good/several", "several.so");
    EXPECT_THAT(names(load(R"({"several.names": ["left", "right"]})")), ElementsAre("left", "right"));
}

TEST_F(ACatalog, DoesNotLoadAgainWhatHasNotChanged) {
    add("helpers/version_1", "versioned.so");
    add("good/minimal", "minimal.so");
    const Catalog first = load();
    const std::size_t mapped = mapped_files();
    std::filesystem::remove(directory / "plugins/versioned.so");
    add("helpers/version_2", "versioned.so");
    const Catalog second = load("{}", &first);
    EXPECT_EQ(mapped_files(), mapped + 1);
    EXPECT_EQ(second.find("minimal")->plugin, first.find("minimal")->plugin);
    EXPECT_EQ(first.find("versioned")->plugin->version, "1");
    EXPECT_EQ(second.find("versioned")->plugin->version, "2");
}

TEST_F(ACatalog, DeclaresKeysAndPrefixes) {
    add("good/options", "options.so");
    config::Schema schema = config::built_in_schema();
    EXPECT_THAT(load().declare(schema), IsEmpty());
    const config::KeySpec* port = schema.find("options.port");
    ASSERT_NE(port, nullptr);
    EXPECT_EQ(port->type, config::Type::integer);
    EXPECT_EQ(port->default_json, "6667");
    EXPECT_EQ(port->declared_by, "options");
    EXPECT_TRUE(schema.find("options.password")->secret);
    EXPECT_NE(schema.find("options.enabled"), nullptr);
    EXPECT_EQ(schema.owner_of("options.prot"), "options");
}

TEST_F(ACatalog, DoesNotLetAPluginRedefineAKeyOfTheHub) {
    add("good/options", "options.so");
    config::Schema schema = config::built_in_schema();
    config::KeySpec own;
    own.name = "options.port";
    own.type = config::Type::string;
    own.declared_by = "fedmsg-hub";
    schema.add(own);
    const std::vector<PluginProblem> problems = load().declare(schema);
    ASSERT_THAT(problems, SizeIs(1));
    EXPECT_EQ(problems[0].consumer, "options");
    EXPECT_EQ(problems[0].reason, "declares the option `options.port` as integer, but fedmsg-hub has it as string");
    EXPECT_EQ(schema.find("options.port")->type, config::Type::string);
}

TEST(ThePluginDirectories, AreTheInstalledOnesThenTheConfiguredOnes) {
    const auto directories = plugin_directories(configuration_of(R"({"plugin_dirs": ["/opt/plugins"]})"));
    ASSERT_GE(directories.size(), 2U);
    EXPECT_TRUE(directories.front().may_be_missing);
    EXPECT_THAT(directories.front().path, testing::EndsWith("/fedmsg-hub/plugins"));
    EXPECT_EQ(directories.back().path, "/opt/plugins");
    EXPECT_FALSE(directories.back().may_be_missing);
}

}  // namespace
}  // namespace fedmsg::hub::test
