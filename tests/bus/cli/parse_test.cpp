#include <gtest/gtest.h>

#include "bus/cli/command_line.hpp"
#include "bus/cli/numbers.hpp"

namespace fedmsg::cli {
namespace {

class ACommandLine : public ::testing::Test {
protected:
    ACommandLine() {
        line_.option("--topic", "topic", Kind::text, "prefix");
        line_.flag("--terse", "terse", "natural language");
        line_.flag("--really-pretty", "really_pretty", "in colours");
        line_.flag("--validate", "validate_signatures", "check");
        OptionSpec no_validate;
        no_validate.name = "--no-validate";
        no_validate.key = "validate_signatures";
        no_validate.is_flag = true;
        no_validate.flag_value = false;
        line_.add(no_validate);
    }

    Parsed parse(std::vector<const char*> arguments) {
        arguments.insert(arguments.begin(), "prog");
        return cli::parse(static_cast<int>(arguments.size()), arguments.data(), line_);
    }
    std::string value(std::vector<const char*> arguments, const std::string& option) {
        const Parsed parsed = parse(std::move(arguments));
        const auto found = parsed.given.find(option);
        return found == parsed.given.end() ? "not given" : found->second.back();
    }
    std::string failure(std::vector<const char*> arguments) {
        try {
            parse(std::move(arguments));
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.code, 2);
            return failure.what();
        }
        return "no failure";
    }
    std::string override_of(std::vector<const char*> arguments, const std::string& key) {
        config::Request request;
        apply_options(line_, parse(std::move(arguments)), request);
        std::string found = "none";
        for (const auto& [name, json] : request.overrides)
            if (name == key) found = json;
        return found;
    }

    CommandLine line_{"prog", "tests"};
};

TEST_F(ACommandLine, TakesAValueAsNextArgumentOrBehindAnEqualsSign) {
    EXPECT_EQ(value({"--topic", "a.b"}, "--topic"), "a.b");
    EXPECT_EQ(value({"--topic=a=b"}, "--topic"), "a=b");
    EXPECT_EQ(value({"--topic", ""}, "--topic"), "");
    EXPECT_EQ(value({"--topic="}, "--topic"), "");
}

TEST_F(ACommandLine, TakesValuesThatLookLikeListsAsTheyAre) {
    EXPECT_EQ(value({"--topic", "[a,b]"}, "--topic"), "[a,b]");
}

TEST_F(ACommandLine, LetsTheLastOfRepeatedOptionsWin) {
    EXPECT_EQ(override_of({"--topic", "a", "--topic=b"}, "topic"), "\"b\"");
    EXPECT_EQ(override_of({"--validate", "--no-validate"}, "validate_signatures"), "false");
    EXPECT_EQ(override_of({"--no-validate", "--validate"}, "validate_signatures"), "true");
}

TEST_F(ACommandLine, ExpandsUnambiguousPrefixes) {
    EXPECT_EQ(value({"--really"}, "--really-pretty"), "true");
    EXPECT_EQ(value({"--topic-p", "x"}, "--topic-prefix"), "x");
    EXPECT_EQ(value({"--hi=5"}, "--high-water-mark"), "5");
}

TEST_F(ACommandLine, PrefersAnExactName) {
    EXPECT_EQ(value({"--topic", "x"}, "--topic"), "x");
    EXPECT_EQ(value({"--topic", "x"}, "--topic-prefix"), "not given");
}

TEST_F(ACommandLine, RefusesAmbiguousPrefixes) {
    EXPECT_EQ(failure({"--to", "x"}), "ambiguous option: --to could match --topic-prefix, --topic");
    EXPECT_EQ(failure({"--t", "x"}), "ambiguous option: --t could match --topic-prefix, --timeout, --topic, --terse");
}

TEST_F(ACommandLine, RefusesUnknownOptionsAndPositionalArguments) {
    EXPECT_EQ(failure({"--nope"}), "unrecognized arguments: --nope");
    EXPECT_EQ(failure({"--nope=3", "x", "--terse"}), "unrecognized arguments: --nope=3 x");
    EXPECT_EQ(failure({"-x"}), "unrecognized arguments: -x");
    EXPECT_EQ(failure({"--", "--terse"}), "unrecognized arguments: --terse");
}

TEST_F(ACommandLine, EndsOptionsAtTwoDashes) {
    EXPECT_NO_THROW(parse({"--terse", "--"}));
}

TEST_F(ACommandLine, RefusesWrongNumbers) {
    EXPECT_EQ(failure({"--io-threads", "x"}), "argument --io-threads: invalid int value: 'x'");
    EXPECT_EQ(failure({"--io-threads", "1.5"}), "argument --io-threads: invalid int value: '1.5'");
    EXPECT_EQ(failure({"--timeout", "it's"}), "argument --timeout: invalid float value: \"it's\"");
    EXPECT_EQ(failure({"--io-threads="}), "argument --io-threads: invalid int value: ''");
}

TEST_F(ACommandLine, RefusesAMissingValue) {
    EXPECT_EQ(failure({"--topic"}), "argument --topic: expected one argument");
    EXPECT_EQ(failure({"--topic", "--terse"}), "argument --topic: expected one argument");
    EXPECT_EQ(failure({"--topic", "-x"}), "argument --topic: expected one argument");
}

TEST_F(ACommandLine, TakesNegativeNumbersAndTextsWithBlanksAsValues) {
    EXPECT_EQ(value({"--linger", "-1"}, "--linger"), "-1");
    EXPECT_EQ(value({"--topic", "- a b"}, "--topic"), "- a b");
    EXPECT_EQ(value({"--topic", "-"}, "--topic"), "-");
    EXPECT_EQ(value({"--topic=-x"}, "--topic"), "-x");
}

TEST_F(ACommandLine, RefusesAValueForAFlag) {
    EXPECT_EQ(failure({"--terse=no"}), "argument --terse: ignored explicit argument 'no'");
}

TEST_F(ACommandLine, RefusesArgumentsThatAreNotUtf8) {
    EXPECT_EQ(failure({"--topic", "\xff"}), "argument 2 is not UTF-8");
}

TEST_F(ACommandLine, StopsAtHelp) {
    EXPECT_EQ(parse({"-h"}).stop, Parsed::Stop::help);
    EXPECT_EQ(parse({"--nope", "--he", "--io-threads", "x"}).stop, Parsed::Stop::help);
    EXPECT_EQ(failure({"--io-threads", "x", "--help"}), "argument --io-threads: invalid int value: 'x'");
}

TEST_F(ACommandLine, HasAVersionOnlyIfThereIsOne) {
    EXPECT_EQ(failure({"--version"}), "unrecognized arguments: --version");
    line_.version = "prog 1.0";
    EXPECT_EQ(parse({"--version"}).stop, Parsed::Stop::version);
}

TEST_F(ACommandLine, KnowsConfigAsAnotherNameOfConfigFilename) {
    line_.flag("--config-check", "", "an option that begins alike");
    config::Request request;
    apply_options(line_, parse({"--config", "a.yaml", "--config=dir", "--config-filename", "b"}), request);
    EXPECT_EQ(request.paths, (std::vector<std::string>{"a.yaml", "dir", "b"}));
}

TEST_F(ACommandLine, TurnsOptionsIntoConfigurationKeys) {
    EXPECT_EQ(override_of({"--linger", " 05 "}, "zmq_linger"), "5");
    EXPECT_EQ(override_of({"--post-init-sleep", ".5"}, "post_init_sleep"), "0.5");
    EXPECT_EQ(override_of({"--timeout=1e3"}, "timeout"), "1000.0");
    EXPECT_EQ(override_of({"--topic", "caf\xc3\xa9"}, "topic"), "\"caf\\u00e9\"");
    EXPECT_EQ(override_of({"--terse"}, "terse"), "true");
    EXPECT_EQ(override_of({}, "terse"), "none");
}

TEST_F(ACommandLine, FillsInitialValuesWhereNothingIsGivenOrConfigured) {
    OptionSpec message;
    message.name = "--message";
    message.key = "logger_message";
    message.default_from_config = false;
    line_.add(message);
    config::Configuration configuration;
    configuration.set_text("topic", "configured", {"base.yaml", 3});
    configuration.set_text("logger_message", "not as default", {"base.yaml", 4});
    apply_defaults(line_, parse({}), configuration);
    EXPECT_EQ(configuration.text("topic", ""), "configured");
    EXPECT_FALSE(configuration.boolean("terse", true));
    EXPECT_FALSE(configuration.has("validate_signatures") && configuration.boolean("validate_signatures", true));
    ASSERT_TRUE(configuration.has("logger_message"));
    EXPECT_TRUE(configuration.find("logger_message")->IsNull());
}

TEST_F(ACommandLine, HasAUsageThatNamesEveryOption) {
    const std::string text = usage(line_, "./prog");
    EXPECT_EQ(text.find("usage: ./prog [-h] [--io-threads N]"), 0u);
    for (const OptionSpec& option : line_.all_options()) EXPECT_NE(text.find("[" + option.name), std::string::npos);
    std::size_t start = 0;
    for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
        EXPECT_LE(end - start, 78u);
}

TEST_F(ACommandLine, HasAHelpThatExplainsEveryOptionWithKeyAndDefault) {
    const std::string text = help(line_, "prog");
    EXPECT_NE(text.find("  --linger N"), std::string::npos);
    EXPECT_NE(text.find("[key zmq_linger; default 1000]"), std::string::npos);
    EXPECT_NE(text.find("  --terse                 natural language [key terse]\n"), std::string::npos);
}

TEST(NumbersOfTheCommandLine, FollowPythonsInt) {
    EXPECT_EQ(integer_json("+7"), "7");
    EXPECT_EQ(integer_json("-0"), "0");
    EXPECT_EQ(integer_json("1_000"), "1000");
    EXPECT_EQ(integer_json("123456789012345678901234567890"), "123456789012345678901234567890");
    for (const char* wrong : {"", "-", "1__0", "_1", "1_", "0x10", "1e3", "1 2"})
        EXPECT_EQ(integer_json(wrong), std::nullopt);
}

TEST(NumbersOfTheCommandLine, FollowPythonsFloat) {
    EXPECT_EQ(number_json("5."), "5.0");
    EXPECT_EQ(number_json("-.5e1"), "-5.0");
    EXPECT_EQ(number_json("3"), "3.0");
    for (const char* wrong : {"", ".", "e5", "1e", "0x1p3", "--1", "nan"}) EXPECT_EQ(number_json(wrong), std::nullopt);
}

}  // namespace
}  // namespace fedmsg::cli
