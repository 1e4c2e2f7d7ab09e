#include "badges/rules/convert.hpp"

#include <gtest/gtest.h>

#include <string>

#include "badges/rules/any_json.hpp"
#include "badges/rules/any_subject.hpp"
#include "badges/rules/envelope.hpp"
#include "badges/rules/expression/expression.hpp"
#include "badges/rules/tests/rule_files.hpp"
#include "badges/rules/tests_of_expression.hpp"

namespace {

using namespace badges;

Rewritten rewritten(const std::string& source) {
    const auto lambda = expression::Expression::parse(source, {"msg"}, Limits());
    return rewrite_trigger(lambda.tree());
}

fedmsg_plugins::Datum datum_from(const std::string& json) {
    return datum_of(any_from_json(json));
}

TEST(AConversion, WritesExpressionsAsStructuredTests) {
    const std::pair<const char*, const char*> cases[] = {
        {"msg.get('msg', {}).get('comment', {}).get('karma') is 1", R"({"path": "msg.comment.karma", "eq": 1})"},
        {"msg['msg']['a'] != msg['msg']['b']", R"({"path": "msg.a", "ne": {"path": "msg.b"}})"},
        {"not msg['msg']['a']", R"({"path": "msg.a", "truthy": false})"},
        {"not msg.get('msg', {}).get('a', True)", R"({"path": "msg.a", "truthy": false})"},
        {"not msg.get('a')", R"({"any": [{"path": "a", "truthy": false}, {"path": "a", "exists": false}]})"},
        {"msg.get('a', False)", R"({"path": "a", "truthy": true})"},
        {"msg['a'] in ['x', 'y'] and 'b' in msg['t']",
         R"({"all": [{"path": "a", "in": ["x", "y"]}, {"path": "t", "contains": "b"}]})"},
        {"len(msg['t']) > 2", R"({"path": "t", "len_gt": 2})"},
        {"msg['topic'].endswith('.x') or msg['a.b'] == 'y'",
         R"({"any": [{"path": "topic", "endswith": ".x"}, {"path": ["a.b"], "eq": "y"}]})"},
        {"re.match('ab', msg['s'])", R"x({"path": "s", "regex": "\\A(?:ab)", "search": true})x"},
        {"1 < msg['n'] <= 5", R"({"all": [{"path": "n", "gt": 1}, {"path": "n", "le": 5}]})"},
        {"msg['n'] is not None", R"({"path": "n", "ne": null})"},
        {"msg['files'][0] == -1", R"({"path": "files.0", "eq": -1})"},
    };
    for (const auto& [source, test] : cases) EXPECT_EQ(rewritten(source).test.value_or("none"), test) << source;
}

TEST(AConversion, SaysWhyItIsNotPossible) {
    EXPECT_EQ(rewritten("any([f.endswith('.c') for f in msg['files']])").note, "there is no test for any()");
    EXPECT_EQ(rewritten("msg['a'] + 'x' == 'yx'").note, "one side of a comparison is neither a field nor a literal");
    EXPECT_EQ(rewritten("msg.get('a', 1) == 1").note, "a missing field counts as equal there");
    EXPECT_FALSE(rewritten("msg.get('a', 7) > 1").test);
    EXPECT_FALSE(rewritten("len(msg.get('a', [])) == 0").test);
    EXPECT_FALSE(rewritten("'%(msg.a)s' == 'x'").test);
}

// Whatever is rewritten answers as the expression did, where that fired or not; an error never fires.
TEST(AConversion, DoesNotChangeTheAnswer) {
    const char* sources[] = {"msg.get('a') == 'x'",
                             "msg['a'] == 'x'",
                             "msg.get('a') is None",
                             "msg.get('a') is not None",
                             "msg['a'] is None",
                             "not msg.get('a')",
                             "not msg['a']",
                             "msg.get('a', False)",
                             "not msg.get('a', True)",
                             "not msg.get('a', False)",
                             "msg.get('a', True)",
                             "msg['a'] in ['x', 3]",
                             "not (msg['a'] == 'x' or msg['b'] == 3)",
                             "msg['b'] > 2",
                             "3 >= msg['b']",
                             "'x' in msg['t']",
                             "'x' not in msg['t']",
                             "len(msg['t']) >= 2",
                             "msg['a'].startswith(('x', 'y'))",
                             "re.search('[xy]', msg['a'])",
                             "re.match('y', msg['a'])",
                             "re.fullmatch('xy', msg['a'])",
                             "msg['t'][1] == 'y'",
                             "msg.get('d', {}).get('e') == 'x'",
                             "not msg.get('d', {}).get('e')",
                             "msg['a'] == msg['b']",
                             "not (msg['d'].get('e') == 'x')",
                             "not msg['d'].get('e')",
                             "msg['d'].get('e') is None",
                             "msg['d'].get('e') is not None",
                             "not (msg['d'].get('e') is not None)",
                             "len(msg.get('t', [])) > 1",
                             "not len(msg.get('t', [])) > 1",
                             "len(msg.get('t', '')) == 2"};
    const char* messages[] = {"{}",
                              R"({"a": "x", "b": 3, "t": ["x", "y"], "d": {"e": "x"}})",
                              R"({"a": null, "b": 2, "t": [], "d": {}})",
                              R"({"a": "xy", "b": 4, "t": ["y", "x"]})",
                              R"({"a": "", "b": "x", "t": "axb", "d": {"e": null}})",
                              R"({"a": 3, "b": 3, "t": {"x": 1}})"};
    int compared = 0;
    for (const char* source : sources) {
        const auto lambda = expression::Expression::parse(source, {"msg"}, Limits());
        const auto result = rewrite_trigger(lambda.tree());
        ASSERT_TRUE(result.test) << source << ": " << result.note;
        const auto test = fedmsg_plugins::StructuredTest::parse(datum_from(*result.test));
        for (const char* json : messages) {
            const Any message = any_from_json(json);
            const Envelope envelope = Envelope::from_json(R"({"topic": "a.b.c.d"})");
            const NoRenderer texts;
            const Limits limits;
            expression::Budget budget(limits);
            bool fired = false;
            try {
                fired = lambda.evaluate({{"msg", message}}, {envelope, texts, budget}).truthy();
            } catch (const EvaluationError&) {
            }
            const bool fires = test.test(AnySubject(message)) == fedmsg_plugins::Answer::yes;
            EXPECT_EQ(fires, fired) << source << " on " << json << " as " << *result.test;
            ++compared;
        }
    }
    EXPECT_EQ(compared, 34 * 6);
}

TEST(AConversion, OfARuleListsAllItsExpressions) {
    const std::string text =
        RuleFiles::head("A") +
        "trigger:\n  all:\n    - topic: a.b\n    - lambda: msg['msg']['n'] is 1\nrecipient: ann\ncriteria:\n"
        "  datanommer:\n    filter: {topics: ['%(topic)s']}\n    operation:\n"
        "      lambda: len([m for m in query.all() if m.msg['comment']['karma'] is 1])\n"
        "    condition: {greater than: 1}\n";
    std::string all;
    for (const Conversion& one : convert_rule(text)) all += one.text();
    EXPECT_EQ(
        all,
        "line 10: trigger.lambda: msg['msg']['n'] is 1\n"
        "  -> match: {\"path\": \"msg.n\", \"eq\": 1}\n"
        "  note: `is` does not take 1.0 for 1, eq does\n"
        "line 13: criteria.datanommer.operation.lambda: len([m for m in query.all() if m.msg['comment']['karma'] is "
        "1])\n"
        "  -> operation: {\"count_where\": {\"path\": \"msg.comment.karma\", \"eq\": 1}}\n"
        "  note: `is` does not take 1.0 for 1, eq does\n");
}

}  // namespace
