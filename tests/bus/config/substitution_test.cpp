#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ATextWithVariables : public Machine {
protected:
    ATextWithVariables() {
        request.id = "hub@two";
        surroundings.environment = {{"PORT", "9941"}, {"ODD", "${topic_prefix}"}, {"EMPTY", ""}};
    }
};

TEST_F(ATextWithVariables, GetsHostIdAndEnvironment) {
    const auto configuration =
        load_text(with_endpoints("a: ${host}\nb: '${fqdn}'\nc: \"x-${id}-y\"\nd: tcp://*:${env:PORT}\ne: "
                                 "'${env:EMPTY}'\nf: [{g: '${host}${host}'}]\n"));
    EXPECT_EQ(json_of(configuration, "a"), R"("app01")");
    EXPECT_EQ(json_of(configuration, "b"), R"("app01.phx2.example.org")");
    EXPECT_EQ(json_of(configuration, "c"), R"("x-hub@two-y")");
    EXPECT_EQ(json_of(configuration, "d"), R"("tcp://*:9941")");
    EXPECT_EQ(json_of(configuration, "e"), R"("")");
    EXPECT_EQ(json_of(configuration, "f"), R"([{"g":"app01app01"}])");
}

TEST_F(ATextWithVariables, MayBeAKey) {
    const auto configuration = load_text("endpoints:\n  'shop.${host}': tcp://127.0.0.1:1\n");
    EXPECT_EQ(json_of(configuration, "endpoints"), R"({"shop.app01":["tcp://127.0.0.1:1"]})");
}

TEST_F(ATextWithVariables, StaysATextUnlessItsKeyIsDeclaredANumber) {
    const auto configuration =
        load_text(with_endpoints("own: ${env:PORT}\nfedmsg.consumers.gateway.port: ${env:PORT}\n"));
    EXPECT_EQ(json_of(configuration, "own"), R"("9941")");
    EXPECT_EQ(configuration.integer("fedmsg.consumers.gateway.port", 0), 9941);
}

TEST_F(ATextWithVariables, KeepsWhatIsWrittenWithTwoDollars) {
    const auto configuration = load_text(with_endpoints("a: $${host}\nb: $host $ {x} 5$\nc: 'a$${b} ${host}'\n"));
    EXPECT_EQ(json_of(configuration, "a"), R"("${host}")");
    EXPECT_EQ(json_of(configuration, "b"), R"("$host $ {x} 5$")");
    EXPECT_EQ(json_of(configuration, "c"), R"("a${b} app01")");
}

TEST_F(ATextWithVariables, IsRefusedWithAnUnknownName) {
    EXPECT_THAT(problem_lines(with_endpoints("a: ${hostname}\nb: 'x ${'\nc: '${env:NOT_SET}'\nd: ${}\n'${x}': 1\n")),
                ElementsAre(HasSubstr("a.yaml:2: ${hostname} is not known here; there are ${host}"),
                            HasSubstr("a.yaml:3: a ${ is not closed"),
                            HasSubstr("a.yaml:4: ${env:NOT_SET}: the environment variable is not set"),
                            HasSubstr("a.yaml:5: ${} is not known"), HasSubstr("a.yaml:6: ${x} is not known")));
}

TEST_F(ATextWithVariables, HasNoPrefixOutsideTopicPatterns) {
    EXPECT_THAT(problem_lines(with_endpoints("a: ${topic_prefix}\nconsumers: {x: {start: '${environment}'}}\n")),
                ElementsAre(HasSubstr("a.yaml:2: ${topic_prefix}"), HasSubstr("a.yaml:3: ${environment}")));
}

TEST_F(ATextWithVariables, KeepsThePrefixInPatternsUntilTheyAreExpanded) {
    const auto configuration =
        load_text(with_endpoints("topic_prefix: org.ex\nenvironment: prod\nconsumers:\n  a:\n    topics:\n      - "
                                 "${topic_prefix}.${environment}.${host}\n"
                                 "      - $${topic_prefix}.${env:ODD}\n"));
    EXPECT_EQ(json_of(configuration, "consumers"),
              R"({"a":{"topics":["${topic_prefix}.${environment}.app01","$${topic_prefix}.$${topic_prefix}"]}})");
    EXPECT_EQ(expand_pattern("${topic_prefix}.${environment}.app01", configuration).value(), "org.ex.prod.app01");
    EXPECT_EQ(expand_pattern("$${topic_prefix}.$${topic_prefix}", configuration).value(),
              "${topic_prefix}.${topic_prefix}");
}

TEST_F(ATextWithVariables, IsExpandedByDefaultValuesToo) {
    EXPECT_EQ(expand_pattern("${topic_prefix}.${environment}.x", Configuration()).value(), "org.fedoraproject.dev.x");
    EXPECT_FALSE(expand_pattern("${host}", Configuration()));
}

}  // namespace
}  // namespace fedmsg::config
