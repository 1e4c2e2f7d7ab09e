// Descriptors, right and wrong. The table is made here: a plugin file would add nothing.
#include <limits>

#include "daemon/plugin/declaration.hpp"
#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

fedmsg_hub_text text_of(std::string_view text) {
    return {text.data(), text.size()};
}

std::int32_t create(void*, const fedmsg_hub_host*, fedmsg_hub_context*, const fedmsg_hub_value*, void**,
                    fedmsg_hub_text_fn, void*) {
    return FEDMSG_HUB_OK;
}
void consume(void*, const fedmsg_hub_message* const*, std::uint32_t, fedmsg_hub_result*) {}
std::int32_t poll(void*, fedmsg_hub_text_fn, void*) {
    return FEDMSG_HUB_OK;
}
void destroy(void*) {}

// The descriptors that describe() below hands over. Thread-free: one test at a time.
std::vector<fedmsg_hub_consumer>& offered() {
    static std::vector<fedmsg_hub_consumer> consumers;
    return consumers;
}

std::int32_t describe_offered(const fedmsg_hub_json*, const fedmsg_hub_value*, const fedmsg_hub_describe_sink* sink) {
    std::int32_t status = FEDMSG_HUB_OK;
    for (const fedmsg_hub_consumer& consumer : offered()) status = sink->add(sink->arg, &consumer);
    return status;
}

// A descriptor with one of everything; tests break one thing of it.
class ADescriptor : public testing::Test {
protected:
    ADescriptor() {
        functions.struct_size = sizeof functions;
        functions.create = &create;
        functions.consume_batch = &consume;
        functions.destroy = &destroy;
        option.struct_size = sizeof option;
        option.type = FEDMSG_HUB_OPTION_INTEGER;
        option.name = text_of("example.limit");
        option.default_json = text_of("5");
        option.help = text_of("How many");
        consumer.struct_size = sizeof consumer;
        consumer.capabilities = FEDMSG_HUB_PUBLISHES | FEDMSG_HUB_PARALLEL;
        consumer.name = text_of("example");
        consumer.description = text_of("An example");
        consumer.config_key = text_of("example.enabled");
        consumer.topics = topics;
        consumer.topic_count = 2;
        consumer.key_prefixes = prefixes;
        consumer.key_prefix_count = 1;
        consumer.options = options;
        consumer.option_count = 1;
        consumer.validate_signatures = FEDMSG_HUB_YES;
        consumer.max_attempts = 3;
        consumer.first_delay_ms = 50;
        consumer.delay_factor = 1.5;
        consumer.max_delay_ms = 1000;
        consumer.functions = &functions;
        consumer.user = this;
    }
    ~ADescriptor() override { offered().clear(); }

    Description describe_it() {
        auto plugin = std::make_shared<Plugin>();
        plugin->file.path = "/plugins/example.so";
        plugin->table.describe = &describe_offered;
        if (offered().empty()) offered().push_back(consumer);
        return describe(plugin, parsed("{}"));
    }

    std::string reason() {
        const Description description = describe_it();
        EXPECT_THAT(description.consumers, IsEmpty());
        EXPECT_THAT(description.problems, SizeIs(1));
        return description.problems.empty() ? "" : description.problems.front().reason;
    }

    fedmsg_hub_functions functions{};
    fedmsg_hub_option option{};
    fedmsg_hub_text topics[2] = {text_of("org.example.*"), text_of("words:org.*.*.git.#")};
    fedmsg_hub_text prefixes[1] = {text_of("example")};
    const fedmsg_hub_option* options[2] = {&option, &option};
    fedmsg_hub_consumer consumer{};
};

TEST_F(ADescriptor, IsCopied) {
    const Description description = describe_it();
    ASSERT_THAT(description.problems, IsEmpty());
    ASSERT_THAT(description.consumers, SizeIs(1));
    const ConsumerDeclaration& copy = *description.consumers.front();
    EXPECT_EQ(copy.name, "example");
    EXPECT_EQ(copy.description, "An example");
    EXPECT_EQ(copy.config_key, "example.enabled");
    EXPECT_THAT(copy.topics, ElementsAre("org.example.*", "words:org.*.*.git.#"));
    EXPECT_THAT(copy.key_prefixes, ElementsAre("example"));
    ASSERT_THAT(copy.options, SizeIs(1));
    EXPECT_EQ(copy.options[0].name, "example.limit");
    EXPECT_EQ(copy.options[0].type, config::Type::integer);
    EXPECT_EQ(copy.options[0].default_json, "5");
    EXPECT_EQ(copy.options[0].help, "How many");
    EXPECT_TRUE(copy.publishes);
    EXPECT_FALSE(copy.executes);
    EXPECT_TRUE(copy.parallel);
    EXPECT_FALSE(copy.reconfigures);
    EXPECT_EQ(copy.validate_signatures, Wish::yes);
    EXPECT_EQ(copy.retry.max_attempts, 3U);
    EXPECT_EQ(copy.retry.first_delay.count(), 50);
    EXPECT_EQ(copy.retry.factor, 1.5);
    EXPECT_EQ(copy.retry.max_delay.count(), 1000);
    EXPECT_EQ(copy.user, this);
    EXPECT_EQ(copy.functions.create, &create);
}

TEST_F(ADescriptor, OfALaterMinorVersionIsTakenAsFarAsItIsKnown) {
    struct Longer {
        fedmsg_hub_functions known;
        void (*unknown)();
    } longer{functions, nullptr};
    longer.known.struct_size = sizeof longer;
    consumer.functions = &longer.known;
    consumer.capabilities |= 1U << 20;
    EXPECT_THAT(describe_it().consumers, SizeIs(1));
}

TEST_F(ADescriptor, OfAProducerNeedsNoTopics) {
    consumer.topic_count = 0;
    consumer.topics = nullptr;
    consumer.period_ms = 1000;
    functions.consume_batch = nullptr;
    functions.poll = &poll;
    const Description description = describe_it();
    ASSERT_THAT(description.consumers, SizeIs(1));
    EXPECT_EQ(description.consumers.front()->period.count(), 1000);
}

TEST_F(ADescriptor, ThatIsBrokenLeavesTheOthersOfItsFile) {
    fedmsg_hub_consumer good = consumer;
    good.name = text_of("good");
    consumer.name = text_of("UPPER");
    offered() = {good, consumer};
    const Description description = describe_it();
    ASSERT_THAT(description.consumers, SizeIs(1));
    EXPECT_EQ(description.consumers.front()->name, "good");
    ASSERT_THAT(description.problems, SizeIs(1));
    EXPECT_EQ(description.problems.front().text(),
              "/plugins/example.so: consumer UPPER: \"UPPER\" is no legal name for a consumer: a small letter, then "
              "small letters, digits and '-'");
}

TEST_F(ADescriptor, WithAnIllegalNameIsRefused) {
    for (const std::string_view name : {"", "9lives", "-x", "a_b", "a.b", "a b", "\xc3\xa4rger", "a\nb"}) {
        offered().clear();
        consumer.name = text_of(name);
        EXPECT_THAT(reason(), HasSubstr("is no legal name")) << name;
    }
    offered().clear();
    const std::string longest(65, 'a');
    consumer.name = text_of(longest);
    EXPECT_THAT(reason(), HasSubstr("its name has 65 bytes; at most 64 are allowed"));
}

TEST_F(ADescriptor, WithANullPointerAndASizeIsRefused) {
    consumer.description = {nullptr, 10};
    EXPECT_THAT(reason(), HasSubstr("its description is a null pointer with a size of 10"));
}

TEST_F(ADescriptor, WithAnAbsurdSizeIsRefusedUnread) {
    consumer.config_key.size = std::numeric_limits<std::uint64_t>::max();
    EXPECT_THAT(reason(), HasSubstr("its config_key has 18446744073709551615 bytes"));
}

TEST_F(ADescriptor, WithTextThatIsNoUtf8IsRefused) {
    consumer.description = text_of("\xff\xfe");
    EXPECT_THAT(reason(), HasSubstr("its description is not UTF-8"));
}

TEST_F(ADescriptor, WithoutAConfigKeyIsRefused) {
    consumer.config_key = {};
    EXPECT_THAT(reason(), HasSubstr("its config_key is empty"));
}

TEST_F(ADescriptor, ThatIsTooSmallIsRefused) {
    consumer.struct_size = 8;
    EXPECT_THAT(reason(), HasSubstr("a descriptor has 8 bytes"));
}

TEST_F(ADescriptor, WithoutFunctionsIsRefused) {
    consumer.functions = nullptr;
    EXPECT_THAT(reason(), HasSubstr("no function table"));
}

TEST_F(ADescriptor, WithAFunctionTableThatIsTooSmallIsRefused) {
    functions.struct_size = 16;
    EXPECT_THAT(reason(), HasSubstr("its function table has 16 bytes"));
}

TEST_F(ADescriptor, WithoutCreateIsRefused) {
    functions.create = nullptr;
    EXPECT_THAT(reason(), HasSubstr("no function create"));
}

TEST_F(ADescriptor, WithoutDestroyIsRefused) {
    functions.destroy = nullptr;
    EXPECT_THAT(reason(), HasSubstr("no function destroy"));
}

TEST_F(ADescriptor, WithTopicsNeedsConsumeBatch) {
    functions.consume_batch = nullptr;
    EXPECT_THAT(reason(), HasSubstr("topics, but no function consume_batch"));
}

TEST_F(ADescriptor, WithAPeriodNeedsPoll) {
    consumer.period_ms = 5;
    EXPECT_THAT(reason(), HasSubstr("a period, but no function poll"));
}

TEST_F(ADescriptor, WithNeitherTopicsNorAPeriodIsRefused) {
    consumer.topic_count = 0;
    EXPECT_THAT(reason(), HasSubstr("neither topics nor a period"));
}

TEST_F(ADescriptor, ThatReconfiguresNeedsTheFunction) {
    consumer.capabilities = FEDMSG_HUB_RECONFIGURES;
    EXPECT_THAT(reason(), HasSubstr("declares the capability RECONFIGURES, but has no function reconfigure"));
}

TEST_F(ADescriptor, WithTopicsBehindANullPointerIsRefused) {
    consumer.topics = nullptr;
    EXPECT_THAT(reason(), HasSubstr("names 2 topics behind a null pointer"));
}

TEST_F(ADescriptor, WithTooManyTopicsIsRefused) {
    consumer.topic_count = std::numeric_limits<std::uint32_t>::max();
    EXPECT_THAT(reason(), HasSubstr("at most 10000 are allowed"));
}

TEST_F(ADescriptor, WithAPatternOfTooManyWildcardsIsRefused) {
    const std::string pattern(33, '*');
    topics[0] = text_of(pattern);
    EXPECT_THAT(reason(), HasSubstr("its topic pattern \"" + pattern + "\" is refused"));
}

TEST_F(ADescriptor, WithAnOptionNameThatIsNoKeyIsRefused) {
    for (const std::string_view name : {"a b", ".a", "a.", "tab\there"}) {
        offered().clear();
        option.name = text_of(name);
        EXPECT_THAT(reason(), HasSubstr("is no configuration key")) << name;
    }
    offered().clear();
    option.name = {};
    EXPECT_THAT(reason(), HasSubstr("its option name is empty"));
}

TEST_F(ADescriptor, WithTheSameOptionTwiceIsRefused) {
    consumer.option_count = 2;
    EXPECT_THAT(reason(), HasSubstr("its option \"example.limit\" is declared twice"));
}

TEST_F(ADescriptor, WithItsConfigKeyAsOptionIsRefused) {
    option.name = consumer.config_key;
    EXPECT_THAT(reason(), HasSubstr("or is its config_key"));
}

TEST_F(ADescriptor, WithAnOptionThatIsNullIsRefused) {
    options[0] = nullptr;
    EXPECT_THAT(reason(), HasSubstr("one of its options is a null pointer"));
}

TEST_F(ADescriptor, WithAnOptionThatIsTooSmallIsRefused) {
    option.struct_size = 4;
    EXPECT_THAT(reason(), HasSubstr("one of its options has 4 bytes"));
}

TEST_F(ADescriptor, WithAnUnknownOptionTypeIsRefused) {
    option.type = 99;
    EXPECT_THAT(reason(), HasSubstr("has the unknown type 99"));
}

TEST_F(ADescriptor, WithADefaultThatIsNoJsonIsRefused) {
    option.default_json = text_of("five");
    EXPECT_THAT(reason(), HasSubstr("the default of its option \"example.limit\" is not JSON"));
}

TEST_F(ADescriptor, WithADefaultOfAnotherTypeIsRefused) {
    option.default_json = text_of("\"5\"");
    EXPECT_THAT(reason(), HasSubstr("the default of its option \"example.limit\" is no integer: \"5\""));
}

TEST_F(ADescriptor, WithARetryFactorBelowOneIsRefused) {
    for (const double factor : {0.5, -1.0, std::numeric_limits<double>::infinity()}) {
        offered().clear();
        consumer.delay_factor = factor;
        EXPECT_THAT(reason(), HasSubstr("its retry factor")) << factor;
    }
}

TEST_F(ADescriptor, WithAnUnknownWishIsRefused) {
    consumer.validate_signatures = 7;
    EXPECT_THAT(reason(), HasSubstr("unknown value 7"));
}

// ---- describe itself ------------------------------------------------------------------------------------------------

std::vector<std::string> problems_of(const std::string& name) {
    std::vector<std::string> texts;
    const Description description = describe_file(fixture(name));
    for (const PluginProblem& problem : description.problems) texts.push_back(problem.reason);
    return texts;
}

TEST(ADescribe, ThatThrowsCostsAllConsumersOfItsFile) {
    const Description description = describe_file(fixture("bad/describe_throws"));
    EXPECT_THAT(description.consumers, IsEmpty());
    ASSERT_THAT(description.problems, SizeIs(1));
    EXPECT_EQ(description.problems.front().text(),
              fixture("bad/describe_throws") + ": describe threw std::runtime_error: cannot describe myself");
}

TEST(ADescribe, ThatFailsIsQuoted) {
    EXPECT_THAT(problems_of("bad/describe_fails"), ElementsAre("describe failed: the stars are wrong"));
}

TEST(ADescribe, ThatOffersNothingIsAProblem) {
    EXPECT_THAT(problems_of("bad/describe_nothing"), ElementsAre("describe returned no consumer"));
}

TEST(ADescribe, WithTwoEqualNamesLosesTheSecond) {
    const Description description = describe_file(fixture("bad/equal_names"));
    ASSERT_THAT(description.consumers, SizeIs(1));
    EXPECT_EQ(description.consumers.front()->config_key, "twin.enabled");
    ASSERT_THAT(description.problems, SizeIs(1));
    EXPECT_EQ(description.problems.front().consumer, "twin");
    EXPECT_THAT(description.problems.front().reason, HasSubstr("two consumers of this name"));
}

TEST(ADescribe, WithAnIllegalNameNamesIt) {
    EXPECT_THAT(problems_of("bad/illegal_name"), ElementsAre(HasSubstr("\"Bad Name\" is no legal name")));
}

TEST(ADescribe, WithHalfACapabilityNamesIt) {
    EXPECT_THAT(problems_of("bad/half_capability"), ElementsAre(HasSubstr("no function reconfigure")));
}

TEST(ADescribe, MayOfferConsumersByConfiguration) {
    const Description description = describe_file(fixture("good/several"), R"({"several.names": ["red", "blue"]})");
    ASSERT_THAT(description.consumers, SizeIs(2));
    EXPECT_EQ(description.consumers[0]->name, "red");
    EXPECT_EQ(description.consumers[1]->name, "blue");
}

}  // namespace
}  // namespace fedmsg::hub::test
