#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <string>

namespace {

using fedmsg_hub::Consumer;
using fedmsg_hub::Description;
using fedmsg_hub::Json;
using fedmsg_hub::Message;
using fedmsg_hub::Option;
using fedmsg_hub::Options;
using fedmsg_hub::Problems;
using fedmsg_hub::ValueError;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Refused;

struct Optional : Consumer {
    static Description describe() {
        return Description("optional", "Has an option of each kind")
            .topics({"*"})
            .option(Option::text("o.text", "A text").defaults_to("hello").one_of({"hello", "bye"}))
            .option(Option::boolean("o.boolean", "A boolean").defaults_to(true))
            .option(Option::integer("o.integer", "An integer").defaults_to(5).between(1, 10))
            .option(Option::number("o.number", "A number").defaults_to(0.5).between(0, 1))
            .option(Option::list("o.list", "A list").defaults_to(Json::array({"a", "b"})))
            .option(Option::map("o.map", "A map").defaults_to(Json::object({{"k", 1}})))
            .option(Option::any("o.any", "Anything"))
            .option(Option::text("o.secret", "A password").secret());
    }
    static void validate(const Options& options, Problems& problems) {
        if (options.text("o.text") == "bye" && options.boolean("o.boolean"))
            problems.add("o.boolean", "must be false if o.text is bye");
    }
    void consume(const Message&) {}
    void reconfigure(const Options& next) {
        if (next.integer("o.integer") == 7) throw std::runtime_error("7 is not possible now");
    }

    using Consumer::options;
};

std::string refusal(const char* options) {
    try {
        FakeHost<Optional> host(options);
    } catch (const Refused& refused) {
        return refused.what();
    }
    return "(it was accepted)";
}

template <class Call>
std::string error_of(Call call) {
    try {
        call();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "(nothing was thrown)";
}

TEST(AnOption, HasItsDefault) {
    FakeHost<Optional> host;
    const Options options = host.consumer().options();
    EXPECT_EQ(options.text("o.text"), "hello");
    EXPECT_TRUE(options.boolean("o.boolean"));
    EXPECT_EQ(options.integer("o.integer"), 5);
    EXPECT_EQ(options.number("o.number"), 0.5);
    EXPECT_EQ(options.texts("o.list"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(options.value("o.map")["k"].integer(), 1);
    EXPECT_TRUE(options.value("o.any").is_null());
    EXPECT_FALSE(options.has("o.any"));
    EXPECT_TRUE(options.has("o.text"));
}

TEST(AnOption, HasTheConfiguredValue) {
    FakeHost<Optional> host(R"({"o.text": "bye", "o.boolean": false, "o.number": 1, "o.list": [], "o.any": [1],
                                "o.map": {"z": 1, "a": 2}})");
    const Options options = host.consumer().options();
    EXPECT_EQ(options.text("o.text"), "bye");
    EXPECT_FALSE(options.boolean("o.boolean"));
    EXPECT_EQ(options.number("o.number"), 1.0);
    EXPECT_TRUE(options.texts("o.list").empty());
    EXPECT_EQ(options.value("o.any")[0].integer(), 1);
    EXPECT_EQ(options.value("o.map").python(), "{'z': 1, 'a': 2}");  // in the order of the configuration
}

TEST(AnOption, SaysItsNameIfItIsReadAsAnotherType) {
    FakeHost<Optional> host(R"({"o.list": ["a", 1]})");
    const Options options = host.consumer().options();
    EXPECT_EQ(error_of([&] { options.integer("o.text"); }),
              "option o.text: expected an integer, found a string (\"hello\")");
    EXPECT_EQ(error_of([&] { options.texts("o.list"); }), "option o.list: expected a string, found an integer (1)");
    EXPECT_EQ(error_of([&] { options.text("o.secret"); }), "option o.secret: expected a string, found null");
}

TEST(AnOption, MustBeDeclared) {
    FakeHost<Optional> host;
    EXPECT_EQ(error_of([&] { host.consumer().options().text("o.txt"); }),
              "option o.txt is not declared: add it to describe()");
    EXPECT_EQ(refusal(R"({"o.txt": 1})"), "option o.txt is not declared by consumer optional");
}

TEST(AnOption, IsHeldToItsChoicesAndBounds) {
    EXPECT_EQ(refusal(R"({"o.text": "hi"})"), "o.text: must be one of: hello, bye; it is \"hi\"");
    EXPECT_EQ(refusal(R"({"o.integer": 11})"), "o.integer: must be between 1 and 10; it is 11");
    EXPECT_EQ(refusal(R"({"o.integer": 0})"), "o.integer: must be between 1 and 10; it is 0");
    EXPECT_EQ(refusal(R"({"o.number": 1.5})"), "o.number: must be between 0 and 1; it is 1.5");
    EXPECT_EQ(refusal(R"({"o.integer": 10})"), "(it was accepted)");
}

TEST(AnOption, IsHeldToItsType) {
    EXPECT_EQ(refusal(R"({"o.boolean": "yes"})"), "option o.boolean has a value of the wrong type");
}

TEST(Validate, ReportsEveryProblem) {
    EXPECT_EQ(refusal(R"({"o.text": "bye", "o.integer": 99})"),
              "o.integer: must be between 1 and 10; it is 99; o.boolean: must be false if o.text is bye");
}

TEST(Validate, GivesInvalidForProblems) {
    FakeHost<Optional> host;
    const fedmsg_hub::ParsedJson options(fedmsg_hub::testing::json_functions(),
                                         R"({"o.text": "x", "o.boolean": true})");
    std::string problem;
    const auto& descriptor = host.descriptor();
    const auto status = descriptor.functions().validate(
        descriptor.raw.user, fedmsg_hub::testing::json_functions(), options.root().get(),
        [](void* arg, fedmsg_hub_text text) { static_cast<std::string*>(arg)->append(fedmsg_hub::detail::view(text)); },
        &problem);
    EXPECT_EQ(status, FEDMSG_HUB_INVALID);
    EXPECT_EQ(problem, "o.text: must be one of: hello, bye; it is \"x\"");
}

TEST(Reconfigure, TakesNewOptionsOver) {
    FakeHost<Optional> host;
    EXPECT_EQ(host.reconfigure(R"({"o.integer": 6})"), "");
    EXPECT_EQ(host.consumer().options().integer("o.integer"), 6);
    EXPECT_EQ(host.consumer().options().text("o.text"), "hello");
}

TEST(Reconfigure, KeepsTheOldOptionsIfItFails) {
    FakeHost<Optional> host(R"({"o.integer": 3})");
    EXPECT_EQ(host.reconfigure(R"({"o.integer": 7})"), "7 is not possible now");
    EXPECT_EQ(host.consumer().options().integer("o.integer"), 3);
    EXPECT_EQ(host.reconfigure(R"({"o.integer": 70})"), "o.integer: must be between 1 and 10; it is 70");
}

TEST(AnOption, TellsItsChoicesInItsHelp) {
    FakeHost<Optional> host;
    EXPECT_EQ(host.descriptor().options[0].help, "A text (one of: hello, bye)");
    EXPECT_EQ(host.descriptor().options[0].default_json, "\"hello\"");
    EXPECT_EQ(host.descriptor().options[7].flags, static_cast<unsigned>(FEDMSG_HUB_OPTION_SECRET));
    EXPECT_EQ(host.descriptor().options[6].default_json, "");
}

}  // namespace
