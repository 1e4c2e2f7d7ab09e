// Options of a consumer against a configuration.
#include "bus/json/writer.hpp"
#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

EffectiveOptions options_under(const std::string& configuration) {
    static const ConsumerDeclarationPtr consumer = consumer_of(fixture("good/options"), "options");
    return effective_options(*consumer, configuration_of(configuration));
}

std::vector<std::string> problems_under(const std::string& configuration) {
    std::vector<std::string> texts;
    for (const config::Problem& problem : options_under(configuration).problems)
        texts.push_back(problem.origin.text() + ": " + problem.text);
    return texts;
}

TEST(Options, HaveTheirDefaultsWhereNothingIsConfigured) {
    const EffectiveOptions options = options_under(R"({"options.enabled": true, "options.server": "irc.example.org"})");
    EXPECT_THAT(options.problems, IsEmpty());
    EXPECT_EQ(json::canonical(options.values),
              R"({"options.anything":null,"options.channels":["#one"],"options.colours":{},"options.password":null,)"
              R"("options.port":6667,"options.ratio":0.5,"options.server":"irc.example.org","options.tls":true})");
}

TEST(Options, AreTakenFromTheConfiguration) {
    const EffectiveOptions options =
        options_under(R"({"options.enabled": true, "options.server": "x", "options.port": 1,
        "options.tls": false, "options.ratio": 2, "options.channels": [], "options.colours": {"a": 1},
        "options.password": "p", "options.anything": [[]], "unrelated": 1})");
    EXPECT_THAT(options.problems, IsEmpty());
    EXPECT_EQ(json::canonical(options.values),
              R"({"options.anything":[[]],"options.channels":[],"options.colours":{"a":1},"options.password":"p",)"
              R"("options.port":1,"options.ratio":2,"options.server":"x","options.tls":false})");
}

TEST(Options, ThatAreNullHaveTheirDefault) {
    const EffectiveOptions options = options_under(R"({"options.server": "x", "options.port": null})");
    EXPECT_THAT(options.problems, IsEmpty());
    EXPECT_EQ(json::find(options.values, "options.port")->GetInt(), 6667);
}

TEST(Options, ThatAreRequiredAndMissingAreNamedWithTheKeyThatEnables) {
    EXPECT_THAT(problems_under(R"({"options.enabled": true})"),
                ElementsAre("/etc/fedmsg.d/test.yaml:7: consumer options: needs the option `options.server` (Where to "
                            "send): set it, or set `options.enabled: false`"));
}

TEST(Options, OfTheWrongTypeAreNamedWithTheirPlace) {
    EXPECT_THAT(problems_under(R"({"options.server": "x", "options.port": "6667", "options.tls": 1})"),
                ElementsAre("/etc/fedmsg.d/test.yaml:7: consumer options: `options.port` must be an integer",
                            "/etc/fedmsg.d/test.yaml:7: consumer options: `options.tls` must be a boolean"));
}

TEST(Options, AreJudgedByThePluginItself) {
    EXPECT_THAT(problems_under(R"({"options.server": "", "options.port": 70000})"),
                ElementsAre("/etc/fedmsg.d/test.yaml:7: consumer options: options.server must not be empty",
                            "/etc/fedmsg.d/test.yaml:7: consumer options: options.port must be between 1 and 65535"));
}

TEST(Options, OfAPluginWhoseValidateThrowsAreRefused) {
    const auto consumer = consumer_of(fixture("bad/throws_everywhere"), "throws-in-validate");
    const EffectiveOptions options = effective_options(*consumer, configuration_of(R"({"throws.enabled": true})"));
    ASSERT_THAT(options.problems, SizeIs(1));
    EXPECT_EQ(options.problems[0].text,
              "consumer throws-in-validate: validate threw std::runtime_error: validate says no");
}

}  // namespace
}  // namespace fedmsg::hub::test
