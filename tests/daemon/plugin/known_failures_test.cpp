// Known failures that the loader can show.
#include <fstream>

#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using namespace std::chrono_literals;

// Not asserted here: "refuse to start ... (exit status 'configuration')" and "in tolerant mode: run, but check tool and
// health are red": that is the daemon's start, which acts on what this shows; the reason names the file.
TEST(KnownFailures, KF_022_ATruncatedPluginIsAVisibleProblem) {
    const TemporaryDirectory directory;
    const std::string whole = read_file(fixture("good/minimal"));
    const std::string path = directory.write("minimal.so", whole.substr(0, whole.size() / 2));
    Prober prober = make_prober();
    const Catalog catalog = Catalog::load({{directory.path().string()}}, Trust::own_user_too, prober,
                                          configuration_of(R"({"minimal.enabled": true})"));
    ASSERT_THAT(catalog.problems(), SizeIs(1));
    EXPECT_THAT(catalog.problems()[0].text(), StartsWith(path + ": the file is truncated or damaged"));
}

TEST(KnownFailures, KF_023_EachPluginHasItsOwnSymbolsInEveryOrderOfLoading) {
    std::vector<std::string> order{"a", "b", "c"};
    do {
        for (const std::string& name : order) {
            const auto plugin = load(fixture("helpers/helper_" + name));
            if (name == "b") {
                ASSERT_FALSE(plugin) << order[0] << order[1] << order[2];
                EXPECT_THAT(plugin.error().text, HasSubstr("undefined symbol: helper"));
                continue;
            }
            ASSERT_TRUE(plugin) << plugin.error().text;
            const Description description = describe(*plugin, parsed("{}"));
            ASSERT_THAT(description.consumers, SizeIs(1));
            EXPECT_EQ(description.consumers[0]->description, "helper of " + name);
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

class KnownFailure024 : public testing::Test {
protected:
    Catalog load_all(const Catalog* previous = nullptr) {
        return Catalog::load({{directory.path().string()}}, Trust::own_user_too, prober, configuration_of("{}"),
                             previous);
    }
    // Sends messages to the catalog's consumer; all must be taken.
    void send_thousand(const Catalog& catalog) {
        const auto made =
            PluginConsumer::create(catalog.find("versioned"), parsed("{}"), services, {30s, graveyard, nullptr});
        ASSERT_TRUE(made);
        const MutableMessagePtr message = pool.make("t", R"({"topic": "t", "msg": {}})", "e", Clock::Wall(1s));
        const Delivery delivery{message.get(), 1, 1};
        for (int i = 0; i < 1000; ++i) {
            Outcome outcome{Outcome::Kind::fail, {}, {}};
            (*made)->consume({&delivery, 1}, {&outcome, 1});
            ASSERT_EQ(outcome.kind, Outcome::Kind::ack);
        }
    }

    TemporaryDirectory directory;
    Prober prober = make_prober();
    FakeServices services;
    MessagePool pool;
    Graveyard graveyard;
};

TEST_F(KnownFailure024, KF_024_a_AfterARenameTheNewVersionIsActive) {
    copy_of("helpers/version_1", directory, "plugin.so");
    const Catalog before = load_all();
    EXPECT_EQ(before.find("versioned")->plugin->version, "1");
    copy_of("helpers/version_2", directory, "plugin.so.new");
    std::filesystem::rename(directory / "plugin.so.new", directory / "plugin.so");
    EXPECT_TRUE(file_changed(*before.find("versioned")->plugin)) << "status compares with the file on disk";

    const Catalog after = load_all(&before);
    EXPECT_EQ(after.find("versioned")->plugin->version, "2");
    EXPECT_NE(after.find("versioned")->plugin->elf_build_id, before.find("versioned")->plugin->elf_build_id);
    EXPECT_FALSE(file_changed(*after.find("versioned")->plugin));
    send_thousand(after);
    // The old generation goes on as itself meanwhile.
    send_thousand(before);
}

TEST_F(KnownFailure024, KF_024_b_WritingIntoTheSameFileCrashesNothing) {
    copy_of("helpers/version_1", directory, "plugin.so");
    const Catalog before = load_all();
    {
        std::ofstream file(directory / "plugin.so", std::ios::binary | std::ios::in | std::ios::out);
        file << read_file(fixture("helpers/version_2"));
    }
    send_thousand(before);
    const Catalog after = load_all(&before);
    EXPECT_EQ(after.find("versioned")->plugin->version, "2");
    send_thousand(after);
}

// Not asserted here: "status lists A and B as failed": the application's list of consumers, fed by these errors.
TEST(KnownFailures, KF_025_EachPluginThatCannotBeMadeHasOneReasonAndTheOthersWork) {
    FakeServices services;
    Graveyard graveyard;
    const auto make = [&](const std::string& file, const std::string& name) {
        return PluginConsumer::create(consumer_of(fixture(file), name), parsed("{}"), services,
                                      {30s, graveyard, nullptr});
    };
    const auto a = make("bad/create_throws", "create-throws");
    const auto b = make("bad/create_null", "create-null");
    const auto c = make("good/minimal", "minimal");
    ASSERT_FALSE(a);
    EXPECT_EQ(a.error().text, "create threw std::runtime_error: missing key example.topic");
    ASSERT_FALSE(b);
    EXPECT_EQ(b.error().text, "create reported success, but returned no instance");
    EXPECT_TRUE(c);
    EXPECT_THAT(services.lines(), IsEmpty()) << "the reason is told once, by the caller";
}

// The requirement of KF-025: absence of a needed key is reported before create.
TEST(KnownFailures, KF_025_AMissingKeyIsReportedBeforeTheConsumerIsMade) {
    const auto consumer = consumer_of(fixture("good/options"), "options");
    const EffectiveOptions options = effective_options(*consumer, configuration_of(R"({"options.enabled": true})"));
    ASSERT_THAT(options.problems, SizeIs(1));
    EXPECT_THAT(options.problems[0].text, AllOf(HasSubstr("consumer options"), HasSubstr("`options.server`")));
}

// Not asserted here: "with topic and msg_id in the log, worker count unchanged": the lane's part; it gets each failure
// with its reason. The fixture throws out of consume_batch itself, so messages are handed over one at a time.
TEST(KnownFailures, KF_012_EveryThrowOfAConsumerIsOneFailedMessage) {
    FakeServices services;
    Graveyard graveyard;
    MessagePool pool;
    const auto consumer = consumer_of(fixture("stage/stage"), "throwing");
    const EffectiveOptions options = effective_options(*consumer, configuration_of("{}"));
    const auto made = PluginConsumer::create(consumer, options.values, services, {30s, graveyard, nullptr});
    ASSERT_TRUE(made);
    const MutableMessagePtr message = pool.make("t", R"({"topic": "t", "msg": {}})", "e", Clock::Wall(1s));
    const Delivery delivery{message.get(), 1, 1};
    int failures = 0;
    std::set<std::string> reasons;
    for (int i = 0; i < 300; ++i) {
        Outcome outcome;
        (*made)->consume({&delivery, 1}, {&outcome, 1});
        if (outcome.kind == Outcome::Kind::ack) continue;
        ++failures;
        reasons.insert(outcome.reason);
    }
    EXPECT_EQ(failures, 100);
    EXPECT_THAT(reasons, ElementsAre("consume_batch threw foreign::Thing", "consume_batch threw int: 42",
                                     "consume_batch threw std::runtime_error: the third one"));
}

// The part of KF-120 that concerns plugins (its status directory, last-message file and CRL cache are other parts):
// what others own, can write, or have linked is refused or not followed, with the reason.
TEST(KnownFailures, KF_120_PluginsThatOthersCouldChangeAreRefused) {
    const TemporaryDirectory directory;
    std::filesystem::create_symlink(fixture("good/minimal"), directory / "link.so");
    copy_of("good/several", directory, "writable.so", std::filesystem::perms{0666});
    Prober prober = make_prober();
    const Catalog catalog =
        Catalog::load({{directory.path().string()}}, Trust::own_user_too, prober, configuration_of("{}"));
    EXPECT_THAT(catalog.consumers(), IsEmpty());
    ASSERT_THAT(catalog.problems(), SizeIs(2));
    EXPECT_THAT(catalog.problems()[0].text(), StartsWith((directory / "link.so") + ": is a symbolic link"));
    EXPECT_THAT(catalog.problems()[1].text(), StartsWith((directory / "writable.so") + ": is writable by others"));
}

}  // namespace
}  // namespace fedmsg::hub::test
