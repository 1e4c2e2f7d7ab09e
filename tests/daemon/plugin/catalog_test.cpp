// Directories of plugin files: what is found, in which order, and what collides.
#include <algorithm>
#include <fstream>

#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ACatalog : public testing::Test {
protected:
    Catalog load(const Catalog* previous = nullptr) {
        return Catalog::load({{directory / "plugins"}}, Trust::own_user_too, prober, configuration_of("{}"), previous);
    }
    std::vector<std::string> names(const Catalog& catalog) {
        std::vector<std::string> found;
        for (const auto& consumer : catalog.consumers()) found.push_back(consumer->name);
        return found;
    }
    std::string install(const std::string& name, const std::string& as) {
        return copy_of(name, directory, "plugins/" + as);
    }
    // Writes a new file and renames it over the old one, as package managers do.
    void replace(const std::string& name, const std::string& as) {
        const auto fresh = copy_of(name, directory, "fresh.so");
        std::filesystem::rename(fresh, directory / ("plugins/" + as));
    }

    TemporaryDirectory directory;
    Prober prober = make_prober();
};

TEST_F(ACatalog, FindsFilesInByteOrderAndNothingElse) {
    install("good/several", "b.so");
    install("good/minimal", "a.so");
    install("good/minimal", "README");
    std::filesystem::create_directories(directory / "plugins/dir.so");
    EXPECT_THAT(names(load()), ElementsAre("minimal", "several-one", "several-two", "several-three"));
}

TEST_F(ACatalog, KeepsTheGoodFilesBesideABadOne) {
    install("good/minimal", "good.so");
    install("bad/major_2", "bad.so");
    const auto catalog = load();
    EXPECT_THAT(names(catalog), ElementsAre("minimal"));
    ASSERT_EQ(catalog.problems().size(), 1U);
    EXPECT_THAT(catalog.problems()[0].text(), HasSubstr("plugins/bad.so"));
}

TEST_F(ACatalog, RefusesASecondConsumerOfOneName) {
    install("good/minimal", "a.so");
    install("good/minimal", "b.so");
    const auto catalog = load();
    EXPECT_THAT(names(catalog), ElementsAre("minimal"));
    ASSERT_EQ(catalog.problems().size(), 1U);
    EXPECT_THAT(catalog.problems()[0].text(), HasSubstr("a.so"));
    EXPECT_THAT(catalog.problems()[0].text(), HasSubstr("b.so"));
}

TEST_F(ACatalog, TellsOfADirectoryThatIsMissing) {
    const auto catalog = Catalog::load({{directory / "nowhere"}, {directory / "perhaps", true}}, Trust::own_user_too,
                                       prober, configuration_of("{}"));
    ASSERT_EQ(catalog.problems().size(), 1U);
    EXPECT_THAT(catalog.problems()[0].text(), HasSubstr("nowhere"));
}

TEST_F(ACatalog, DeclaresTheKeysOfItsConsumers) {
    install("good/options", "options.so");
    auto schema = config::built_in_schema();
    const auto catalog = load();
    EXPECT_THAT(catalog.declare(schema), IsEmpty());
    for (const auto& consumer : catalog.consumers()) {
        EXPECT_NE(schema.find(consumer->config_key), nullptr);
        for (const auto& option : consumer->options) EXPECT_NE(schema.find(option.name), nullptr) << option.name;
    }
}

// KF-023: A exports helper(), B uses it without linking it, C defines another. In every order B fails at load time with
// the symbol named, and A and C keep their own.
TEST(AHelperFunction, KF_023_OfOnePluginIsNeverAnothers) {
    std::vector<std::string> order{"helper_a", "helper_b", "helper_c"};
    do {
        const TemporaryDirectory directory;
        for (std::size_t i = 0; i < order.size(); ++i)
            copy_of("helpers/" + order[i], directory, "plugins/" + std::to_string(i) + ".so");
        Prober prober = make_prober();
        const auto catalog =
            Catalog::load({{directory / "plugins"}}, Trust::own_user_too, prober, configuration_of("{}"));
        ASSERT_EQ(catalog.problems().size(), 1U);
        EXPECT_THAT(catalog.problems()[0].reason, HasSubstr("undefined symbol: helper"));
        EXPECT_EQ(catalog.find("helper-a")->description, "helper of a");
        EXPECT_EQ(catalog.find("helper-c")->description, "helper of c");
    } while (std::next_permutation(order.begin(), order.end()));
}

// KF-024: version 1 is loaded, version 2 installed (a) by rename over it: a new catalog has version 2, and the old one
// is still what it was; (b) by writing into the same file: no crash, and the file counts as changed. Sending 1,000
// messages after a reload belongs to the reload of the running hub.
TEST_F(ACatalog, KF_024_ANewVersionIsNeverTakenForTheOldOne) {
    const auto path = install("helpers/version_1", "versioned.so");
    const auto first = load();
    ASSERT_EQ(first.plugins().size(), 1U);
    EXPECT_EQ(first.plugins()[0]->version, "1");
    EXPECT_FALSE(file_changed(*first.plugins()[0]));
    replace("helpers/version_2", "versioned.so");
    EXPECT_TRUE(file_changed(*first.plugins()[0]));
    const auto second = load(&first);
    EXPECT_EQ(second.plugins()[0]->version, "2");
    EXPECT_EQ(first.plugins()[0]->version, "1");
    EXPECT_NE(second.plugins()[0]->elf_build_id, first.plugins()[0]->elf_build_id);

    std::ofstream(path, std::ios::binary | std::ios::trunc) << read_file(fixture("helpers/version_1"));
    EXPECT_TRUE(file_changed(*second.plugins()[0]));
    EXPECT_EQ(describe(second.plugins()[0], parsed("{}")).consumers.size(), 1U);
}

}  // namespace
}  // namespace fedmsg::hub::test
